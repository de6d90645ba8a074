// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import JSONCore
import MistralAPI
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct EmbeddingTests {
    /// Answers each text with a vector that holds its length; the last text first.
    private static func answer(_ request: FakeRequest) throws -> FakeReply {
        let inputs = try request.json["input"]?.arrayValue ?? []
        let data = inputs.enumerated().reversed().map { place, text -> JSONValue in
            [
                "object": "embedding", "index": .integer(Int64(place)),
                "embedding": [.number(Double(text.stringValue?.utf8.count ?? -1))],
            ]
        }
        return .json([
            "model": "mistral-embed", "data": .array(data),
            "usage": ["prompt_tokens": .integer(Int64(inputs.count)), "total_tokens": .integer(Int64(inputs.count))],
        ])
    }

    @Test func keepsTheOrderOfTheInputsOverManyRequests() async throws {
        let texts = (0..<1000).map { String(repeating: "x", count: $0 % 300) }
        try await withClient { request in
            (try? Self.answer(request)) ?? FakeReply(status: 500)
        } _: { client, server in
            let response = try await MistralEmbeddingModel(client: client).embed(texts)
            #expect(response.embeddings == texts.map { .numbers([Double($0.utf8.count)]) })
            #expect(response.usage == Usage(promptTokens: 1000))
            #expect(server.requests.count >= 8)
            let sizes = try server.requests.map { try $0.json["input"]?.arrayValue?.count ?? 0 }
            #expect(sizes.allSatisfy { $0 <= 128 })
        }
    }

    // Mistral API, 400 with code 3210: "Too many tokens overall, split into more batches."
    @Test func halvesWhatTheServerFindsTooLong() async throws {
        let refusal: JSONValue = [
            "object": "error", "message": "Too many tokens overall, split into more batches.",
            "type": "invalid_request_prompt", "code": "3210",
        ]
        try await withClient { request in
            let count = (try? request.json["input"]?.arrayValue?.count) ?? 0
            return count > 3 ? .json(refusal, status: 400) : (try? Self.answer(request)) ?? FakeReply(status: 500)
        } _: { client, _ in
            let texts = (1...10).map { String(repeating: "y", count: $0) }
            let response = try await MistralEmbeddingModel(client: client).embed(texts)
            #expect(response.embeddings == (1...10).map { .numbers([Double($0)]) })
        }
    }

    @Test func namesTheOneTextThatIsTooLong() async throws {
        try await withClient { request in
            let isLong = (try? request.json["input"]?.arrayValue?.contains("long")) == true
            return isLong
                ? .json(["message": "Too many tokens overall", "code": "3210"], status: 400)
                : (try? Self.answer(request)) ?? FakeReply(status: 500)
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) {
                try await MistralEmbeddingModel(client: client).embed(["a", "b", "long", "c"])
            }
            #expect(error?.message.hasPrefix("inputs[2]: ") == true)
            #expect(error?.providerCode == "3210")
        }
    }

    @Test func neverHasMoreThanFourRequestsUnderWay() async throws {
        let underWay = Mutex((now: 0, most: 0))
        try await withClient { request in
            underWay.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            for _ in 0..<50 { await Task.yield() }
            underWay.withLock { $0.now -= 1 }
            return (try? Self.answer(request)) ?? FakeReply(status: 500)
        } _: { client, _ in
            _ = try await MistralEmbeddingModel(client: client).embed((0..<3000).map { "\($0)" })
            #expect((1...4).contains(underWay.withLock(\.most)))
        }
    }

    // The official SDK cannot read this form.
    @Test(arguments: [
        ("float", "AACAPwAAAMA=", Embedding.numbers([1, -2])), ("int8", "Af8=", .integers([1, -1])),
        ("uint8", "Af8=", .integers([1, 255])), ("binary", "gH8=", .integers([-128, 127])),
        ("ubinary", "gH8=", .integers([128, 127])),
    ]) func readsBase64(dtype: String, text: String, expected: Embedding) async throws {
        try await withClient { _ in
            .json(["data": [["index": 0, "embedding": .string(text)]]])
        } _: { client, server in
            let request = EmbeddingRequest(["a"], outputDtype: dtype, encodingFormat: "base64")
            let response = try await MistralEmbeddingModel(client: client).embed(request) { _ in }
            #expect(response.embeddings == [expected])
            #expect(response.usage == Usage())
            let body = try #require(server.requests.first).json
            #expect(body["output_dtype"] == .string(dtype) && body["encoding_format"] == "base64")
        }
    }

    @Test(arguments: [
        "{}", #"{"data":[]}"#, #"{"data":[{"embedding":[1],"index":1}]}"#, #"{"data":[{"embedding":"%%%%"}]}"#,
        #"{"data":[{"embedding":["a"]}]}"#, #"{"data":[{"embedding":"AAAA"}]}"#,
        #"{"data":[{"embedding":[1]},{"embedding":[1]}]}"#, "", "<html>", "[",
    ]) func refusesAnAnswerWithoutOneVectorPerText(body: String) async throws {
        try await withClient { _ in
            FakeReply(text: body)
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) {
                try await MistralEmbeddingModel(client: client).embed(["a"])
            }
            #expect(error?.code == .invalidResponse)
        }
    }

    @Test(arguments: [
        EmbeddingRequest(["a"], outputDimension: 0), EmbeddingRequest(["a"], outputDtype: "float16"),
        EmbeddingRequest(["a"], encodingFormat: "hex"),
    ]) func refusesBeforeSending(request: EmbeddingRequest) async throws {
        try await withClient { _ in
            .completion("x")
        } _: { client, server in
            let error = await #expect(throws: ModelError.self) {
                try await MistralEmbeddingModel(client: client).embed(request) { _ in }
            }
            #expect(error?.code == .invalidRequest)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func asksNobodyForNothing() async throws {
        try await withClient { _ in
            .completion("x")
        } _: { client, server in
            let response = try await MistralEmbeddingModel(client: client).embed([])
            #expect(response.embeddings.isEmpty)
            #expect(server.requests.isEmpty)
        }
    }
}
