// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Reads documents and images with tesseract and poppler.
struct LocalOCRModel: OCRModel {
    let name = "local"
    let configuration: LocalConfiguration

    /// Pages that are read at a time.
    private static let width = 2

    func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        try OCRRules.check(request)
        let programs = try OCRPrograms(configuration)
        let folder = try ScratchFolder(in: configuration.temporaryDirectory)
        let document = try LocalMedia(request.document, what: "the document", folder: folder)
        let pages: [ReadPage]
        switch DocumentFormat(head: document.head()) {
        case .pdf: pages = try await readPDF(document.path, request.pages, programs, folder, onEvent)
        case .image:
            try await programs.checkLanguages()
            let all = try await programs.recognize(document.path)
            pages = try OCRRules.pages(request.pages, of: all.count).map { ReadPage(index: $0, recognized: all[$0]) }
        case .other(let what):
            throw ModelError(
                .invalidRequest,
                "local OCR reads PDF, PNG, JPEG, TIFF, GIF, BMP, WebP and PNM; the document is "
                    + (what ?? "none of them"))
        }
        return response(pages, documentBytes: document.bytes)
    }

    private func readPDF(
        _ path: String, _ asked: [Int]?, _ programs: OCRPrograms, _ folder: ScratchFolder,
        _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> [ReadPage] {
        let reader = PDFReader(programs: programs, path: path)
        let facts = try await reader.facts()
        let numbers = try OCRRules.pages(asked, of: facts.pages.count)
        guard let first = numbers.first, let last = numbers.last else { return [] }
        let layers = try await reader.text(first...last, raw: true)
        let texts = try await reader.text(first...last, raw: false)
        let plans = numbers.map { number in
            let page = facts.pages[number]
            let source = PageSource(
                configuration.ocrSource, layer: layers[number - first], pictureShare: page.pictureShare)
            return ReadPage(
                index: number, page: page, source: source, layer: layers[number - first], text: texts[number - first])
        }
        if plans.contains(where: { $0.source == .pixels }) { try await programs.checkLanguages() }
        return try await recognize(plans, reader, folder, onEvent)
    }

    /// Reads the pixels of those pages that have to be read so.
    private func recognize(
        _ plans: [ReadPage], _ reader: PDFReader, _ folder: ScratchFolder,
        _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> [ReadPage] {
        var pages = plans
        let places = plans.indices.filter { plans[$0].source == .pixels }
        try await withThrowingTaskGroup(of: (Int, RecognizedPages.Page?).self) { group in
            var waiting = places[...]
            var done = 0
            func startNext() {
                guard let place = waiting.popFirst() else { return }
                group.addTask { (place, try await recognize(plans[place], reader, folder)) }
            }
            for _ in 0..<Self.width { startNext() }
            while let (place, page) = try await group.next() {
                pages[place].take(page)
                done += 1
                startNext()
                if places.count > 1 { try await onEvent(.progress("read \(done) of \(places.count) pages")) }
            }
        }
        return pages
    }

    private func recognize(
        _ page: ReadPage, _ reader: PDFReader, _ folder: ScratchFolder
    ) async throws -> RecognizedPages.Page? {
        let picture = try await reader.draw(page.index, dpi: page.dpi, in: folder)
        defer { folder.discard(picture) }
        return try await reader.programs.recognize(picture, dpi: page.dpi).first
    }

    private func response(_ pages: [ReadPage], documentBytes: Int) -> OCRResponse {
        var fields: JSONObject = [
            "pages": .array(pages.map { .object($0.fields) }), "model": .string(name),
            "usage_info": [
                "pages_processed": .integer(Int64(pages.count)), "doc_size_bytes": .integer(Int64(documentBytes)),
            ],
        ]
        var coverage = WordCoverage()
        for page in pages { if let own = page.coverage { coverage += own } }
        if coverage.words > 0 { fields["text_layer"] = .object(coverage.fields) }
        return OCRResponse(
            fields: fields, pages: pages.map { OCRPage(index: $0.index, markdown: $0.text) },
            usage: Usage(pages: pages.count))
    }
}
