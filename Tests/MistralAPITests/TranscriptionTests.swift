// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import JSONCore
import MistralAPI
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct TranscriptionTests {
    private static let whole =
        #"{"model":"voxtral","text":"Hello there.","language":"en","segments":[{"text":"Hello there.","start":0.5,"end":1.25,"speaker_id":"s1","type":"transcription_segment"}],"usage":{"prompt_tokens":4,"completion_tokens":6,"total_tokens":10,"prompt_audio_seconds":203},"new":1}"#

    private static let stream =
        "event: transcription.language\ndata: {\"type\":\"transcription.language\",\"audio_language\":\"en\"}\n\n"
        + "event: transcription.text.delta\ndata: {\"type\":\"transcription.text.delta\",\"text\":\"Hello\"}\n\n"
        + "event: transcription.new\ndata: {\"type\":\"transcription.new\"}\n\n"
        + "event: transcription.text.delta\ndata: {\"text\":\" there.\"}\n\n"

    private static let done =
        "event: transcription.done\ndata: \(whole.dropLast()),\"type\":\"transcription.done\"}\n\n"

    @Test func sendsAnAddressAsAPlainForm() async throws {
        try await withClient { _ in
            FakeReply(headers: [("content-type", "application/json")], text: Self.whole)
        } _: { client, server in
            let request = TranscriptionRequest(
                .url("https://e.org/a b.mp3"), temperature: 0.5, diarize: true, contextBias: ["Oslo", "Kairo"],
                timestampGranularities: ["segment", "word"])
            let transcription = try await MistralTranscriptionModel(client: client).transcribe(request) { _ in }
            #expect(transcription.text == "Hello there.")
            #expect(transcription.segments == [.init(text: "Hello there.", start: 0.5, end: 1.25, speaker: "s1")])
            #expect(transcription.usage.audioSeconds == 203 && transcription.usage.totalTokens == 10)
            #expect(transcription.fields["new"] == 1)
            let seen = try #require(server.requests.first)
            #expect(seen.header("content-type") == "application/x-www-form-urlencoded")
            #expect(
                String(decoding: seen.body, as: UTF8.self)
                    == "model=voxtral-mini-latest&file_url=https%3A%2F%2Fe.org%2Fa%20b.mp3&temperature=0.5&stream=false"
                    + "&diarize=true&context_bias=Oslo&context_bias=Kairo&timestamp_granularities=segment"
                    + "&timestamp_granularities=word")
        }
    }

    @Test func sendsAFileInParts() async throws {
        let file = try ScratchFile(Array("RIFF".utf8), ending: "wav")
        try await withClient { _ in
            FakeReply(headers: [("content-type", "application/json")], text: Self.whole)
        } _: { client, server in
            _ = try await MistralTranscriptionModel(client: client).transcribe(.init(.file(path: file.path))) { _ in }
            let seen = try #require(server.requests.first)
            #expect(seen.header("content-type")?.hasPrefix("multipart/form-data; boundary=") == true)
            let text = String(decoding: seen.body, as: UTF8.self)
            let names = text.split(separator: "name=\"").dropFirst().compactMap { $0.split(separator: "\"").first }
            #expect(names.filter { !$0.hasSuffix(".wav") } == ["model", "stream", "diarize", "file"])
            #expect(text.contains("\r\n\r\nRIFF\r\n--"))
        }
    }

    @Test(arguments: [false, true]) func streamsText(byteByByte: Bool) async throws {
        let seen = Mutex("")
        try await withClient { _ in
            let reply = FakeReply(headers: [("content-type", "text/event-stream")], text: Self.stream + Self.done)
            return byteByByte ? reply.byteByByte() : reply
        } _: { client, server in
            let request = TranscriptionRequest(.uploaded(id: "f1"), streams: true)
            let transcription = try await MistralTranscriptionModel(client: client).transcribe(request) { event in
                if case .text(let text) = event { seen.withLock { $0 += text } }
            }
            #expect(seen.withLock(\.self) == "Hello there.")
            #expect(transcription.text == "Hello there.")
            #expect(transcription.fields["type"] == nil)
            #expect(String(decoding: try #require(server.requests.first).body, as: UTF8.self).contains("file_id=f1"))
            #expect(server.requests.first?.header("accept") == "text/event-stream")
        }
    }

    @Test func keepsTheTextOfAStreamThatIsCut() async throws {
        try await withClient { _ in
            FakeReply(headers: [("content-type", "text/event-stream")], text: Self.stream)
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) {
                try await MistralTranscriptionModel(client: client).transcribe(.init(.uploaded(id: "f"), streams: true))
                {
                    _ in
                }
            }
            #expect(error?.code == .cut)
            #expect(error?.partialText == "Hello there.")
        }
    }

    @Test func takesAWholeAnswerInPlaceOfAStream() async throws {
        try await withClient { _ in
            FakeReply(headers: [("content-type", "application/json")], text: Self.whole)
        } _: { client, _ in
            let request = TranscriptionRequest(.uploaded(id: "f"), streams: true)
            let transcription = try await MistralTranscriptionModel(client: client).transcribe(request) { _ in }
            #expect(transcription.text == "Hello there.")
        }
    }

    @Test(arguments: [
        TranscriptionRequest(.uploaded(id: "f"), language: "english"),
        TranscriptionRequest(.uploaded(id: "f"), language: "en", timestampGranularities: ["word"]),
        TranscriptionRequest(.uploaded(id: "f"), temperature: -1),
        TranscriptionRequest(.uploaded(id: "f"), contextBias: ["two words"]),
        TranscriptionRequest(.uploaded(id: "f"), contextBias: [String](repeating: "x", count: 101)),
        TranscriptionRequest(.uploaded(id: "f"), timestampGranularities: ["line"]),
        TranscriptionRequest(.file(path: "/no/such.mp3")),
    ]) func refusesBeforeSending(request: TranscriptionRequest) async throws {
        try await withClient { _ in
            FakeReply(text: "{}")
        } _: { client, server in
            let error = await #expect(throws: ModelError.self) {
                try await MistralTranscriptionModel(client: client).transcribe(request) { _ in }
            }
            #expect(error?.code == .invalidRequest)
            #expect(server.requests.isEmpty)
        }
    }
}
