// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@testable import LocalModels

@Suite struct OCRRulesTests {
    @Test func whatCannotBeServedIsNamed() throws {
        let changes: [(String, (inout OCRRequest) -> Void)] = [
            ("include_image_base64", { $0.includeImageBase64 = true }), ("image_limit", { $0.imageLimit = 3 }),
            ("image_min_size", { $0.imageMinSize = 3 }),
            ("document_annotation_prompt", { $0.documentAnnotationPrompt = "x" }),
            ("table_format", { $0.tableFormat = "html" }), ("extract_header", { $0.extractHeader = true }),
            ("extract_footer", { $0.extractFooter = true }), ("include_blocks", { $0.includeBlocks = true }),
            ("confidence_scores_granularity", { $0.confidenceScoresGranularity = "word" }),
        ]
        for (field, change) in changes {
            var request = OCRRequest(.file(path: "a.pdf"))
            change(&request)
            let error = #expect(throws: ModelError.self) { try OCRRules.check(request) }
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.hasPrefix(field + ": local OCR ") == true)
        }
    }

    @Test func whatIsNotAskedForIsNotRefused() throws {
        var request = OCRRequest(.file(path: "a.pdf"))
        (request.includeImageBase64, request.extractHeader, request.includeBlocks) = (false, false, false)
        request.pages = [0]
        try OCRRules.check(request)
    }

    @Test func pagesAreReadInOrderAndOnce() throws {
        #expect(try OCRRules.pages(nil, of: 3) == [0, 1, 2])
        #expect(try OCRRules.pages([4, 1, 4], of: 5) == [1, 4])
    }

    @Test(arguments: [[3], [-1], []]) func aPageThatIsNotThereIsNamed(pages: [Int]) {
        let error = #expect(throws: ModelError.self) { try OCRRules.pages(pages, of: 3) }
        #expect(error?.message.hasPrefix("pages: ") == true)
        if let page = pages.first { #expect(error?.message.hasSuffix("3 pages, 0 to 2; found \(page)") == true) }
    }

    @Test func aFileIsWhatItsFirstBytesSay() {
        #expect(DocumentFormat(head: Array("%PDF-1.7".utf8)) == .pdf)
        #expect(DocumentFormat(head: Array("\u{FEFF}\n%PDF-1.7".utf8)) == .pdf)
        for head in ["GIF89a", "BM1234", "RIFF1234WEBPVP8", "P5\n10 10\n", "II*\0"] {
            #expect(DocumentFormat(head: Array(head.utf8)) == .image, "\(head)")
        }
        #expect(DocumentFormat(head: [0xFF, 0xD8, 0xFF, 0xE0]) == .image)
        #expect(DocumentFormat(head: Array("PK\u{3}\u{4}".utf8)) == .other("a ZIP file, such as DOCX, PPTX or EPUB"))
        // Tesseract would take it for a list of files to read.
        #expect(DocumentFormat(head: Array("/etc/passwd\n".utf8)) == .other(nil))
        #expect(DocumentFormat(head: Array("Page 1\n".utf8)) == .other(nil))
    }
}
