// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Judges by a moderation service: what people and models say in its conversation, results and arguments of tools as bare text.
///
/// A verdict that cannot be used (scores missing or outside 0…1, fewer verdicts than texts) is thrown, so that the rule
/// fails closed.
public struct ModerationGuardrail: Guardrail {
    /// Which endpoint of the service judges.
    public enum Endpoint: String, Sendable, CaseIterable {
        /// The text as the last turn of its conversation.
        case chat
        /// The text alone.
        case raw
    }

    public let name: String
    public let model: any ModerationModel
    public let policy: ModerationPolicy
    public let action: GuardrailAction
    /// What stands in place of a text, for ``GuardrailAction/replace``; `nil` for `[withheld: CATEGORY]`.
    public let replacement: String?
    /// `nil` for ``Endpoint/chat`` in the stages of input and output, and ``Endpoint/raw`` in those of tools.
    public let endpoint: Endpoint?

    /// How much of a streamed answer is judged with each sentence of it, in Unicode scalars: what spans sentences is seen.
    public static let sentenceWindow = 2000
    /// How much of a text the service is given at once, in Unicode scalars; the pieces of a longer one overlap by 200.
    public static let textWindow = 8000
    /// How much of a conversation goes with its last turn, in Unicode scalars of whole messages.
    public static let contextWindow = 8000

    public init(
        model: any ModerationModel, policy: ModerationPolicy = .providersOwn, action: GuardrailAction = .block,
        replacement: String? = nil, endpoint: Endpoint? = nil, name: String = "moderation"
    ) {
        self.name = name
        self.model = model
        self.policy = policy
        self.action = action
        self.replacement = replacement
        self.endpoint = endpoint
    }

    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        try await check([subject])[0]
    }

    /// Judges `subjects` in at most two requests: one for all bare texts, one for all conversations.
    public func check(_ subjects: [GuardrailSubject]) async throws -> [GuardrailVerdict] {
        var batch = ModerationBatch()
        for subject in subjects { batch.add(subject, endpoint: endpoint ?? Self.endpoint(for: subject.stage)) }
        var worst = [GuardrailFinding?](repeating: nil, count: subjects.count)
        for request in batch.requests {
            let verdicts = try await verdicts(for: request.input, count: request.places.count)
            try note(verdicts, at: request.places, in: &worst)
        }
        return worst.map(verdict)
    }

    /// Keeps the worst finding of each subject. A function of its own: inside the one that waits, Swift 6.3 crashes over it with
    /// optimization ("While splitting coroutine").
    private func note(
        _ verdicts: [ModerationResponse.Verdict], at places: [Int], in worst: inout [GuardrailFinding?]
    ) throws {
        for (verdict, place) in zip(verdicts, places) {
            guard let finding = try policy.finding(in: verdict, of: model.name) else { continue }
            if finding.score ?? 0 >= worst[place]?.score ?? 0 { worst[place] = finding }
        }
    }

    private func verdict(_ finding: GuardrailFinding?) -> GuardrailVerdict {
        guard let finding else { return .pass }
        return action.verdict(finding, replacement: replacement ?? "[withheld: \(finding.category ?? name)]")
    }

    private static func endpoint(for stage: GuardrailStage) -> Endpoint {
        switch stage {
        case .input, .output: .chat
        case .toolCall, .toolResult: .raw
        }
    }

    private func verdicts(
        for input: ModerationInput, count: Int
    ) async throws -> [ModerationResponse.Verdict] {
        let verdicts = try await model.moderate(input, onEvent: { _ in }).verdicts
        guard verdicts.count == count else {
            throw ModelError(
                .invalidResponse, "\(model.name) gave \(verdicts.count) verdicts for \(count) texts")
        }
        return verdicts
    }
}
