// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import JSONCore
import LuaRuntime

extension Door {
    func transcribe(_ request: DoorRequest) async throws -> LuaAnswer {
        let operation = "agent.transcribe"
        let options = try CallOptions(
            try request.json(1), of: operation,
            known: [
                "model", "language", "temperature", "diarize", "context_bias", "timestamp_granularities", "on_text",
            ])
        let listener = try request.json(2).integerValue
        let name = try options.string("model")
        return try await calling {
            let media = try media(try request.json(0), operation)
            defer { withExtendedLifetime(media) {} }
            let wanted = try TranscriptionRequest(
                media.source, options: options, streams: listener != nil)
            let model = try made { try $0.transcriptionModel(name) }
            let transcription = try await model.transcribe(wanted) { event in
                if let listener, case .text(let text) = event { return try await tell(listener, .string(text)) }
                await show(event)
            }
            return .said(transcription.scriptValue)
        }
    }
}

extension TranscriptionRequest {
    /// - Throws: ``Misuse`` that names the option.
    fileprivate init(_ audio: MediaSource, options: CallOptions, streams: Bool) throws(Misuse) {
        self.init(
            audio, language: try options.string("language"),
            temperature: try options.optional("temperature") { field throws(Misuse) in
                try field.number(in: 0...Double.greatestFiniteMagnitude)
            },
            diarize: try options.bool("diarize") ?? false,
            contextBias: try options.optional("context_bias") { field throws(Misuse) in try field.strings() } ?? [],
            timestampGranularities: try options.optional("timestamp_granularities") { field throws(Misuse) in
                try field.strings()
            } ?? [],
            streams: streams)
        if let problem { throw Misuse("agent.transcribe: \(problem)") }
    }

    /// What the service would refuse or get wrong, by the name of the field; `nil` when all is well.
    package var problem: String? {
        if let language, language.utf8.count != 2 || !language.utf8.allSatisfy(Self.isLetter) {
            return "language: expected two letters of ISO 639-1 such as \"en\", found \"\(language)\""
        }
        if contextBias.count > 100 { return "context_bias: expected at most 100 words, found \(contextBias.count)" }
        if let word = contextBias.first(where: { $0.isEmpty || $0.contains { $0 == "," || $0.isWhitespace } }) {
            return "context_bias: expected single words without commas and spaces, found \"\(word)\""
        }
        if let word = timestampGranularities.first(where: { !["segment", "word"].contains($0) }) {
            return "timestamp_granularities: expected \"segment\" or \"word\", found \"\(word)\""
        }
        if language != nil, !timestampGranularities.isEmpty {
            return "language and timestamp_granularities exclude each other: the service gives no text for both; "
                + "leave language out, and the model tells it"
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
