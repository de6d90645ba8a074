// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import JSONCore

/// From which scores on a verdict of moderation is a finding, and in which categories.
///
/// Categories are the provider's, an open set: none is known here.
public struct ModerationPolicy: Sendable, Equatable {
    /// For every category that has none of its own, 0…1; `nil` for the provider's own flags.
    public let threshold: Double?
    /// For single categories, 0…1.
    public let thresholds: [String: Double]
    /// Categories that are never a finding.
    public let ignore: Set<String>
    /// The categories that can be a finding; `nil` for all of them.
    public let only: Set<String>?

    /// - Throws: ``ModelError/Code/configuration`` for a score outside 0…1, an empty `only`, and a category that is both wanted
    ///   and ignored.
    public init(
        threshold: Double? = nil, thresholds: [String: Double] = [:], ignore: Set<String> = [], only: Set<String>? = nil
    ) throws(ModelError) {
        for (field, score) in [("threshold", threshold)]
            + thresholds.sorted(by: { $0.key < $1.key }).map({
                ("thresholds.\($0.key)", $0.value)
            })
        {
            if let score, !(0...1).contains(score) {
                throw ModelError(.configuration, "\(field): expected a score of 0…1, found \(score)")
            }
        }
        if only?.isEmpty == true {
            throw ModelError(.configuration, "only: expected at least one category, as nothing would be judged")
        }
        if let both = thresholds.keys.filter({ ignore.contains($0) }).min() ?? only?.intersection(ignore).min() {
            throw ModelError(.configuration, "ignore: the category \"\(both)\" is to be judged and to be ignored")
        }
        self.threshold = threshold
        self.thresholds = thresholds
        self.ignore = ignore
        self.only = only
    }

    /// Every category that the provider flags.
    public static let providersOwn = ModerationPolicy()

    private init() { (threshold, thresholds, ignore, only) = (nil, [:], [], nil) }

    /// The worst category of `verdict`: of those that are a finding the one with the highest score. `nil` for none.
    ///
    /// - Parameter model: who judged, for the sentences of errors.
    /// - Throws: ``ModelError`` for a verdict that says too little to judge by, or knows none of a category that this policy
    ///   names.
    public func finding(
        in verdict: ModerationResponse.Verdict, of model: String
    ) throws(ModelError) -> GuardrailFinding? {
        let found = try findings(in: verdict, of: model)
        return found.max { ($0.score ?? 0) < ($1.score ?? 0) }
    }

    /// All categories of `verdict` that are a finding, in its order. Errors as for ``finding(in:of:)``.
    public func findings(
        in verdict: ModerationResponse.Verdict, of model: String
    ) throws(ModelError) -> [GuardrailFinding] {
        try checkNames(verdict.categories.map(\.name), of: model)
        var found: [GuardrailFinding] = []
        for category in verdict.categories where isJudged(category.name) {
            let least = thresholds[category.name] ?? threshold
            let score = try score(of: category, in: verdict, isNeeded: least != nil, model)
            if let least {
                guard let score, score >= least else { continue }
            } else {
                guard try isFlagged(category, in: verdict, model) else { continue }
            }
            found.append(
                GuardrailFinding(
                    "\(model) finds \(category.name)", category: category.name, score: score, threshold: least))
        }
        return found
    }

    private func isJudged(_ category: String) -> Bool {
        !ignore.contains(category) && only?.contains(category) ?? true
    }

    /// A category that is to be judged and does not exist would never be a finding.
    private func checkNames(_ known: [String], of model: String) throws(ModelError) {
        guard !known.isEmpty else { throw Self.malformed(model, "it has no categories") }
        for (field, names) in [("thresholds", Set(thresholds.keys)), ("only", only ?? [])] {
            guard let foreign = names.subtracting(known).min() else { continue }
            throw ModelError(
                .configuration,
                "\(field): \(model) has no category \"\(foreign)\"; there are \(known.joined(separator: ", "))")
        }
    }

    private typealias Category = (name: String, isFlagged: Bool, score: Double)

    private func score(
        of category: Category, in verdict: ModerationResponse.Verdict, isNeeded: Bool, _ model: String
    ) throws(ModelError) -> Double? {
        // A provider's own form shows what is missing in it; a model without one is taken by its word.
        let isGiven =
            verdict.fields.isEmpty || verdict.fields["category_scores"]?[category.name]?.doubleValue != nil
        guard isGiven else {
            if !isNeeded { return nil }
            throw Self.malformed(model, "the category \"\(category.name)\" has no score")
        }
        guard (0...1).contains(category.score) else {
            throw Self.malformed(
                model, "the score of \"\(category.name)\" is not a number of 0…1, but \(category.score)")
        }
        return category.score
    }

    private func isFlagged(
        _ category: Category, in verdict: ModerationResponse.Verdict, _ model: String
    ) throws(ModelError) -> Bool {
        guard verdict.fields.isEmpty || verdict.fields["categories"]?[category.name]?.boolValue != nil else {
            throw Self.malformed(
                model, "the category \"\(category.name)\" is neither flagged nor not, and there is no threshold for it")
        }
        return category.isFlagged
    }

    private static func malformed(_ model: String, _ what: String) -> ModelError {
        ModelError(.invalidResponse, "the verdict of \(model) cannot be used: \(what)")
    }
}
