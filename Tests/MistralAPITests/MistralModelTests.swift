// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import HTTPTransports
import HTTPTypes
import JSONCore
import MistralAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct MistralModelTests {
    @Test(arguments: ["", "/", "/v1", "/v1/"]) func asksTheServerAtItsPath(suffix: String) async throws {
        try await withClient(suffix: suffix) { _ in
            .completion("Comté")
        } _: { client, server in
            let model = MistralModel(name: "mistral-small-latest", client: client)
            let response = try await model.respond(to: ModelRequest(messages: [.user("hi")])) { _ in }
            #expect(response.message.text == "Comté")
            let request = try #require(server.requests.first)
            #expect(request.path == "/v1/chat/completions")
            #expect(request.header("authorization") == "Bearer k")
        }
    }

    @Test func takesTheStreamThatTheSDKTakes() async throws {
        try await withClient { _ in
            .events(Captures.streamEvents)
        } _: { client, _ in
            let model = MistralModel(name: "mistral-medium-latest", client: client)
            let response = try await model.respond(to: ModelRequest(messages: [.user("hi")], streams: true)) { _ in }
            #expect(response.message == .assistant("384400"))
            #expect(response.model == "mistral-medium-latest")
            #expect(response.usage == Usage(promptTokens: 19, completionTokens: 7))
        }
    }

    @Test func takesParallelCalls() async throws {
        try await withClient { _ in
            FakeReply(text: Captures.parallelAnswer)
        } _: { client, _ in
            let model = MistralModel(name: "m", client: client)
            let response = try await model.respond(to: ModelRequest(messages: [.user("hi")])) { _ in }
            #expect(response.message.toolCalls.map(\.id) == ["D681PevKs", "a1B2c3D4e"])
            #expect(response.finishReason == .toolCalls)
        }
    }

    @Test func sendsNothingThatTheAPIRefuses() async throws {
        try await withClient { _ in
            .completion("x")
        } _: { client, server in
            let model = MistralModel(name: "m", client: client)
            let request = ModelRequest(messages: [.user("hi")], options: ModelOptions(temperature: 2))
            await #expect(throws: ModelError.self) { try await model.respond(to: request) { _ in } }
            await #expect(throws: ModelError.self) { try await model.respond(to: ModelRequest(messages: [])) { _ in } }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func tellsAGuardrail() async throws {
        let body: JSONValue = ["error": ["message": "Blocked", "status": 403], "guardrails": ["results": []]]
        try await withClient { _ in
            .json(body, status: 403)
        } _: { client, _ in
            let model = MistralModel(name: "m", client: client)
            let error = await #expect(throws: ModelError.self) {
                try await model.respond(to: ModelRequest(messages: [.user("hi")])) { _ in }
            }
            #expect(error?.code == .guardrail)
        }
    }

    @Test func clientSendsAnyRequest() async throws {
        try await withClient { request in
            .json(["method": .string(request.method), "body": (try? request.json) ?? .null])
        } _: { client, server in
            let models = try await client.send(.get, "models")
            #expect(models["method"] == "GET")
            let sent = try await client.send(.post, "embeddings", body: ["input": "x"])
            #expect(sent["body"] == ["input": "x"])
            #expect(server.requests.map(\.path) == ["/v1/models", "/v1/embeddings"])
            #expect(server.requests[0].header("content-type") == nil)
        }
    }

    @Test func clientTellsWhatIsNotJSON() async throws {
        try await withClient { _ in
            FakeReply(text: "<html>")
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) { try await client.send(.get, "models") }
            #expect(error?.code == .invalidResponse)
        }
    }
}
