// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Puts together what `transcribe.py` writes, a line of JSON after the other.
struct TranscriptionLines: Sendable {
    let model: String
    /// `segment`, `word` or both.
    let granularities: [String]
    private var texts: [String] = []
    private var segments: [JSONObject] = []
    private var end: JSONValue?
    private var length: Double?
    /// Why it failed, by its own word.
    private(set) var failure: String?

    init(model: String, granularities: [String]) {
        self.model = model
        self.granularities = granularities
    }

    /// - Returns: the text that a line adds, and how far it is in words.
    mutating func feed(_ line: String) -> (text: String?, progress: String?) {
        guard let event = try? JSONValue(parsing: line) else { return (nil, nil) }
        switch event["event"]?.stringValue {
        case "start": length = event["seconds"]?.doubleValue
        case "segment":
            let text = event["text"]?.stringValue ?? ""
            if text.isEmpty { break }
            texts.append(text)
            add(event)
            return (texts.count == 1 ? text : " " + text, progress(event["end"]?.doubleValue))
        case "done": end = event
        case "error": failure = event["message"]?.stringValue
        default: break
        }
        return (nil, nil)
    }

    /// - Throws: ``ModelError/Code/invalidResponse`` when the last line never came.
    func finish() throws -> Transcription {
        guard let end else { throw ModelError(.invalidResponse, "the local transcription ended before it was done") }
        let language = end["language"]?.stringValue
        let tokens = Int(clamping: end["tokens"]?.integerValue ?? 0)
        let seconds = Int((end["seconds"]?.doubleValue ?? 0).rounded(.up))
        let text = texts.joined(separator: " ")
        return Transcription(
            fields: [
                "model": .string(model), "text": .string(text), "language": language.map { .string($0) } ?? .null,
                "segments": .array(segments.map { .object($0) }),
                "usage": [
                    "prompt_tokens": 0, "completion_tokens": .integer(Int64(tokens)),
                    "total_tokens": .integer(Int64(tokens)), "prompt_audio_seconds": .integer(Int64(seconds)),
                ],
            ],
            text: text, language: language,
            segments: segments.map { segment in
                Transcription.Segment(
                    text: segment["text"]?.stringValue ?? "", start: segment["start"]?.doubleValue ?? 0,
                    end: segment["end"]?.doubleValue ?? 0)
            },
            usage: Usage(completionTokens: tokens, audioSeconds: seconds))
    }

    private mutating func add(_ event: JSONValue) {
        let words = (event["words"]?.arrayValue ?? []).map(Self.segment)
        if granularities.contains("segment") {
            var segment = Self.segment(event)
            if granularities.contains("word") { segment["words"] = .array(words.map { .object($0) }) }
            segments.append(segment)
        } else if granularities.contains("word") {
            segments += words
        }
    }

    private static func segment(_ value: JSONValue) -> JSONObject {
        [
            "type": "transcription_segment", "text": value["text"] ?? "", "start": value["start"] ?? 0,
            "end": value["end"] ?? 0,
        ]
    }

    private func progress(_ heard: Double?) -> String? {
        guard let length, let heard, length > 60 else { return nil }
        return "written down \(Int(min(heard, length))) of \(Int(length)) seconds"
    }
}
