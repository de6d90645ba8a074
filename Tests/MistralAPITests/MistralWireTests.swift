// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

/// Whether our bodies equal those of the official SDK.
@Suite struct MistralWireTests {
    private func wire(_ model: String, _ request: ModelRequest) throws -> JSONValue {
        try MistralModel(name: model, apiKey: "k", transport: AsyncHTTPClientTransport()).wireRequest(for: request)
    }

    private static let tools = ["status", "date"].map { what in
        ToolDefinition(
            name: "retrieve_payment_\(what)", description: "Get payment \(what) of a transaction",
            parameters: [
                "type": "object",
                "properties": ["transaction_id": ["type": "string", "description": "The transaction id."]],
                "required": ["transaction_id"],
            ])
    }

    private static let question: [Message] = [
        .system("You are a helpful assistant."), .user("What's the status of my transaction T1001?"),
    ]

    private static func call(_ id: String, _ what: String) -> ToolCall {
        ToolCall(id: id, name: "retrieve_payment_\(what)", arguments: #"{"transaction_id": "T1001"}"#)
    }

    private static func result(_ id: String, _ what: String, _ content: String) -> Message {
        .tool(ToolResult(callID: id, name: "retrieve_payment_\(what)", content: content))
    }

    @Test func chatEqualsTheSDK() throws {
        let request = ModelRequest(messages: [.user("What is the best French cheese?")])
        #expect(try wire("mistral-medium-latest", request) == JSONValue(parsing: Captures.cheese))
    }

    @Test func streamEqualsTheSDK() throws {
        let text = "How far is the moon from earth? Answer with the distance in km only."
        let request = ModelRequest(messages: [.user(text)], streams: true)
        #expect(try wire("mistral-medium-latest", request) == JSONValue(parsing: Captures.stream))
    }

    @Test func jsonModeEqualsTheSDK() throws {
        let text = "What is the best French meal? Return the name and the ingredients in short JSON object."
        let request = ModelRequest(messages: [.user(text)], responseFormat: .jsonObject)
        #expect(try wire("mistral-large-latest", request) == JSONValue(parsing: Captures.jsonMode))
    }

    @Test func safePromptEqualsTheSDK() throws {
        let request = ModelRequest(
            messages: [.user("What is the best French cheese?")], options: ModelOptions(safePrompt: true))
        #expect(try wire("mistral-large-latest", request) == JSONValue(parsing: Captures.safePrompt))
    }

    @Test func structuredOutputEqualsTheSDK() throws {
        let schema: JSONValue = [
            "title": "Book", "type": "object",
            "properties": [
                "name": ["title": "Name", "type": "string"],
                "authors": ["title": "Authors", "type": "array", "items": ["type": "string"]],
            ],
            "required": ["name", "authors"], "additionalProperties": false,
        ]
        let request = ModelRequest(
            messages: [
                .system("Extract the books information."),
                .user("I recently read 'To Kill a Mockingbird' by Harper Lee."),
            ],
            responseFormat: .jsonSchema(name: "Book", schema: schema, strict: true),
            options: ModelOptions(temperature: 0, maxTokens: 256))
        #expect(try wire("ministral-8b-latest", request) == JSONValue(parsing: Captures.book))
    }

    @Test func toolLoopEqualsTheSDK() throws {
        var request = ModelRequest(messages: Self.question, tools: Self.tools)
        #expect(try wire("mistral-large-latest", request) == JSONValue(parsing: Captures.loopFirst))
        request.messages += [
            .assistant("", toolCalls: [Self.call("D681PevKs", "status")]),
            Self.result("D681PevKs", "status", #"{"status": "Paid"}"#),
        ]
        #expect(try wire("mistral-large-latest", request) == JSONValue(parsing: Captures.loopSecond))
    }

    @Test func parallelToolLoopEqualsTheSDK() throws {
        let calls = [Self.call("D681PevKs", "status"), Self.call("a1B2c3D4e", "date")]
        let results = [
            Self.result("D681PevKs", "status", #"{"status": "Paid"}"#),
            Self.result("a1B2c3D4e", "date", #"{"date": "2021-10-05"}"#),
        ]
        let request = ModelRequest(
            messages: Self.question + [.assistant("", toolCalls: calls)] + results, tools: Self.tools)
        #expect(try wire("mistral-large-latest", request) == JSONValue(parsing: Captures.parallelSecond))
    }

    @Test func writesTheFieldsOfTheAPI() throws {
        let options = ModelOptions(
            temperature: 1.5, topP: 1, maxTokens: 0, stop: ["a", "b"], randomSeed: 7, presencePenalty: 2,
            frequencyPenalty: -2, parallelToolCalls: true, promptMode: "reasoning", reasoningEffort: "high",
            safePrompt: false, metadata: ["k": "v"], extra: ["service_tier": "auto", "n": 1])
        let body = try wire(
            "m",
            ModelRequest(messages: [.user("x")], tools: [ToolDefinition(name: "f")], toolChoice: .any, options: options)
        )
        let expected: [(String, JSONValue)] = [
            ("temperature", 1.5), ("top_p", 1.0), ("max_tokens", 0), ("stop", ["a", "b"]), ("random_seed", 7),
            ("presence_penalty", 2.0), ("frequency_penalty", -2.0), ("parallel_tool_calls", true),
            ("prompt_mode", "reasoning"), ("reasoning_effort", "high"), ("safe_prompt", false),
            ("metadata", ["k": "v"]),
            ("service_tier", "auto"), ("n", 1), ("tool_choice", "any"), ("stream", false),
        ]
        for (name, value) in expected { #expect(body[name] == value) }
        #expect(body["seed"] == nil)
        #expect(body["stream_options"] == nil)
    }

    @Test func replaysThoughtsAsTheyCame() throws {
        let chunk: JSONValue = ["type": "thinking", "thinking": [["type": "text", "text": "hm"]], "closed": true]
        let answer = Message(
            role: .assistant, content: [.thinking("hm", raw: chunk), .thinking("x", raw: nil), .text("a")])
        let body = try wire("m", ModelRequest(messages: [.user("x"), answer, .user("y")]))
        #expect(body["messages"]?[1]?["content"] == [chunk, ["type": "text", "text": "a"]])
    }

    @Test func continuesAPrefix() throws {
        let prefix = Message(role: .assistant, content: [.text("The")], prefix: true)
        let body = try wire("m", ModelRequest(messages: [.user("x"), prefix]))
        #expect(body["messages"]?[1] == ["role": "assistant", "content": "The", "prefix": true])
    }
}
