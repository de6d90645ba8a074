// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import JSONCore
import Synchronization
import Testing

@testable import LocalModels

/// The real model, on a sentence that `scripts/test-engine` has spoken by espeak-ng.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["AGENT_TEST_SPEECH"] != nil, "scripts/test-engine"))
struct TranscriptionEngineTests {
    private static let path = ProcessInfo.processInfo.environment["AGENT_TEST_SPEECH"] ?? ""
    private static let sentence = "ask not what your country can do for you ask what you can do for your country"
    private let model: LocalTranscriptionModel

    init() {
        let environment = ProcessInfo.processInfo.environment
        model = LocalTranscriptionModel(
            name: "local", modelName: nil, configuration: LocalConfiguration { environment[$0] })
    }

    @Test func aSentenceIsWrittenDownWithItsTimes() async throws {
        let pieces = Mutex("")
        let request = TranscriptionRequest(
            .file(path: Self.path), language: "en", timestampGranularities: ["segment", "word"], streams: true)
        let answer = try await model.transcribe(request) { event in
            if case .text(let piece) = event { pieces.withLock { $0 += piece } }
        }
        #expect(WordCoverage(of: answer.text, in: Self.sentence).share ?? 0 > 0.9, "\(answer.text)")
        #expect(pieces.withLock { $0 } == answer.text)
        #expect(answer.language == "en")
        #expect((4...9).contains(answer.usage.audioSeconds))
        let words = answer.fields["segments"]?.arrayValue?.flatMap { $0["words"]?.arrayValue ?? [] } ?? []
        let starts = words.compactMap { $0["start"]?.doubleValue }
        #expect(words.count >= 15)
        #expect(starts == starts.sorted())
    }

    @Test func whatIsNoRecordingIsNamed() async throws {
        let folder = try TemporaryFolder()
        let request = TranscriptionRequest(.file(path: try folder.write("words, not sound", to: "a.wav")))
        let error = await #expect(throws: ModelError.self) { try await model.transcribe(request) { _ in } }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.hasPrefix("the recording cannot be read") == true)
    }
}
