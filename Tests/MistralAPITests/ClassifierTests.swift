// SPDX-License-Identifier: Apache-2.0

import AgentCore
import FakeModelServer
import JSONCore
import MistralAPI
import Testing

@Suite(.timeLimit(.minutes(10))) struct ClassifierTests {
    private func verdict(_ count: Int) -> JSONValue {
        let names = (0..<count).map { "category_\($0)" }
        return [
            "categories": .object(JSONObject(names.map { ($0, .bool($0 == "category_1")) })),
            "category_scores": .object(JSONObject(names.map { ($0, 0.25) })), "new": [1],
        ]
    }

    // Moderation models answer with 9 categories, with 11, or with those of a model to come.
    @Test(arguments: [0, 9, 11, 40]) func takesAnyNumberOfCategories(count: Int) async throws {
        let answer: JSONValue = ["id": "x", "model": "m", "results": [verdict(count), verdict(0)]]
        try await withClient { _ in
            .json(answer)
        } _: { client, server in
            let response = try await MistralModerationModel(client: client).moderate(.texts(["a", "b"])) { _ in }
            #expect(response.verdicts.map(\.categories.count) == [count, 0])
            #expect(response.verdicts[0].isFlagged == (count > 1))
            #expect(response.verdicts[0].fields["new"] == [1])
            #expect(server.requests.first?.path == "/v1/moderations")
        }
    }

    @Test func sendsOneConversationPlainAndSeveralAsAList() async throws {
        try await withClient { request in
            let count = (try? request.json["input"]?[0]?.arrayValue == nil ? 1 : 2) ?? 0
            return .json(["results": .array((0..<count).map { _ in self.verdict(9) })])
        } _: { client, server in
            let model = MistralModerationModel(client: client)
            _ = try await model.moderate(.conversations([[.user("a"), .assistant("b")]])) { _ in }
            _ = try await model.moderate(.conversations([[.user("a")], [.user("b")]])) { _ in }
            #expect(server.requests.map(\.path) == ["/v1/chat/moderations", "/v1/chat/moderations"])
            #expect(
                try server.requests[0].json["input"] == [
                    ["role": "user", "content": "a"], ["role": "assistant", "content": "b", "prefix": false],
                ])
            #expect(
                try server.requests[1].json["input"] == [
                    [["role": "user", "content": "a"]], [["role": "user", "content": "b"]],
                ])
        }
    }

    @Test func flagsTheBestLabelOfEachTarget() async throws {
        let result: JSONValue = [
            "mood": ["scores": ["good": 0.75, "bad": 0.25]], "language": ["scores": ["en": 0.5, "fr": 0.125]],
        ]
        try await withClient { _ in
            .json(["results": [result]])
        } _: { client, server in
            let model = MistralClassifierModel(name: "ft:x", client: client)
            let verdict = try #require(try await model.moderate(.conversations([[.user("a")]])) { _ in }.verdicts.first)
            #expect(verdict.categories.filter(\.isFlagged).map(\.name) == ["mood.good", "language.en"])
            let request = try #require(server.requests.first)
            #expect(request.path == "/v1/chat/classifications")
            #expect(try request.json["input"] == ["messages": [["role": "user", "content": "a"]]])
        }
    }

    @Test(arguments: ["{}", #"{"results":[]}"#, #"{"results":[1]}"#, #"{"results":[{}]}"#, #"{"results":[{},{}]}"#])
    func refusesAnAnswerWithoutOneVerdictPerText(body: String) async throws {
        try await withClient { _ in
            FakeReply(text: body)
        } _: { client, _ in
            let error = await #expect(throws: ModelError.self) {
                try await MistralModerationModel(client: client).moderate(.texts(["a"])) { _ in }
            }
            #expect(error?.code == .invalidResponse)
        }
    }
}
