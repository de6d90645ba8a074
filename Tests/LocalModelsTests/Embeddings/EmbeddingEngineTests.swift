// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import HTTPTransports
import Testing

@testable import LocalModels

/// The real engine with all-MiniLM-L6-v2.
@Suite(
    .serialized, .enabled(if: ProcessInfo.processInfo.environment["AGENT_TEST_ENGINE"] == "1", "scripts/test-engine"))
final class EmbeddingEngineTests: Sendable {
    private let folder: TemporaryFolder
    private let transport = AsyncHTTPClientTransport()

    init() throws { folder = try TemporaryFolder() }

    private func model(_ name: String? = nil) -> any EmbeddingModel {
        let environment = ProcessInfo.processInfo.environment
        let own = ["XDG_RUNTIME_DIR": folder.path, "AGENT_LOCAL_IDLE": "2", "AGENT_LOCAL_MODEL": ""]
        let configuration = LocalConfiguration { own[$0] ?? environment[$0] }
        return LocalModels(configuration, transport: transport).embeddingModel(named: name)
    }

    private static func product(_ left: Embedding, _ right: Embedding) -> Double {
        zip(left.floats, right.floats).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    /// The expected numbers are those of a forward pass in numpy with the original 32-bit weights.
    @Test func vectorsAreThoseOfTheModel() async throws {
        let texts = [
            "The cat sits on the mat.", "A kitten is lying on a rug.", "Quarterly revenue rose by ten percent.",
            "Über naïve cafés: 日本語 & ½!",
        ]
        let response = try await model().embed(texts)
        #expect(response.model == "all-minilm-l6-v2")
        #expect(response.usage.promptTokens == 40)
        let vectors = response.embeddings
        #expect(vectors.map(\.count) == [384, 384, 384, 384])
        let starts: [[Float]] = [
            [0.13418, -0.0329, -0.0248, 0.04144], [0.02781, 0.02306, 0.00992, 0.05061],
            [0.003, -0.05065, -0.01087, -0.06039], [0.04286, -0.00891, 0.0476, -0.00819],
        ]
        for (vector, start) in zip(vectors, starts) {
            for (found, wanted) in zip(vector.floats, start) { #expect(abs(found - wanted) < 0.001) }
            #expect(abs(Self.product(vector, vector) - 1) < 1e-5)
        }
        #expect(abs(Self.product(vectors[0], vectors[1]) - 0.5587) < 0.001)
        #expect(abs(Self.product(vectors[0], vectors[2]) + 0.009) < 0.001)
        await transport.shutdown()
    }

    @Test func longListsKeepTheirOrderAndAddUp() async throws {
        let model = model("all-minilm-l6-v2")
        let texts = (0..<150).map { "Text number \($0) is about \($0 % 2 == 0 ? "ships" : "bread")." } + [""]
        let whole = try await model.embed(EmbeddingRequest(texts, encodingFormat: "base64")) { _ in }
        #expect(whole.embeddings.count == 151)
        var tokens = 0
        for place in [0, 63, 64, 149, 150] {
            let alone = try await model.embed([texts[place]])
            #expect(Self.product(alone.embeddings[0], whole.embeddings[place]) > 0.99999)
            tokens += alone.usage.promptTokens
        }
        #expect(whole.usage.promptTokens > tokens)
        await transport.shutdown()
    }

    @Test func aTextThatIsTooLongIsNamedAndTheLongestIsRead() async throws {
        let model = model()
        let longest = String(repeating: "word ", count: 510)
        let response = try await model.embed(["a", longest])
        #expect(response.usage.promptTokens == 515)
        let error = await #expect(throws: ModelError.self) { try await model.embed(["a", longest, longest + "word"]) }
        #expect(error?.code == .contextTooLong)
        #expect(error?.message.hasPrefix("inputs[2] has 513 tokens, ") == true)
        await transport.shutdown()
    }

    @Test func aKilledEngineIsStartedAgain() async throws {
        let model = model()
        let first = try await model.embed(["a"])
        let root = folder.path + "/agent"
        let key = try #require(FileManager.default.contentsOfDirectory(atPath: root).first)
        let ready = try String(contentsOfFile: "\(root)/\(key)/ready", encoding: .utf8)
        let pid = try #require(ready.firstMatch(of: /"pid": (\d+)/).flatMap { pid_t($0.1) })
        kill(pid, SIGKILL)
        #expect(try await model.embed(["a"]).embeddings == first.embeddings)
        await transport.shutdown()
    }

    @Test func aCancelledListStopsSoon() async throws {
        let model = model()
        _ = try await model.embed(["a"])
        let texts = [String](repeating: String(repeating: "word ", count: 100), count: 1000)
        let began = AsyncStream<Void>.makeStream()
        let run = Task { try await model.embed(EmbeddingRequest(texts)) { _ in began.continuation.finish() } }
        for await _ in began.stream {}
        run.cancel()
        await #expect(throws: CancellationError.self) { _ = try await run.value }
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await model.embed(["b"])
        // The rest of the list would take a minute.
        #expect(clock.now - start < .seconds(10))
        await transport.shutdown()
    }
}
