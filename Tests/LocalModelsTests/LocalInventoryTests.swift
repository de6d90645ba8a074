// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LocalModels

@Suite struct LocalInventoryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func inventory() throws -> LocalInventory {
        try LocalInventory(EnginePlaceTests.configuration(in: folder.path, ["XDG_CACHE_HOME": folder.path]))
    }

    @Test func whatIsMissingSaysWhatItCostsOrHowToGetIt() throws {
        let inventory = try inventory()
        #expect(inventory.weights.map(\.name) == ["qwen2.5-coder-1.5b-instruct", "smollm2-135m-instruct"])
        #expect(
            inventory.services.map(\.name) == [
                "all-minilm-l6-v2", "whisper-tiny.en", "ctranslate2 4.8.5", "tesseract", "pdftotext", "ffmpeg",
            ])
        #expect(inventory.services.allSatisfy { !$0.isPresent })
        let notes = inventory.services.map(\.note)
        #expect(notes[0].hasSuffix("46 MB, Apache-2.0; fetched at the first use of embeddings: 83 MB"))
        #expect(notes[1].hasSuffix("78 MB, MIT; fetched at the first transcription: 70 MB"))
        #expect(notes[2].hasSuffix("fetched at the first transcription: 60 MB"))
        #expect(notes[3].hasSuffix("on Debian: apt install tesseract-ocr"))
        #expect(notes[4].hasSuffix("on Debian: apt install poppler-utils"))
    }

    @Test func whatIsThereIsShownWithItsPath() throws {
        let tesseract = try folder.write("", to: "bin/tesseract", isProgram: true)
        let weights = try folder.write("", to: "agent/local/models/all-minilm-l6-v2-f16.gguf")
        _ = try folder.write("", to: "agent/local/speech/4.8.5-py3.13/ctranslate2/__init__.py")
        let services = try inventory().services
        #expect(services[0].path == weights)
        #expect(services[2].path == folder.path + "/agent/local/speech/4.8.5-py3.13")
        #expect(services[3].path == tesseract)
        #expect(services[3].note == "reads pixels, for OCR")
    }
}
