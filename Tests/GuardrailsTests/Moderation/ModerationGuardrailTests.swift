// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Guardrails
import JSONCore
import Testing

@Suite struct ModerationGuardrailTests {
    private let scores = ["violence": 0.91, "law": 0.97, "pii": 0.3]

    private func verdict(
        _ model: FakeModeration, _ policy: ModerationPolicy = .providersOwn, action: GuardrailAction = .block,
        replacement: String? = nil, text: String = "bad"
    ) async throws -> GuardrailVerdict {
        try await ModerationGuardrail(model: model, policy: policy, action: action, replacement: replacement)
            .check(GuardrailSubject(.input, text))
    }

    @Test func blocksWhatTheProviderFlags() async throws {
        let model = FakeModeration(scores: scores, flags: ["violence"])
        let bad = try await verdict(model)
        #expect(
            bad
                == .block(GuardrailFinding("fake-moderation finds violence", category: "violence", score: 0.91)))
        let good = try await verdict(model, text: "hello")
        #expect(good == .pass)
    }

    @Test func aThresholdCountsInPlaceOfTheFlag() async throws {
        let model = FakeModeration(scores: scores, flags: ["violence"])
        let all = try await verdict(model, try ModerationPolicy(threshold: 0.97))
        #expect(all.finding?.category == "law" && all.finding?.threshold == 0.97, "a score at the threshold is found")
        let own = try await verdict(model, try ModerationPolicy(threshold: 1, thresholds: ["pii": 0.1]))
        #expect(
            own.finding
                == GuardrailFinding("fake-moderation finds pii", category: "pii", score: 0.3, threshold: 0.1))
        let lax = try await verdict(model, try ModerationPolicy(threshold: 0.98))
        #expect(lax == .pass)
    }

    @Test func theHighestScoreIsTheFinding() async throws {
        let found = try await verdict(FakeModeration(scores: scores), try ModerationPolicy(threshold: 0.2))
        #expect(found.finding?.category == "law")
    }

    @Test func ignoresAndSelectsCategories() async throws {
        let model = FakeModeration(scores: scores)
        let ignoring = try await verdict(model, try ModerationPolicy(threshold: 0.2, ignore: ["law", "unheard of"]))
        #expect(ignoring.finding?.category == "violence")
        let only = try await verdict(model, try ModerationPolicy(threshold: 0.2, only: ["pii"]))
        #expect(only.finding?.category == "pii")
    }

    @Test func replacesAndFlags() async throws {
        let model = FakeModeration(scores: scores, flags: ["law"])
        let replaced = try await verdict(model, action: .replace)
        guard case .replace("[withheld: law]", _) = replaced else { throw Unexpected("\(replaced)") }
        let own = try await verdict(model, action: .replace, replacement: "no")
        guard case .replace("no", _) = own else { throw Unexpected("\(own)") }
        let flagged = try await verdict(model, action: .flag)
        guard case .flag = flagged else { throw Unexpected("\(flagged)") }
    }

    // Moderation models answer with 9 categories, with 11, or with those of a model to come.
    @Test(arguments: [1, 9, 11, 40]) func takesAnyNumberOfCategories(count: Int) async throws {
        let names = (0..<count).map { "category_\($0)" }
        let model = FakeModeration(scores: Dictionary(uniqueKeysWithValues: names.map { ($0, 0.5) }))
        let found = try await verdict(model, try ModerationPolicy(thresholds: ["category_\(count - 1)": 0.5]))
        #expect(found.finding?.category == "category_\(count - 1)")
    }

    @Test(arguments: [
        try? ModerationPolicy(thresholds: ["vilence": 0.5]), try? ModerationPolicy(only: ["vilence"]),
    ])
    func aCategoryThatDoesNotExistIsAnError(policy: ModerationPolicy?) async throws {
        let policy = try #require(policy)
        let error = await #expect(throws: ModelError.self) {
            _ = try await self.verdict(FakeModeration(scores: self.scores), policy, text: "hello")
        }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("no category \"vilence\"; there are law, pii, violence") == true)
    }

    @Test func refusesAPolicyThatCannotBeMeant() {
        #expect(throws: ModelError.self) { try ModerationPolicy(threshold: 1.1) }
        #expect(throws: ModelError.self) { try ModerationPolicy(threshold: .nan) }
        #expect(throws: ModelError.self) { try ModerationPolicy(thresholds: ["a": -0.1]) }
        #expect(throws: ModelError.self) { try ModerationPolicy(only: []) }
        #expect(throws: ModelError.self) { try ModerationPolicy(ignore: ["a"], only: ["a"]) }
        #expect(throws: ModelError.self) { try ModerationPolicy(thresholds: ["a": 0.5], ignore: ["a"]) }
    }

    // MARK: - Verdicts that cannot be used

    private static let unusable: [(ModerationResponse.Verdict, Double?)] = [
        (.init(categories: [], fields: [:]), nil),
        (.wire([("violence", false, .nan)]), 0.5), (.wire([("violence", false, 1.5)]), 0.5),
        (.wire([("violence", false, -0.1)]), nil),
        // No score, where a score is needed.
        (
            .init(
                categories: [("violence", false, 0)],
                fields: ["categories": ["violence": false], "category_scores": [:]]), 0.5
        ),
        (
            .init(
                categories: [("violence", false, 0)],
                fields: ["categories": ["violence": false], "category_scores": ["violence": "0.9"]]), 0.5
        ),
        // No flag, where no threshold is.
        (.init(categories: [("violence", false, 0.9)], fields: ["category_scores": ["violence": 0.9]]), nil),
        (
            .init(
                categories: [("violence", false, 0.9)],
                fields: ["categories": ["violence": "true"], "category_scores": ["violence": 0.9]]), nil
        ),
    ]

    @Test(arguments: unusable.indices) func aVerdictThatCannotBeUsedIsThrown(place: Int) async throws {
        let (verdict, threshold) = Self.unusable[place]
        let policy = try ModerationPolicy(threshold: threshold)
        let error = await #expect(throws: ModelError.self) {
            _ = try await self.verdict(FakeModeration { _ in verdict }, policy)
        }
        #expect(error?.code == .invalidResponse)
    }

    /// A category that is flagged and has no score is a finding all the same.
    @Test func aFlagWithoutAScoreBlocks() async throws {
        let flagged = ModerationResponse.Verdict(
            categories: [("violence", true, 0)], fields: ["categories": ["violence": true]])
        let found = try await verdict(FakeModeration { _ in flagged })
        #expect(found == .block(GuardrailFinding("fake-moderation finds violence", category: "violence")))
    }

    @Test func fewerVerdictsThanTextsAreThrown() async throws {
        let model = FakeModeration(lost: 1) { _ in .wire([("violence", false, 0)]) }
        let error = await #expect(throws: ModelError.self) { _ = try await self.verdict(model) }
        #expect(error?.message == "fake-moderation gave 0 verdicts for 1 texts")
    }
}

struct Unexpected: Error { init(_ what: String) { Issue.record("unexpected: \(what)") } }
