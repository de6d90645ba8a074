// SPDX-License-Identifier: Apache-2.0

/// What was expected against what came, and the figures that follow from it.
///
/// Answers that gave no label are in it as ``none``: they are wrong for recall and F1 and no prediction for precision. Cases that could not
/// be judged are not in it.
public struct ConfusionMatrix: Sendable, Equatable {
    /// What stands for an answer without one of the labels.
    public static let none = "(none)"

    /// The labels that were expected, in the order of their first case.
    public private(set) var expected: [String] = []
    /// What came, those that were expected first, ``none`` last.
    public var got: [String] {
        let others = columns.filter { !expected.contains($0) && $0 != Self.none }
        return expected + others + (columns.contains(Self.none) ? [Self.none] : [])
    }
    private var columns: [String] = []
    private var counts: [String: [String: Int]] = [:]

    public init() {}

    /// - Parameter label: what came; `nil` for an answer without a label.
    public mutating func note(expected: String, got label: String?) {
        let label = label ?? Self.none
        if counts[expected] == nil {
            counts[expected] = [:]
            self.expected.append(expected)
        }
        if !columns.contains(label) { columns.append(label) }
        counts[expected, default: [:]][label, default: 0] += 1
    }

    public subscript(expected: String, got: String) -> Int { counts[expected]?[got] ?? 0 }

    public var count: Int { expected.reduce(0) { $0 + support(of: $1) } }
    public var isEmpty: Bool { counts.isEmpty }

    /// How often `label` was expected.
    public func support(of label: String) -> Int { counts[label]?.values.reduce(0, +) ?? 0 }

    /// How often `label` came.
    public func predictions(of label: String) -> Int {
        counts.values.reduce(0) { $0 + ($1[label] ?? 0) }
    }

    /// How well one label was found.
    public func scores(of label: String) -> LabelScores {
        LabelScores(
            label: label, truePositives: self[label, label], predictions: predictions(of: label),
            support: support(of: label))
    }

    /// The scores of all expected labels.
    public var scores: [LabelScores] { expected.map(scores(of:)) }

    /// The share of answers that had the expected label; `nil` without cases.
    public var accuracy: Double? {
        count > 0 ? Double(expected.reduce(0) { $0 + self[$1, $1] }) / Double(count) : nil
    }

    /// The scores of all labels together: each answer counts the same. An answer without a label is no prediction.
    public var micro: LabelScores {
        LabelScores(
            label: "micro", truePositives: expected.reduce(0) { $0 + self[$1, $1] },
            predictions: count - predictions(of: Self.none), support: count)
    }

    /// The mean of a score over all expected labels, each counting the same; `nil` when it is not defined of one of them, as
    /// leaving that one out would make the mean look better.
    public func macro(_ score: (LabelScores) -> Double?) -> Double? {
        let values = scores.map(score)
        guard !values.isEmpty, !values.contains(where: { $0 == nil }) else { return nil }
        return values.reduce(0) { $0 + ($1 ?? 0) } / Double(values.count)
    }
}

/// How well one label was found.
public struct LabelScores: Sendable, Equatable {
    public var label: String
    /// How often it was expected and came.
    public var truePositives: Int
    /// How often it came.
    public var predictions: Int
    /// How often it was expected.
    public var support: Int

    public init(label: String, truePositives: Int, predictions: Int, support: Int) {
        self.label = label
        self.truePositives = truePositives
        self.predictions = predictions
        self.support = support
    }

    /// The share of its predictions that were right; not defined, `nil`, when it never came.
    public var precision: Double? { predictions > 0 ? Double(truePositives) / Double(predictions) : nil }
    /// The share of its cases that were found; not defined, `nil`, when it was never expected.
    public var recall: Double? { support > 0 ? Double(truePositives) / Double(support) : nil }
    /// The harmonic mean of precision and recall, 2 TP / (predictions + support): 0 when it was expected and never came; not
    /// defined, `nil`, when it was neither expected nor came.
    public var f1: Double? {
        predictions + support > 0 ? 2 * Double(truePositives) / Double(predictions + support) : nil
    }
}
