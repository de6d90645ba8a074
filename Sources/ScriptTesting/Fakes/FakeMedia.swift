// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import JSONSchemaCore
import LuaAgents

extension MediaSource {
    /// By what a fake is found: the address, the id, or the name of the file.
    var fakeKey: String {
        switch self {
        case .url(let url): url
        case .file(let path): String(path.split(separator: "/").last ?? "")
        case .uploaded(let id): id
        }
    }
}

/// Documents by their addresses or the names of their files: a text for one page, a list of texts for several, or a response in the
/// provider's form.
struct FakeDocument: OCRModel {
    let name: String
    let answers: FakeAnswers
    let asked: AskedFakes

    static func check(_ value: JSONValue, _ place: String) throws(Misuse) {
        let isText = value.stringValue != nil || value.arrayValue?.allSatisfy { $0.stringValue != nil } == true
        let isWhole = value["pages"]?.arrayValue?.allSatisfy { $0["markdown"]?.stringValue != nil } == true
        guard isText || isWhole else {
            throw Misuse(
                "\(place): expected a page's text, a list of them, or { pages = { { markdown = … } } }, found "
                    + Shown.value(value))
        }
    }

    func read(
        _ request: OCRRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> OCRResponse {
        let key = request.document.fakeKey
        asked.note("ocr", ["model": .string(name), "input": .string(key)])
        let value = try answers.answer(key)
        guard let fields = value.objectValue else {
            let texts = value.arrayValue ?? [value]
            let pages = texts.enumerated().map { OCRPage(index: $0, markdown: $1.stringValue ?? "") }
            return OCRResponse(
                fields: ["model": .string(name)], pages: chosen(pages, request), usage: Usage(pages: pages.count))
        }
        let pages = (fields["pages"]?.arrayValue ?? []).enumerated().map { Self.page($0, $1, request) }
        var (annotation, problems) = (fields["document_annotation"], [String]())
        if let value = annotation, let wanted = request.documentAnnotation {
            problems = wanted.schema.validate(value).map { "document_annotation: \($0)" }
            if !problems.isEmpty { annotation = nil }
        }
        var rest = fields
        rest["pages"] = nil
        rest["document_annotation"] = nil
        rest["model"] = rest["model"] ?? .string(name)
        return OCRResponse(
            fields: rest, pages: chosen(pages, request), documentAnnotation: annotation, problems: problems,
            usage: Usage(pages: pages.count))
    }

    private func chosen(_ pages: [OCRPage], _ request: OCRRequest) -> [OCRPage] {
        request.pages.map { wanted in pages.filter { wanted.contains($0.index) } } ?? pages
    }

    private static func page(_ place: Int, _ value: JSONValue, _ request: OCRRequest) -> OCRPage {
        let images = (value["images"]?.arrayValue ?? []).map { image in
            let data = request.includeImageBase64 == true ? image["image_base64"]?.stringValue : nil
            return OCRImage(id: image["id"]?.stringValue ?? "", dataURI: data, annotation: image["image_annotation"])
        }
        let tables = (value["tables"]?.arrayValue ?? []).map {
            OCRTable(id: $0["id"]?.stringValue ?? "", content: $0["content"]?.stringValue ?? "")
        }
        let index = value["index"]?.integerValue.map { Int($0) } ?? place
        return OCRPage(
            index: index, markdown: value["markdown"]?.stringValue ?? "", images: images, tables: tables)
    }
}

/// Recordings by their addresses or the names of their files: a text, the pieces in which it is streamed, or a response in the
/// provider's form.
struct FakeRecording: TranscriptionModel {
    let name: String
    let answers: FakeAnswers
    let asked: AskedFakes

    static func check(_ value: JSONValue, _ place: String) throws(Misuse) {
        let isText = value.stringValue != nil || value["text"]?.stringValue != nil
        guard isText || value.arrayValue?.allSatisfy({ $0.stringValue != nil }) == true else {
            throw Misuse(
                "\(place): expected what is said, a list of its pieces, or { text = … }, found \(Shown.value(value))")
        }
    }

    func transcribe(
        _ request: TranscriptionRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> Transcription {
        let key = request.audio.fakeKey
        asked.note("transcribe", ["model": .string(name), "input": .string(key)])
        let value = try answers.answer(key)
        let whole = (value["text"] ?? value).stringValue
        let pieces = whole.map { [$0] } ?? value.arrayValue?.compactMap(\.stringValue) ?? []
        if request.streams { for piece in pieces { try await onEvent(.text(piece)) } }
        var fields = value.objectValue ?? [:]
        fields["model"] = fields["model"] ?? .string(name)
        let segments = (fields["segments"]?.arrayValue ?? []).map { segment in
            Transcription.Segment(
                text: segment["text"]?.stringValue ?? "", start: segment["start"]?.doubleValue ?? 0,
                end: segment["end"]?.doubleValue ?? 0, speaker: segment["speaker_id"]?.stringValue)
        }
        return Transcription(
            fields: fields, text: pieces.joined(), language: fields["language"]?.stringValue, segments: segments,
            usage: Usage(audioSeconds: 1))
    }
}
