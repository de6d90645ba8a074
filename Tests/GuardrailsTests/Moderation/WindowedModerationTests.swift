// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Guardrails
import JSONCore
import Testing

@Suite struct WindowedModerationTests {
    private let long = "bad" + String(repeating: "x", count: 10_000) + "worse"

    @Test func theWorstOfThePiecesCounts() async throws {
        let model = FakeModeration { text in
            .wire([
                ("a", text.contains("bad"), text.contains("bad") ? 0.6 : 0.1),
                ("b", false, text.contains("worse") ? 0.9 : 0.2),
            ])
        }
        let response = try await WindowedModeration(model).moderate(["fine", long])
        #expect(model.inputs.count == 1)
        #expect(
            response.verdicts[0].fields
                == ModerationResponse.Verdict.wire([("a", false, 0.1), ("b", false, 0.2)]).fields)
        #expect(
            response.verdicts[1].fields
                == ModerationResponse.Verdict.wire([("a", true, 0.6), ("b", false, 0.9)]).fields)
        #expect(response.verdicts[1].categories.map(\.isFlagged) == [true, false])
    }

    /// What one piece's verdict lacks is not covered up by the others'.
    @Test func whatIsMissingStaysMissing() async throws {
        let model = FakeModeration { text in
            text.contains("bad")
                ? .wire([("a", false, 0.1)])
                : .init(categories: [("a", false, 0)], fields: ["categories": ["a": false]])
        }
        let verdict = try #require(try await WindowedModeration(model).moderate([long]).verdicts.first)
        #expect(throws: ModelError.self) { try ModerationPolicy(threshold: 0.5).finding(in: verdict, of: "m") }
    }

    @Test func fewerVerdictsThanPiecesAreThrown() async throws {
        let model = FakeModeration(lost: 1) { _ in .wire([("a", false, 0)]) }
        await #expect(throws: ModelError.self) { _ = try await WindowedModeration(model).moderate([self.long]) }
    }

    @Test func conversationsGoAsTheyAre() async throws {
        let model = FakeModeration { _ in .wire([("a", false, 0)]) }
        let input = ModerationInput.conversations([[.user(long)]])
        _ = try await WindowedModeration(model).moderate(input) { _ in }
        #expect(model.inputs == [input])
    }
}
