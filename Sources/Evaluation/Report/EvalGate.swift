// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// A figure that an evaluation must reach, or must not exceed, for the build to go on.
public struct EvalGate: Sendable, Equatable {
    public enum Bound: String, Sendable { case minimum, maximum }

    /// The figures that gates know; those with a dot may be of one label or group.
    public static let measures = [
        "accuracy", "accuracy.GROUP", "precision", "precision.LABEL", "recall", "recall.LABEL", "f1", "f1.LABEL",
        "macro_f1", "micro_f1", "always", "ever", "difference", "errors", "latency_p50", "latency_p95", "latency_max",
        "tokens", "cost",
    ]
    private static let withLabel = ["accuracy", "precision", "recall", "f1"]

    public var measure: String
    /// The label, or the set, category or tag.
    public var label: String?
    public var bound: Bound
    public var value: Double

    /// Reads `accuracy=0.9`, `recall.fraud=0.8`.
    ///
    /// - Returns: `nil` when `text` is no gate.
    public init?(_ text: String, _ bound: Bound) {
        guard let equals = text.lastIndex(of: "="), let value = Double(text[text.index(after: equals)...]),
            value.isFinite
        else { return nil }
        let name = text[..<equals]
        let dot = name.firstIndex(of: ".")
        measure = String(name[..<(dot ?? name.endIndex)])
        label = dot.map { String(name[name.index(after: $0)...]) }
        self.bound = bound
        self.value = value
        guard label.map({ !$0.isEmpty && Self.withLabel.contains(measure) }) ?? Self.measures.contains(measure) else {
            return nil
        }
    }

    public var name: String { label.map { "\(measure).\($0)" } ?? measure }

    /// What is wrong, in one sentence; `nil` when the gate is met. A figure that is not defined meets no gate.
    public func fault(in report: EvalReport, _ comparison: EvalComparison? = nil) -> String? {
        guard let found = found(in: report, comparison) else {
            return "\(name) is not defined here, and must be \(wish)"
        }
        let isMet = bound == .minimum ? found >= value : found <= value
        // Not rounded: 0.8999 must not be shown as the 0.9 that it is not.
        return isMet ? nil : "\(name) is \(found), and must be \(wish)"
    }

    private var wish: String { "\(bound == .minimum ? "at least" : "at most") \(value)" }

    private func found(in report: EvalReport, _ comparison: EvalComparison?) -> Double? {
        switch measure {
        case "accuracy": label.map { accuracy(of: $0, report) } ?? report.accuracy.value
        case "precision": score(report, \.precision)
        case "recall": score(report, \.recall)
        case "f1": score(report, \.f1)
        case "macro_f1": report.matrices.first?.matrix.macro(\.f1)
        case "micro_f1": report.matrices.first?.matrix.micro.f1
        case "always": share(report.repeats.always, report)
        case "ever": share(report.repeats.ever, report)
        case "difference": comparison?.paired.difference
        case "errors": Double(report.errors)
        case "latency_p50": report.latency.quantile(0.5)
        case "latency_p95": report.latency.quantile(0.95)
        case "latency_max": report.latency.maximum
        case "tokens": Double(report.usage.totalTokens)
        case "cost": report.cost?.doubleValue
        default: nil
        }
    }

    private func share(_ count: Int, _ report: EvalReport) -> Double? {
        Rate(count, of: report.repeats.cases.count).value
    }

    private func accuracy(of name: String, _ report: EvalReport) -> Double? {
        EvalReport.Group.Kind.allCases.lazy.compactMap { report.group($0, name).rate.value }.first
    }

    /// Of the label where it is expected; without a label of the one that guardrails and refusals are about, else the mean.
    private func score(_ report: EvalReport, _ score: (LabelScores) -> Double?) -> Double? {
        let matrices = report.matrices.map(\.matrix)
        if let label {
            return matrices.first { $0.expected.contains(label) }.flatMap { score($0.scores(of: label)) }
        }
        guard let first = report.matrices.first else { return nil }
        switch first.name {
        case "verdict": return score(first.matrix.scores(of: EvalCase.Label.block.rawValue))
        case "refusal": return score(first.matrix.scores(of: "refused"))
        default: return first.matrix.macro(score)
        }
    }
}
