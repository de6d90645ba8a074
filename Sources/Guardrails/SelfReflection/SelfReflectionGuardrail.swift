// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Judges by a chat model, which may be the embedded one: moderation without a moderation service.
///
/// How well depends on the model; docs/guardrails-models.md has figures. An answer that is none of the categories is thrown, so
/// that the rule fails closed.
public struct SelfReflectionGuardrail: Guardrail {
    public let name: String
    public let action: GuardrailAction
    /// What stands in place of a text, for ``GuardrailAction/replace``; `nil` for `[withheld: CATEGORY]`.
    public let replacement: String?
    /// The least score of a finding, where the judge tells how sure it is.
    public let threshold: Double
    private let judge: ReflectionJudge

    /// Of a longer text pieces of this length are judged one after another, in Unicode scalars; they overlap by 200.
    public static let textWindow = 2000
    /// How much of a streamed answer is judged with each sentence of it, in Unicode scalars.
    public static let sentenceWindow = 600
    /// The threshold unless another is given: the best on the tuning half of the labelled set, with the embedded model.
    public static let defaultThreshold = 0.7

    /// - Parameters:
    ///   - judge: any chat model. The embedded one's score is the probability of a category, by the tokens it could have written;
    ///     of others the word counts, and there is no score.
    ///   - threshold: 0…1; `nil` for ``defaultThreshold``.
    ///   - ledger: where the judge's usage is added up.
    /// - Throws: ``ModelError/Code/configuration`` for categories that cannot be told apart, a threshold outside 0…1, and one
    ///   for a judge that tells no scores.
    public init(
        judge: any Model, categories: [ReflectionCategory] = ReflectionCategory.standard, threshold: Double? = nil,
        action: GuardrailAction = .block, replacement: String? = nil, ledger: UsageLedger? = nil,
        name: String = "self_reflection"
    ) throws(ModelError) {
        if let threshold {
            guard (0...1).contains(threshold) else {
                throw ModelError(.configuration, "threshold: expected a score of 0…1, found \(threshold)")
            }
            guard judge.reportsTokens else {
                throw ModelError(
                    .configuration, "threshold: \(judge.name) does not tell how sure it is; leave the threshold out")
            }
        }
        self.name = name
        self.action = action
        self.replacement = replacement
        self.threshold = threshold ?? Self.defaultThreshold
        self.judge = try ReflectionJudge(model: judge, categories: categories, ledger: ledger)
    }

    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        let room = Self.sentenceWindow - subject.text.unicodeScalars.count
        let before = room > 0 ? TextWindows.end(of: subject.before, length: room) : ""
        // The first finding decides: a long text must not run into the time limit with its finding in hand.
        for piece in JudgedPieces.pieces(of: before + subject.text) {
            let verdict = try await judge.judge(piece)
            guard let category = verdict.category(from: threshold) else { continue }
            let score = verdict.score
            let finding = GuardrailFinding(
                "\(judge.model.name) finds \(category)", category: category, score: score,
                threshold: score == nil ? nil : threshold)
            return action.verdict(finding, replacement: replacement ?? "[withheld: \(category)]")
        }
        return .pass
    }
}
