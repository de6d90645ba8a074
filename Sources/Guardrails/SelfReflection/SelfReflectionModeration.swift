// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore

/// Moderation by a chat model, in the form of a moderation service.
///
/// A category is flagged when the model finds it. Its score is the probability of the finding, where the model tells tokens (the
/// embedded one does); else 1, and 0 for the categories that were not found. Of a conversation the last turn is judged, alone.
public struct SelfReflectionModeration: ModerationModel {
    public var name: String { judge.model.name }
    private let judge: ReflectionJudge
    private let threshold: Double

    /// - Parameters:
    ///   - threshold: the least score of a flag, 0…1, where there are scores.
    ///   - ledger: where the judge's usage is added up, unless the host meters this service as a whole.
    /// - Throws: ``ModelError/Code/configuration`` for categories that cannot be told apart.
    public init(
        judge: any Model, categories: [ReflectionCategory] = ReflectionCategory.standard,
        threshold: Double = SelfReflectionGuardrail.defaultThreshold, ledger: UsageLedger? = nil
    ) throws(ModelError) {
        guard (0...1).contains(threshold) else {
            throw ModelError(.configuration, "threshold: expected a score of 0…1, found \(threshold)")
        }
        self.judge = try ReflectionJudge(model: judge, categories: categories, ledger: ledger)
        self.threshold = threshold
    }

    /// Judges one text after another; of a long one every piece, as ``SelfReflectionGuardrail/textWindow`` says.
    public func moderate(
        _ input: ModerationInput, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModerationResponse {
        var response = ModerationResponse(model: name, verdicts: [])
        for text in Self.texts(of: input) {
            var scores: [String: Double] = [:]
            var flagged: Set<String> = []
            for piece in JudgedPieces.pieces(of: text) {
                let verdict = try await judge.judge(piece)
                response.usage += verdict.usage
                let category = verdict.category(from: threshold)
                if let category { flagged.insert(category) }
                scores.merge(self.scores(verdict, category), uniquingKeysWith: max)
            }
            response.verdicts.append(self.verdict(scores, flagged))
        }
        return response
    }

    /// What the judge would be sent for the first text; nothing is sent.
    ///
    /// - Throws: ``ModelError`` when it could not be.
    public func wireRequest(for input: ModerationInput) throws -> JSONValue {
        try judge.wireRequest(for: Self.texts(of: input).first ?? "")
    }

    private static func texts(of input: ModerationInput) -> [String] {
        switch input {
        case .texts(let texts): texts
        case .conversations(let conversations): conversations.map { $0.last?.text ?? "" }
        }
    }

    /// The likeliest category stands for all of the finding: what is shared among several must not fall below a threshold.
    private func scores(_ verdict: ReflectionVerdict, _ category: String?) -> [String: Double] {
        guard var scores = verdict.probabilities, let score = verdict.score else {
            return category.map { [$0: 1] } ?? [:]
        }
        scores[ReflectionCategory.none] = nil
        if let likeliest = verdict.category(from: 0) { scores[likeliest] = score }
        return scores
    }

    private func verdict(_ scores: [String: Double], _ flagged: Set<String>) -> ModerationResponse.Verdict {
        let categories = judge.categories.map { category in
            (
                name: category.name, isFlagged: flagged.contains(category.name),
                score: min(1, max(0, scores[category.name] ?? 0))
            )
        }
        return ModerationResponse.Verdict(
            categories: categories,
            fields: [
                "categories": .object(JSONObject(categories.map { ($0.name, .bool($0.isFlagged)) })),
                "category_scores": .object(JSONObject(categories.map { ($0.name, .number($0.score)) })),
            ])
    }
}
