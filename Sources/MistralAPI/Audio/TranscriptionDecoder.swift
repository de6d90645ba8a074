// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import JSONCore

/// Reads a transcription, whole or as events.
struct TranscriptionDecoder {
    /// What an event brings.
    enum Step: Equatable {
        case text(String)
        case done(Transcription)
        /// A language, a segment, or an event that does not exist yet: all of them stand in the last event too.
        case other
    }

    let service: String

    /// - Throws: ``ModelError/Code/invalidResponse``.
    func decode(_ bytes: [UInt8]) throws(ModelError) -> Transcription {
        try transcription(try JSONAnswer.parse(bytes, service: service))
    }

    func decode(_ event: ServerSentEvent) throws(ModelError) -> Step {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: event.data)
        } catch {
            throw ModelError(.invalidResponse, "an event of \(service) is not JSON: \(error)")
        }
        let errors = APIErrorDecoder(service: service)
        if let error = errors.errorObject(value, isErrorEvent: event.type == "error") { throw error }
        switch value["type"]?.stringValue ?? event.type {
        case "transcription.text.delta": return .text(value["text"]?.stringValue ?? "")
        case "transcription.done":
            var fields = value.objectValue ?? [:]
            fields["type"] = nil
            return .done(try transcription(.object(fields)))
        default: return .other
        }
    }

    private func transcription(_ value: JSONValue) throws(ModelError) -> Transcription {
        guard let fields = value.objectValue, let text = fields["text"]?.stringValue else {
            throw ModelError(.invalidResponse, "the answer of \(service) is not a transcription: it has no text")
        }
        return Transcription(
            fields: fields, text: text, language: fields["language"]?.stringValue,
            segments: (fields["segments"]?.arrayValue ?? []).map(Self.segment), usage: Self.usage(fields["usage"]))
    }

    private static func segment(_ value: JSONValue) -> Transcription.Segment {
        let speaker = value["speaker_id"]
        return Transcription.Segment(
            text: value["text"]?.stringValue ?? "", start: value["start"]?.doubleValue ?? 0,
            end: value["end"]?.doubleValue ?? 0,
            speaker: speaker?.stringValue ?? speaker?.integerValue.map { String($0) })
    }

    private static func usage(_ value: JSONValue?) -> Usage {
        var usage = ChatResponseDecoder.usage(value) ?? Usage()
        let seconds = value?["prompt_audio_seconds"]?.doubleValue ?? 0
        usage.audioSeconds = seconds > 0 && seconds < 1e9 ? Int(seconds.rounded(.up)) : 0
        return usage
    }
}
