// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Testing

@testable import LocalModels

@Suite struct TranscriptionLinesTests {
    private static let lines = [
        #"{"event": "start", "seconds": 90.0}"#,
        #"{"event": "segment", "text": "Hello there.", "start": 0.0, "end": 1.5, "words": [{"text": "Hello", "start": 0.0, "end": 0.5}, {"text": "there.", "start": 0.5, "end": 1.5}]}"#,
        "not JSON", #"{"event": "segment", "text": "", "start": 1.5, "end": 2}"#,
        #"{"event": "segment", "text": "Bye.", "start": 30, "end": 31.25, "words": [{"text": "Bye.", "start": 30, "end": 31.25}]}"#,
        #"{"event": "done", "language": "en", "seconds": 89.2, "tokens": 12}"#,
    ]

    private func fed(_ granularities: [String]) -> TranscriptionLines {
        var lines = TranscriptionLines(model: "m", granularities: granularities)
        for line in Self.lines { _ = lines.feed(line) }
        return lines
    }

    @Test func piecesJoinedAreTheText() throws {
        var lines = TranscriptionLines(model: "m", granularities: [])
        let fed = Self.lines.map { lines.feed($0) }
        #expect(fed.compactMap(\.text).joined() == "Hello there. Bye.")
        #expect(fed.compactMap(\.progress) == ["written down 1 of 90 seconds", "written down 31 of 90 seconds"])
        let done = try lines.finish()
        #expect(done.text == "Hello there. Bye.")
        #expect(done.segments.isEmpty)
        #expect(done.usage == Usage(completionTokens: 12, audioSeconds: 90))
        #expect(
            JSONValue.object(done.fields) == [
                "model": "m", "text": "Hello there. Bye.", "language": "en", "segments": [],
                "usage": [
                    "prompt_tokens": 0, "completion_tokens": 12, "total_tokens": 12, "prompt_audio_seconds": 90,
                ],
            ])
    }

    @Test func segmentsAndWordsAreGivenAsAskedFor() throws {
        #expect(try fed(["segment"]).finish().segments.map(\.text) == ["Hello there.", "Bye."])
        #expect(try fed(["word"]).finish().segments.map(\.start) == [0, 0.5, 30])
        let both = try fed(["word", "segment"]).finish()
        #expect(both.segments.map(\.end) == [1.5, 31.25])
        #expect(both.fields["segments"]?[0]?["words"]?[1]?["text"] == "there.")
        #expect(both.fields["segments"]?[0]?["type"] == "transcription_segment")
    }

    @Test func withoutAnEndThereIsNoAnswer() {
        var lines = TranscriptionLines(model: "m", granularities: [])
        for line in Self.lines.dropLast() { _ = lines.feed(line) }
        let cut = lines
        #expect(throws: ModelError.self) { try cut.finish() }
    }

    @Test func whatCannotBeServedIsNamed() throws {
        let audio = MediaSource.file(path: "a.wav")
        let requests: [(String, TranscriptionRequest)] = [
            ("language", TranscriptionRequest(audio, language: "de")),
            ("temperature", TranscriptionRequest(audio, temperature: 1.2)),
            ("diarize", TranscriptionRequest(audio, diarize: true)),
            ("context_bias", TranscriptionRequest(audio, contextBias: ["x"])),
            ("timestamp_granularities", TranscriptionRequest(audio, timestampGranularities: ["letter"])),
        ]
        for (field, request) in requests {
            let error = #expect(throws: ModelError.self) { try TranscriptionRules.check(request, model: "m") }
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.hasPrefix(field + ": ") == true)
        }
        try TranscriptionRules.check(
            TranscriptionRequest(audio, language: "en", temperature: 0, timestampGranularities: ["word", "segment"]),
            model: "m")
    }
}
