// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct ConversationTests {
    private static let answer: JSONValue = [
        "object": "conversation.response", "conversation_id": "c 1",
        "outputs": [
            ["type": "tool.execution", "name": "web_search", "id": "t"],
            ["type": "message.output", "content": [["type": "text", "text": "Hi "], ["type": "tool_reference"]]],
            ["type": "message.output", "content": "there"], ["type": "novelty"],
            ["type": "function.call", "tool_call_id": "abc", "name": "f", "arguments": ["n": 9_007_199_254_740_993]],
        ],
        "usage": ["prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7, "connector_tokens": 1],
    ]

    private static let events: [(String, String)] = [
        ("conversation.response.started", #"{"conversation_id":"c1"}"#),
        ("tool.execution.started", #"{"id":"t1","name":"web_search","arguments":""}"#),
        ("tool.execution.done", #"{"id":"t1","info":{"n":1}}"#),
        ("message.output.delta", #"{"id":"m1","content":"Hel","model":"m"}"#),
        ("message.output.delta", #"{"id":"m1","content":{"type":"text","text":"lo"}}"#),
        ("novelty", #"{"id":"x"}"#),
        ("function.call.delta", #"{"id":"f1","tool_call_id":"abc","name":"f","arguments":"{\"a\":"}"#),
        ("function.call.delta", #"{"id":"f1","tool_call_id":"abc","name":"f","arguments":"1}"}"#),
        ("conversation.response.done", #"{"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#),
    ]

    private static func reply(_ events: [(String, String)]) -> FakeReply {
        let text = events.map { "event: \($0)\ndata: \($1.dropLast()),\"type\":\"\($0)\"}\n\n" }.joined()
        return FakeReply(headers: [("content-type", "text/event-stream")], text: text)
    }

    @Test func readsEntriesOfAllKinds() async throws {
        try await withClient { _ in
            .json(Self.answer)
        } _: { client, server in
            let conversations = MistralConversations(client: client)
            let turn = try await conversations.start(
                ConversationRequest("hi", model: "m", tools: [["type": "web_search"]]))
            #expect(turn.text == "Hi there")
            #expect(turn.outputs.count == 5)
            #expect(turn.toolCalls == [ToolCall(id: "abc", name: "f", arguments: #"{"n":9007199254740993}"#)])
            #expect(turn.usage == Usage(promptTokens: 3, completionTokens: 4))
            let result: JSONValue = [["type": "function.result", "tool_call_id": "abc", "result": "1"]]
            _ = try await conversations.append(to: turn.conversationID, result)
            _ = try await conversations.restart("c", fromEntry: "e", "again")
            #expect(
                server.requests.map(\.path) == [
                    "/v1/conversations", "/v1/conversations/c%201", "/v1/conversations/c/restart",
                ])
            #expect(
                try server.requests[0].json == [
                    "inputs": "hi", "stream": false, "tools": [["type": "web_search"]], "model": "m",
                ])
            #expect(try server.requests[2].json["from_entry_id"] == "e")
        }
    }

    @Test(arguments: [false, true]) func putsStreamsTogether(byteByByte: Bool) async throws {
        try await withClient { _ in
            byteByByte ? Self.reply(Self.events).byteByByte() : Self.reply(Self.events)
        } _: { client, _ in
            var text = ""
            let request = ConversationRequest("hi", agentID: "ag", streams: true)
            let turn = try await MistralConversations(client: client).start(request) { text += $0 }
            #expect(text == "Hello" && turn.text == "Hello")
            #expect(turn.conversationID == "c1")
            #expect(turn.toolCalls == [ToolCall(id: "abc", name: "f", arguments: #"{"a":1}"#)])
            #expect(turn.outputs[0]["type"] == "tool.execution" && turn.outputs[0]["info"] == ["n": 1])
            #expect(turn.usage.totalTokens == 3)
        }
    }

    @Test func tellsAnErrorInsideAStream() async throws {
        let failing =
            Self.events.prefix(4) + [("conversation.response.error", #"{"message":"no capacity","code":3505}"#)]
        try await withClient { _ in
            Self.reply(Array(failing))
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) {
                try await MistralConversations(client: client).start(
                    ConversationRequest("hi", model: "m", streams: true))
            }
            #expect(error?.message.contains("no capacity") == true)
            #expect(error?.providerCode == "3505")
        }
    }

    @Test func tellsAStreamThatIsCut() async throws {
        try await withClient { _ in
            Self.reply(Array(Self.events.dropLast()))
        } _: { client, server in
            let error = await #expect(throws: ModelError.self) {
                try await MistralConversations(client: client).start(
                    ConversationRequest("hi", model: "m", streams: true))
            }
            #expect(error?.code == .cut && error?.partialText == "Hello")
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [
        ConversationRequest("hi"), ConversationRequest("hi", model: "m", agentID: "a"),
        ConversationRequest([], model: "m"), ConversationRequest(["x"], model: "m"),
        // 0…1.5 in chat completions, 0…1 here.
        ConversationRequest("hi", model: "m", completionArguments: ["temperature": 1.2]),
        ConversationRequest("hi", model: "m", completionArguments: ["tool_choice": ["type": "function"]]),
        ConversationRequest("hi", model: "m", completionArguments: ["safe_prompt": true]),
    ]) func refusesBeforeSending(request: ConversationRequest) async throws {
        try await withClient { _ in
            .json([:])
        } _: { client, server in
            let error = await #expect(throws: ModelError.self) {
                try await MistralConversations(client: client).start(request)
            }
            #expect(error?.code == .invalidRequest)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func leavesToAnAgentWhatIsItsOwn() throws {
        let client = try MistralClient(apiKey: "k", transport: AsyncHTTPClientTransport())
        let model = MistralAgentModel(agentID: "ag:1", client: client)
        let body = try model.wireRequest(for: ModelRequest(messages: [.user("hi")], options: .init(maxTokens: 5)))
        #expect(
            body == [
                "agent_id": "ag:1", "messages": [["role": "user", "content": "hi"]], "stream": false, "max_tokens": 5,
            ])
        for options in [ModelOptions(temperature: 0), ModelOptions(topP: 1)] {
            #expect(throws: ModelError.self) {
                try model.wireRequest(for: ModelRequest(messages: [.user("hi")], options: options))
            }
        }
    }
}

@Suite struct CodeModelTests {
    private func wire(_ request: FillInRequest) throws -> JSONValue {
        try MistralCodeModel(client: try MistralClient(apiKey: "k", transport: AsyncHTTPClientTransport())).wireRequest(
            for: request)
    }

    @Test func writesOnlyWhatTheEndpointKnows() throws {
        let options = ModelOptions(temperature: 0, maxTokens: 9, stop: ["x"], extra: ["min_tokens": 1])
        #expect(
            try wire(FillInRequest(prompt: "def f(", suffix: "return", options: options)) == [
                "model": "codestral-latest", "prompt": "def f(", "suffix": "return", "stream": false,
                "temperature": 0.0,
                "max_tokens": 9, "stop": ["x"], "min_tokens": 1,
            ])
        for options in [
            ModelOptions(presencePenalty: 1), ModelOptions(safePrompt: true), ModelOptions(temperature: 1.6),
            ModelOptions(extra: ["tools": []]),
        ] {
            #expect(throws: ModelError.self) { try wire(FillInRequest(prompt: "x", options: options)) }
        }
    }

    @Test func fillsIn() async throws {
        try await withClient { _ in
            .completion("a, b):")
        } _: { client, server in
            let model = MistralCodeModel(client: client)
            let response = try await model.complete(FillInRequest(prompt: "def f("))
            #expect(response.message.text == "a, b):")
            #expect(server.requests.first?.path == "/v1/fim/completions")
        }
    }
}
