// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import HTTPTransports
import Synchronization
import Testing

@testable import LocalModels

/// A shell script stands in for Python.
@Suite final class LocalTranscriptionModelTests: Sendable {
    private let folder: TemporaryFolder
    private let said = Mutex<[ModelEvent]>([])

    init() throws { folder = try TemporaryFolder() }

    /// - Parameter transcribe: what `transcribe.py` does; the fetcher finds everything.
    private func model(_ transcribe: String, name: String? = nil) throws -> LocalTranscriptionModel {
        var configuration = EnginePlaceTests.configuration(in: folder.path, ["TMPDIR": folder.path])
        configuration.python = try folder.write(
            """
            #!/bin/sh
            case "$1" in *fetch.py)
                echo '{"event": "done", "models": {"whisper-tiny.en": "/m"}, "speech_engine": "/e"}'; exit 0 ;;
            esac
            shift
            \(transcribe)
            """, to: "py", isProgram: true)
        return LocalTranscriptionModel(name: "local", modelName: name, configuration: configuration)
    }

    private func request(streams: Bool = false, words: Bool = false) throws -> TranscriptionRequest {
        TranscriptionRequest(
            .file(path: try folder.write("RIFF", to: "a.wav")), temperature: 0.5,
            timestampGranularities: words ? ["word"] : [], streams: streams)
    }

    @Test func piecesComeAsEventsWhenTheyAreWanted() async throws {
        let model = try model(
            """
            echo '{"event": "segment", "text": "One.", "start": 0, "end": 1}'
            echo '{"event": "segment", "text": "Two.", "start": 1, "end": 2}'
            echo '{"event": "done", "language": "en", "seconds": 2, "tokens": 4}'
            """)
        for streams in [true, false] {
            said.withLock { $0 = [] }
            let answer = try await model.transcribe(try request(streams: streams)) { event in
                self.said.withLock { $0.append(event) }
            }
            #expect(answer.text == "One. Two.")
            #expect(said.withLock { $0 } == (streams ? [.text("One."), .text(" Two.")] : []))
        }
    }

    @Test func theProgramIsToldWhatIsAskedFor() async throws {
        let model = try model("echo \"asked: $*\" >&2; exit 1")
        let error = await #expect(throws: ModelError.self) {
            try await model.transcribe(try self.request(words: true)) { _ in }
        }
        #expect(
            error?.message
                == "the local transcription failed: asked: --engine /e --model /m --audio \(folder.path)/a.wav "
                + "--temperature 0.5 --words")
    }

    @Test func theReasonOfAFailureIsPassedOn() async throws {
        let model = try model("echo '{\"event\": \"error\", \"message\": \"the recording cannot be read\"}'; exit 1")
        let error = await #expect(throws: ModelError.self) { try await model.transcribe(try self.request()) { _ in } }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message == "the recording cannot be read")
    }

    @Test func anUnknownNameNamesWhatThereIs() async throws {
        let model = try model("exit 1", name: "large")
        let error = await #expect(throws: ModelError.self) { try await model.transcribe(try self.request()) { _ in } }
        #expect(error?.message == "there is no local transcription model \"large\"; there is: whisper-tiny.en")
    }

    @Test func cancellingEndsTheProgram() async throws {
        let model = try model(
            """
            echo $$ > \(folder.path)/pid
            echo '{"event": "segment", "text": "One.", "start": 0, "end": 1}'
            read x < \(folder.path)/never
            """)
        #expect(mkfifo(folder.path + "/never", 0o600) == 0)
        let began = AsyncStream<Void>.makeStream()
        let request = try request(streams: true)
        let run = Task { try await model.transcribe(request) { _ in began.continuation.finish() } }
        for await _ in began.stream {}
        run.cancel()
        await #expect(throws: CancellationError.self) { _ = try await run.value }
        let text = try String(contentsOfFile: folder.path + "/pid", encoding: .utf8)
        let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(pid, 0) != 0)
    }
}
