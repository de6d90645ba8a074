// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import JSONCore
import Testing

@testable import LocalModels

/// Shell scripts stand in for tesseract and poppler.
@Suite struct LocalOCRModelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func model(_ variables: [String: String] = [:]) throws -> LocalOCRModel {
        let temporary = folder.path + "/tmp"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let own = ["HOME": folder.path, "PATH": folder.path + "/bin", "TMPDIR": temporary]
        return LocalOCRModel(configuration: LocalConfiguration { variables[$0] ?? own[$0] })
    }

    private func install(_ name: String, _ text: String) throws {
        try folder.write("#!/bin/sh\n\(text)\n", to: "bin/" + name, isProgram: true)
    }

    /// Poppler for a document of two pages, of which the first has a text layer of two columns.
    private func installPoppler() throws {
        try install("pdfinfo", "printf 'Pages: 2\\nPage 1 size: 612 x 792 pts\\nPage 2 size: 612 x 792 pts\\n'")
        try install("pdfimages", "exit 1")
        try install("pdftotext", "printf 'alpha beta\\ngamma delta\\n\\f'; [ $4 = 1 ] || printf '\\f'")
        try install("pdftoppm", "for last; do :; done; echo P5 > \"$last.pgm\"")
    }

    private func installTesseract(_ words: [String], languages: String = "eng\\nosd") throws {
        let rows = words.map { "5\t1\t1\t1\t1\t1\t0\t0\t0\t0\t90\t\($0)\n" }.joined()
        let table = try folder.write(
            "level\tpage_num\tx\n1\t1\t0\t0\t0\t0\t0\t0\t2550\t3300\t-1\t\n" + rows, to: "table")
        try install(
            "tesseract",
            """
            if [ "$1" = --list-langs ]; then printf 'List of (2):\\n\(languages)\\n'; exit 0; fi
            echo "$@" >> \(folder.path)/asked
            cat \(table)
            """)
    }

    private func document(_ head: String = "%PDF-1.4\n") throws -> OCRRequest {
        OCRRequest(.file(path: try folder.write(head, to: "document")))
    }

    @Test func aMissingProgramIsNamedWithItsPackage() async throws {
        let (model, request) = (try model(), try document())
        let error = await #expect(throws: ModelError.self) { try await model.read(request) { _ in } }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("apt install tesseract-ocr poppler-utils") == true)
    }

    @Test func aTextLayerIsReadAndOtherPagesAreLookedAt() async throws {
        try installPoppler()
        try installTesseract(["seen", "words"])
        let response = try await model().read(try document()) { _ in }
        #expect(response.pages.map(\.markdown) == ["alpha beta\ngamma delta", "seen words"])
        let expected: JSONValue = [
            "pages": [
                [
                    "index": 0, "markdown": "alpha beta\ngamma delta", "images": [],
                    "dimensions": ["dpi": 300, "height": 3300, "width": 2550], "source": "text_layer",
                    "text_layer": ["words": 4, "found": 4, "coverage": 1.0],
                ],
                [
                    "index": 1, "markdown": "seen words", "images": [],
                    "dimensions": ["dpi": 300, "height": 3300, "width": 2550], "source": "pixels", "confidence": 0.9,
                ],
            ],
            "model": "local", "usage_info": ["pages_processed": 2, "doc_size_bytes": 9],
            "text_layer": ["words": 4, "found": 4, "coverage": 1.0],
        ]
        #expect(JSONValue.object(response.fields) == expected)
        #expect(response.usage.pages == 2)
        // One page was looked at, and its picture is gone.
        let asked = try String(contentsOfFile: folder.path + "/asked", encoding: .utf8)
        #expect(asked.split(separator: "\n").count == 1)
        #expect(asked.hasSuffix("stdout -l eng --dpi 300 tsv\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tmp").isEmpty)
    }

    @Test func aColumnThatTheEyeDroppedIsSeen() async throws {
        try installPoppler()
        try installTesseract(["alpha", "gamma"])
        var request = try document()
        request.pages = [0]
        let response = try await model(["AGENT_OCR_SOURCE": "pixels"]).read(request) { _ in }
        #expect(response.fields["pages"]?[0]?["source"] == "pixels")
        #expect(response.fields["pages"]?[0]?["text_layer"] == ["words": 4, "found": 2, "coverage": 0.5])
        #expect(response.fields["text_layer"]?["coverage"] == 0.5)
    }

    @Test func aLanguageThatIsMissingIsNamed() async throws {
        try installTesseract([])
        try installPoppler()
        let (model, request) = (try model(["AGENT_OCR_LANGUAGES": "eng+deu"]), try document("P5\n1 1\n"))
        let error = await #expect(throws: ModelError.self) { try await model.read(request) { _ in } }
        #expect(error?.code == .configuration)
        #expect(
            error?.message
                == "AGENT_OCR_LANGUAGES: tesseract has no language \"deu\"; it has eng, osd; on Debian: apt install "
                + "tesseract-ocr-deu")
    }

    @Test(arguments: [["AGENT_OCR_LANGUAGES": "eng -x"], ["AGENT_OCR_SOURCE": "both"]]) func aSettingIsNamed(
        variables: [String: String]
    ) async throws {
        let (model, request) = (try model(variables), try document())
        let error = await #expect(throws: ModelError.self) { try await model.read(request) { _ in } }
        #expect(error?.code == .configuration)
        #expect(error?.message.hasPrefix((variables.keys.first ?? "") + ": expected ") == true)
    }

    @Test func aPasswordIsNamedAsTheReason() async throws {
        try installPoppler()
        try installTesseract([])
        try install("pdfinfo", "echo 'Command Line Error: Incorrect password' >&2; exit 1")
        let (model, request) = (try model(), try document())
        let error = await #expect(throws: ModelError.self) { try await model.read(request) { _ in } }
        #expect(error?.message == "the document cannot be read as a PDF: it needs a password")
    }

    @Test func aCancelledReadingEndsItsProgramsAndLeavesNothing() async throws {
        try installPoppler()
        try installTesseract([])
        try install(
            "pdftoppm",
            "for last; do :; done; echo P5 > \"$last.pgm\"; echo $$ > \(folder.path)/pid; read x < \(folder.path)/never"
        )
        #expect(mkfifo(folder.path + "/never", 0o600) == 0)
        let (model, request) = (try model(), try document())
        let run = Task { try await model.read(request) { _ in } }
        while !FileManager.default.fileExists(atPath: folder.path + "/pid") { await Task.yield() }
        run.cancel()
        await #expect(throws: CancellationError.self) { _ = try await run.value }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tmp").isEmpty)
    }
}
