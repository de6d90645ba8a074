// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What a provider's own guardrail found in a request.
public struct ProviderFinding: Sendable, Equatable {
    /// The provider's name of the guardrail, such as `moderation_llm_v2`.
    public var guardrail: String
    public var category: String
    /// 0…1; `nil` when the provider did not say.
    public var score: Double?
    public var threshold: Double?

    public init(guardrail: String, category: String, score: Double? = nil, threshold: Double? = nil) {
        self.guardrail = guardrail
        self.category = category
        self.score = score
        self.threshold = threshold
    }

    /// `moderation_llm_v2: sexual, score 0.97, threshold 0.1`.
    var words: String {
        let numbers = [("score", score), ("threshold", threshold)].compactMap { name, number in
            number.map { "\(name) \(($0 * 1000).rounded() / 1000)" }
        }
        return "\(guardrail): " + ([category] + numbers).joined(separator: ", ")
    }

    /// Reads the `guardrails` of an answer of the Mistral API: `{"results": …}`, or a list of such.
    ///
    /// The API's documents leave the form of a result open. Taken are verdicts by category (`categories` with `category_scores`, or
    /// objects with a score), single ones (`category`, `score`, `threshold`), and lists of these; other fields are left out, so
    /// nothing that a user wrote can get in. The highest score comes first.
    public static func all(in value: JSONValue) -> [ProviderFinding] {
        var findings: [ProviderFinding] = []
        for part in value.arrayValue ?? [value] {
            switch part["results"] ?? part {
            case .object(let results):
                for (name, result) in results { findings += found(in: result, by: name) }
            case .array(let results):
                for result in results { findings += found(in: result, by: name(of: result)) }
            default: break
            }
        }
        return findings.sorted { ($0.score ?? 0) > ($1.score ?? 0) }
    }

    private static func name(of result: JSONValue) -> String {
        ["name", "guardrail", "type"].lazy.compactMap { result[$0]?.stringValue }.first { $0.count <= 64 }
            ?? "guardrail"
    }

    private static func found(in result: JSONValue, by guardrail: String) -> [ProviderFinding] {
        if let list = result.arrayValue { return list.flatMap { found(in: $0, by: guardrail) } }
        if let category = result["category"]?.stringValue, category.count <= 64 {
            return [
                ProviderFinding(
                    guardrail: guardrail, category: category, score: number(result["score"]),
                    threshold: number(result["threshold"]))
            ]
        }
        let scores = result["category_scores"] ?? result["scores"]
        let thresholds = ["thresholds", "category_thresholds", "custom_category_thresholds"].lazy
            .compactMap { result[$0] }.first
        guard let categories = (result["categories"] ?? scores)?.objectValue else { return [] }
        return categories.compactMap { category, verdict in
            let finding = ProviderFinding(
                guardrail: guardrail, category: String(category.prefix(64)),
                score: number(scores?[category]) ?? number(verdict["score"]) ?? number(verdict),
                threshold: number(thresholds?[category]) ?? number(verdict["threshold"]))
            return isFound(verdict, finding) ? finding : nil
        }
    }

    private static func isFound(_ verdict: JSONValue, _ finding: ProviderFinding) -> Bool {
        let flags = ["flagged", "violated", "blocked"].lazy.compactMap { verdict[$0]?.boolValue }
        if let flag = verdict.boolValue ?? flags.first { return flag }
        guard let score = finding.score, let threshold = finding.threshold else { return false }
        return score >= threshold
    }

    private static func number(_ value: JSONValue?) -> Double? { value?.doubleValue }
}
