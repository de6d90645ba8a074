// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Guardrails
import JSONCore
import Testing

@Suite struct SelfReflectionModerationTests {
    private func answer(_ category: String) -> ScriptedModel.Reply { .text(#"{"category":"\#(category)"}"#) }

    @Test func flagsHaveTheFormOfAService() async throws {
        let judge = ScriptedModel([answer("fraud"), answer("not moderated")])
        let model = try SelfReflectionModeration(judge: judge)
        let response = try await model.moderate(["a", "b"])
        #expect(response.verdicts.map(\.isFlagged) == [true, false])
        #expect(
            response.verdicts[0].fields == [
                "categories": ["physical harm": false, "economic harm": false, "fraud": true],
                "category_scores": ["physical harm": 0.0, "economic harm": 0.0, "fraud": 1.0],
            ])
        #expect(response.usage.promptTokens == 20)
        #expect(response.model == "scripted")
    }

    @Test func scoresAreWhatTheJudgeTells() async throws {
        let judge = TokenModel(word: "not moderated", [("not", 0.1), ("fra", 0.5), ("eco", 0.4)])
        let verdict = try #require(try await SelfReflectionModeration(judge: judge).moderate(["a"]).verdicts.first)
        #expect(verdict.categories.map(\.isFlagged) == [false, false, true])
        #expect(verdict.categories.map { ($0.score * 100).rounded() } == [0, 40, 90])
    }

    @Test func aLongTextIsFlaggedByAnyOfItsPieces() async throws {
        let judge = ScriptedModel([answer("fraud"), answer("not moderated"), answer("physical harm")])
        let model = try SelfReflectionModeration(judge: judge)
        let verdict = try #require(
            try await model.moderate([String(repeating: "x", count: 5000)]).verdicts.first)
        #expect(verdict.categories.filter(\.isFlagged).map(\.name) == ["physical harm", "fraud"])
    }

    @Test func aConversationIsJudgedByItsLastTurn() async throws {
        let judge = ScriptedModel([answer("fraud")])
        let input = ModerationInput.conversations([[.user("a"), .assistant("b")]])
        let response = try await SelfReflectionModeration(judge: judge).moderate(input) { _ in }
        #expect(response.verdicts.count == 1)
        #expect(judge.requests[0].messages.last?.text == #"{"text":"b"}"#)
    }

    /// It serves as a model of the moderation guardrail, too.
    @Test func servesTheModerationGuardrail() async throws {
        let model = try SelfReflectionModeration(judge: ScriptedModel([answer("fraud")]))
        let guardrail = ModerationGuardrail(model: model, policy: try ModerationPolicy(only: ["fraud"]))
        let found = try await guardrail.check(GuardrailSubject(.toolResult, "t"))
        #expect(found.finding?.category == "fraud" && found.finding?.score == 1)
    }
}
