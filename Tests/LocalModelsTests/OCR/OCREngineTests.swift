// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import JSONCore
import Testing

@testable import LocalModels

/// The real tesseract and poppler.
@Suite(
    .serialized, .enabled(if: ProcessInfo.processInfo.environment["AGENT_TEST_ENGINE"] == "1", "scripts/test-engine"))
struct OCREngineTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func model(_ variables: [String: String] = [:]) -> LocalOCRModel {
        let environment = ProcessInfo.processInfo.environment
        let own = ["AGENT_OCR_LANGUAGES": "", "AGENT_OCR_SOURCE": ""]
        return LocalOCRModel(configuration: LocalConfiguration { variables[$0] ?? own[$0] ?? environment[$0] })
    }

    private func write(_ bytes: [UInt8], _ name: String) throws -> MediaSource {
        let path = folder.path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return .file(path: path)
    }

    /// The page as a picture: a file of grey pixels, without a text layer.
    private func picture(dpi: Int = 200) async throws -> (file: [UInt8], pixels: [UInt8], width: Int, height: Int) {
        let programs = try OCRPrograms(model().configuration)
        let path = folder.path + "/source.pdf"
        try Data(TwoColumns.pdf()).write(to: URL(fileURLWithPath: path))
        let scratch = try ScratchFolder(in: folder.path)
        let drawn = try await PDFReader(programs: programs, path: path).draw(0, dpi: dpi, in: scratch)
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: drawn)))
        let (width, height) = (dpi * 612 / 72, dpi * 792 / 72)
        return (file, Array(file.suffix(width * height)), width, height)
    }

    @Test func columnsAreReadOneAfterTheOther() async throws {
        let source = try write(TwoColumns.pdf(pages: 3), "columns.pdf")
        for wish in ["text", "pixels"] {
            var request = OCRRequest(source)
            request.pages = [1]
            let response = try await model(["AGENT_OCR_SOURCE": wish]).read(request) { _ in }
            let page = try #require(response.pages.first)
            #expect(page.index == 1)
            #expect(
                WordCoverage.words(page.markdown)
                    == WordCoverage.words((TwoColumns.left + TwoColumns.right).joined(separator: "\n")),
                "\(page.markdown)")
            #expect(response.fields["pages"]?[0]?["text_layer"]?["coverage"] == 1.0)
            #expect(response.fields["pages"]?[0]?["dimensions"] == ["dpi": 300, "height": 3300, "width": 2550])
        }
    }

    /// Behind the picture of a page lies the text of both columns; in the picture the right one is missing.
    @Test func aDroppedColumnIsSeen() async throws {
        let picture = try await picture()
        var half = picture.pixels
        for place in half.indices where place % picture.width > picture.width / 2 { half[place] = 255 }
        var shares: [Double] = []
        for (name, pixels) in [("whole", picture.pixels), ("half", half)] {
            let pdf = TwoColumns.scan(grey: pixels, width: picture.width, height: picture.height, hasText: true)
            let request = OCRRequest(try write(pdf, name + ".pdf"))
            let seen = try await model(["AGENT_OCR_SOURCE": "pixels"]).read(request) { _ in }
            #expect(seen.fields["pages"]?[0]?["source"] == "pixels")
            #expect(seen.fields["pages"]?[0]?["text_layer"]?["words"] == 49)
            shares.append(try #require(seen.fields["text_layer"]?["coverage"]?.doubleValue))
            // Left alone, it reads the text behind the picture, in which nothing is missing.
            let read = try await model().read(request) { _ in }
            #expect(read.fields["pages"]?[0]?["source"] == "text_layer")
            #expect(read.fields["text_layer"]?["coverage"] == 1.0)
        }
        #expect(shares[0] == 1)
        #expect(shares[1] > 0.4 && shares[1] < 0.6)
    }

    @Test func aScanWithoutTextSaysNothingOfCoverage() async throws {
        let picture = try await picture()
        let pdf = TwoColumns.scan(grey: picture.pixels, width: picture.width, height: picture.height)
        let response = try await model().read(OCRRequest(try write(pdf, "scan.pdf"))) { _ in }
        #expect(response.fields["pages"]?[0]?["source"] == "pixels")
        #expect(response.fields["pages"]?[0]?["text_layer"] == nil)
        #expect(response.fields["text_layer"] == nil)
        let layer = (TwoColumns.left + TwoColumns.right).joined(separator: "\n")
        #expect(WordCoverage(of: response.markdown, in: layer).share == 1)
    }

    @Test func picturesAreReadFromFilesAndFromDataAddresses() async throws {
        let file = try await picture().file
        let address = MediaSource.url("data:image/x-portable-graymap;base64," + Data(file).base64EncodedString())
        for source in [try write(file, "page.pgm"), address] {
            let response = try await model().read(OCRRequest(source)) { _ in }
            #expect(response.markdown.contains("lit the great lamp"))
            #expect(response.fields["pages"]?[0]?["dimensions"]?["width"] == 1700)
            #expect((response.fields["pages"]?[0]?["confidence"]?.doubleValue ?? 0) > 0.8)
        }
    }

    @Test func aDamagedDocumentIsNamed() async throws {
        let request = OCRRequest(try write(Array("%PDF-1.4\nnothing".utf8), "broken.pdf"))
        let model = model()
        let error = await #expect(throws: ModelError.self) { try await model.read(request) { _ in } }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.hasPrefix("the document cannot be read as a PDF: ") == true)
    }
}
