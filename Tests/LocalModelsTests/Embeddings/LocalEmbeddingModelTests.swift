// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import HTTPTypes
import JSONCore
import Testing

@testable import LocalModels

@Suite struct LocalEmbeddingModelTests {
    /// Counts words as tokens, with two more for the ends.
    private struct Counting: HTTPTransport {
        func withResponse<Value>(
            to request: HTTPTransportRequest, timeouts: HTTPTimeouts,
            _ body: (HTTPResponse, HTTPBody) async throws -> Value
        ) async throws -> Value {
            guard case .bytes(let bytes) = request.body, request.url.description.hasSuffix("/tokenize") else {
                return try await body(HTTPResponse(status: .notFound), HTTPBody([]))
            }
            let text = try JSONValue(parsing: bytes)["content"]?.stringValue ?? ""
            let tokens = [JSONValue](repeating: 1, count: text.split(separator: " ").count + 2)
            let answer = try JSONValue.object(["tokens": .array(tokens)]).serializedBytes()
            return try await body(HTTPResponse(status: .ok), HTTPBody(answer))
        }
    }

    private func lengths() throws -> EmbeddingLengths {
        let settings = APIClient.Settings(
            retry: RetryPolicy(attempts: 1), timeouts: HTTPTimeouts(), clock: ContinuousClock(), jitter: { 1 })
        let client = try APIClient(
            service: "the local server", baseURL: "http://localhost", apiKey: nil, transport: Counting(),
            settings: settings)
        return EmbeddingLengths(client: client, limit: 512)
    }

    private func model(_ name: String? = nil) throws -> any EmbeddingModel {
        let configuration = LocalConfiguration { ["HOME": "/nonexistent", "PATH": ""][$0] }
        return LocalModels(configuration, transport: Counting()).embeddingModel(named: name)
    }

    @Test func aTextThatIsTooLongIsNamedByItsPlaceAndLength() async throws {
        let fits = String(repeating: "word ", count: 510)
        let lengths = try lengths()
        try await lengths.check(["short", fits, String(repeating: "x", count: 2000)])
        let error = await #expect(throws: ModelError.self) { try await lengths.check(["short", fits, fits + "word"]) }
        #expect(error?.code == .contextTooLong)
        #expect(
            error?.message
                == "inputs[2] has 513 tokens, the local embedding model reads 512 at most; split it into smaller texts")
    }

    @Test func whatTheModelDoesNotMakeIsNamed() async throws {
        let model = try model()
        let requests: [(String, EmbeddingRequest)] = [
            ("output_dimension: ", EmbeddingRequest(["x"], outputDimension: 256)),
            ("output_dtype: ", EmbeddingRequest(["x"], outputDtype: "int8")),
            ("encoding_format: ", EmbeddingRequest(["x"], encodingFormat: "hex")),
        ]
        for (start, request) in requests {
            let error = await #expect(throws: ModelError.self) { try await model.embed(request) { _ in } }
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.hasPrefix(start) == true)
        }
    }

    @Test func nothingIsStartedForNoTexts() async throws {
        let response = try await model().embed(EmbeddingRequest([], outputDimension: 384, outputDtype: "float")) { _ in
        }
        #expect(response == EmbeddingResponse(model: "all-minilm-l6-v2", embeddings: []))
    }

    @Test func anUnknownNameNamesWhatThereIs() async throws {
        for name in ["nonsense", "smollm2-135m-instruct"] {
            let model = try model(name)
            let error = await #expect(throws: ModelError.self) { try await model.embed(["x"]) }
            #expect(error?.code == .configuration)
            #expect(error?.message == "there is no local embedding model \"\(name)\"; there is: all-minilm-l6-v2")
        }
    }
}
