// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import FakeModelServer
import HTTPTransports
import JSONCore
import MistralAPI
import Testing

/// The request field `guardrails`, the verdicts that come back for it, and the errors of requests that it blocked.
@Suite(.timeLimit(.minutes(10))) struct GuardrailFieldTests {
    private static let field: JSONValue = [
        [
            "block_on_error": true,
            "moderation_llm_v2": [
                "custom_category_thresholds": ["sexual": 0.1, "a_category_to_come": 1],
                "ignore_other_categories": false,
                "action": "block",
            ],
        ]
    ]

    private func request(_ field: JSONValue, streams: Bool = false) -> ModelRequest {
        ModelRequest(messages: [.user("SECRET")], options: ModelOptions(extra: ["guardrails": field]), streams: streams)
    }

    // MARK: - What goes

    @Test func goesWithChatAgentsAndConversations() async throws {
        let transport = AsyncHTTPClientTransport()
        let client = try MistralClient(apiKey: "k", transport: transport)
        let models: [any Model] = [
            MistralModel(name: "m", client: client), MistralAgentModel(agentID: "a", client: client),
        ]
        for model in models { #expect(try model.wireRequest(for: request(Self.field))["guardrails"] == Self.field) }
        await transport.shutdown()
        try await withClient { _ in
            .json(["conversation_id": "c", "outputs": []])
        } _: { client, server in
            let conversations = MistralConversations(client: client)
            _ = try await conversations.start(ConversationRequest("hi", model: "m", extra: ["guardrails": Self.field]))
            _ = try await conversations.append(to: "c", "more", extra: ["guardrails": Self.field])
            #expect(try server.requests.map { try $0.json["guardrails"] } == [Self.field, Self.field])
        }
    }

    private static let wrong: [(JSONValue, String)] = [
        (["block_on_error": true], "/guardrails: expected a list of objects, found"),
        ([1], "/guardrails/0: expected an object, found"),
        ([["moderation": [:]]], "/guardrails/0/moderation: there is no such field; there are block_on_error"),
        ([["block_on_error": true]], "/guardrails/0: expected moderation_llm_v2"),
        ([["moderation_llm_v2": .null]], "/guardrails/0: expected moderation_llm_v2"),
        (
            [["block_on_error": 1, "moderation_llm_v2": [:]]],
            "/guardrails/0/block_on_error: expected true or false, found 1"
        ),
        ([["moderation_llm_v2": []]], "/guardrails/0/moderation_llm_v2: expected an object"),
        ([["moderation_llm_v1": ["treshold": 1]]], "/guardrails/0/moderation_llm_v1/treshold: there is no such field"),
        ([["moderation_llm_v1": ["a/b": 1]]], "/guardrails/0/moderation_llm_v1/a~1b: there is no such field"),
        (
            [["moderation_llm_v2": ["action": "flag"]]],
            "/guardrails/0/moderation_llm_v2/action: expected \"none\" or \"block\", found \"flag\""
        ),
        (
            [["moderation_llm_v2": [:]], ["moderation_llm_v2": ["custom_category_thresholds": ["sexual": 1.5]]]],
            "/guardrails/1/moderation_llm_v2/custom_category_thresholds/sexual: expected a score of 0…1, found 1.5"
        ),
        (
            [["moderation_llm_v2": ["custom_category_thresholds": ["sexual": "0.1"]]]],
            "/guardrails/0/moderation_llm_v2/custom_category_thresholds/sexual: expected a score of 0…1, found \"0.1\""
        ),
        (
            [["moderation_llm_v2": ["ignore_other_categories": "no"]]],
            "/guardrails/0/moderation_llm_v2/ignore_other_categories: expected true or false"
        ),
    ]

    @Test(arguments: wrong.indices) func aWrongFormIsNotSent(place: Int) async throws {
        let (field, says) = Self.wrong[place]
        try await withClient { _ in
            .completion("x")
        } _: { client, server in
            let chat = await #expect(throws: ModelError.self) {
                try await MistralModel(name: "m", client: client).respond(to: self.request(field)) { _ in }
            }
            #expect(
                chat?.code == .invalidRequest && chat?.message.hasPrefix(says) == true, "\(String(describing: chat))")
            let conversations = MistralConversations(client: client)
            await #expect(throws: ModelError.self) {
                _ = try await conversations.start(ConversationRequest("a", model: "m", extra: ["guardrails": field]))
            }
            await #expect(throws: ModelError.self) {
                _ = try await conversations.append(to: "c", "more", extra: ["guardrails": field])
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func otherServersRefuseIt() async throws {
        let transport = AsyncHTTPClientTransport()
        let model = try ChatCompletionsModel(name: "m", baseURL: "http://127.0.0.1:1/v1", transport: transport)
        let error = #expect(throws: ModelError.self) { try model.wireRequest(for: request(Self.field)) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("use guardrails of the agent instead") == true)
        #expect(try model.wireRequest(for: request(.null))["model"] == "m")
        await transport.shutdown()
    }

    // MARK: - What comes back

    private static let said: JSONValue = [
        ["results": ["moderation_llm_v2": ["categories": ["sexual": false], "category_scores": ["sexual": 0.02]]]]
    ]

    @Test func verdictsComeWithTheAnswer() async throws {
        let choice: JSONValue = [
            "index": 0, "message": ["role": "assistant", "content": "hi"], "finish_reason": "stop",
        ]
        try await withClient { request in
            request.path.contains("conversations")
                ? .json(["conversation_id": "c", "outputs": [], "guardrails": Self.said])
                : .json(["choices": [choice], "guardrails": Self.said])
        } _: { client, _ in
            let response = try await MistralModel(name: "m", client: client).respond(to: self.request(Self.field)) {
                _ in
            }
            #expect(response.guardrails == Self.said)
            let turn = try await MistralConversations(client: client).start(ConversationRequest("hi", model: "m"))
            #expect(turn.guardrails == Self.said)
        }
    }

    /// In whichever chunk they come.
    @Test(arguments: 0...2) func verdictsComeInStreams(place: Int) async throws {
        var chunks: [JSONValue] = [
            ["id": "x", "choices": [["index": 0, "delta": ["content": "h"]]]],
            ["choices": [["index": 0, "delta": ["content": "i"], "finish_reason": "stop"]]], ["choices": []],
        ]
        var fields = chunks[place].objectValue ?? [:]
        fields["guardrails"] = Self.said
        chunks[place] = .object(fields)
        let text = try chunks.map { "data: \(try $0.serialized())\n\n" }.joined() + "data: [DONE]\n\n"
        try await withClient { _ in
            FakeReply(headers: [("content-type", "text/event-stream")], text: text)
        } _: { client, _ in
            let model = MistralModel(name: "m", client: client)
            let response = try await model.respond(to: self.request(Self.field, streams: true)) { _ in }
            #expect(response.message.text == "hi")
            #expect(response.guardrails == Self.said)
        }
    }

    @Test func verdictsComeInStreamsOfConversations() async throws {
        let said = try Self.said.serialized()
        for types in [["started", "done"], ["done", "started"]] {
            let text =
                "data: {\"type\":\"conversation.response.\(types[0])\",\"conversation_id\":\"c\",\"guardrails\":\(said)}\n\n"
                + "data: {\"type\":\"conversation.response.\(types[1])\",\"conversation_id\":\"c\"}\n\n"
            try await withClient { _ in
                FakeReply(headers: [("content-type", "text/event-stream")], text: text)
            } _: { client, _ in
                let turn = try await MistralConversations(client: client).start(
                    ConversationRequest("hi", model: "m", streams: true))
                #expect(turn.guardrails == Self.said)
            }
        }
    }

    // MARK: - Blocks

    private static let blocked: [(JSONValue, [ProviderFinding])] = [
        (
            [
                "results": [
                    "moderation_llm_v2": [
                        "categories": ["sexual": true, "law": false, "pii": true],
                        "category_scores": ["sexual": 0.97, "law": 0.3, "pii": 0.98],
                        "thresholds": ["sexual": 0.1],
                    ]
                ]
            ],
            [
                .init(guardrail: "moderation_llm_v2", category: "pii", score: 0.98),
                .init(guardrail: "moderation_llm_v2", category: "sexual", score: 0.97, threshold: 0.1),
            ]
        ),
        (
            ["results": [["name": "moderation_llm_v2", "category": "sexual", "score": 0.97, "threshold": 0.1]]],
            [.init(guardrail: "moderation_llm_v2", category: "sexual", score: 0.97, threshold: 0.1)]
        ),
        (
            [["results": ["v1": [["category": "law", "score": 1, "input": "SECRET"]]]]],
            [.init(guardrail: "v1", category: "law", score: 1)]
        ),
        (
            [
                "results": [
                    "v": [
                        "categories": ["a": ["score": 0.5, "threshold": 0.4], "b": ["score": 0.1, "threshold": 0.4]]
                    ]
                ]
            ],
            [.init(guardrail: "v", category: "a", score: 0.5, threshold: 0.4)]
        ),
        (["results": []], []), ([:], []), (["results": "SECRET"], []), ([1, "SECRET"], []), (true, []),
    ]

    @Test(arguments: blocked.indices) func aBlockSaysWhatWasFound(place: Int) async throws {
        let (guardrails, findings) = Self.blocked[place]
        let body: JSONValue = [
            "error": ["message": "Content blocked by guardrail", "status": 403], "guardrails": guardrails,
        ]
        try await withClient { _ in
            .json(body, status: 403)
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) {
                try await MistralModel(name: "m", client: client).respond(to: self.request(Self.field)) { _ in }
            }
            #expect(error?.code == .guardrail)
            #expect(error?.findings == findings)
            // The key "k" is hidden wherever it stands.
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains("Content bloc") && !text.contains("SECRET"))
            if let first = findings.first { #expect(text.contains("\(first.guardrail): \(first.category)"), "\(text)") }
        }
    }

    @Test func whatCouldNotBeJudgedIsNoFinding() async throws {
        try await withClient { _ in
            .json(["object": "Error", "code": 3201, "message": "Moderation failed"], status: 403)
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) {
                try await MistralModel(name: "m", client: client).respond(to: self.request(Self.field)) { _ in }
            }
            #expect(error?.code == .guardrail && error?.providerCode == "3201" && error?.findings == [])
            #expect(error?.message.contains("could not judge the request") == true)
        }
    }
}
