// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// What came of an evaluation: every figure of the reports follows from this.
public struct EvalReport: Sendable {
    /// What was evaluated: a file, a model, a guardrail.
    public var subject: String
    public var model: String?
    public var judge: String?
    public var cases: [EvalCase]
    public var trials: [EvalTrial]
    /// Tries that were planned; fewer were judged when the evaluation was interrupted.
    public var planned: Int
    /// Seconds on the wall, all in all; `nil` when nobody measured them.
    public var seconds: Double?
    /// What each case came to, in the order of the cases; those of which no try ended are not in it.
    public let results: [EvalCaseResult]

    public init(
        subject: String, model: String? = nil, judge: String? = nil, cases: [EvalCase], trials: [EvalTrial],
        planned: Int, seconds: Double? = nil
    ) {
        self.subject = subject
        self.model = model
        self.judge = judge
        self.cases = cases
        self.trials = trials
        self.planned = planned
        self.seconds = seconds
        let byCase = Dictionary(grouping: trials, by: \.caseIndex)
        results = cases.indices.compactMap { index in
            byCase[index].map { EvalCaseResult(question: cases[index], trials: $0) }
        }
    }

    /// Whether it was interrupted: then figures are of a part of the cases.
    public var isPartial: Bool { trials.count < planned }

    /// Right answers: of cases that were tried several times the share of tries that passed.
    public var accuracy: Rate { Self.rate(results) }

    public var errors: Int { trials.count { $0.outcome == .error } }

    /// The errors by kind, in the order in which they came first.
    public var errorsByKind: [(kind: String, count: Int)] {
        var counts: [(kind: String, count: Int)] = []
        for kind in trials.compactMap({ $0.failure?.kind.rawValue }) {
            if let index = counts.firstIndex(where: { $0.kind == kind }) {
                counts[index].count += 1
            } else {
                counts.append((kind, 1))
            }
        }
        return counts
    }

    /// The first thing that kept a try from being judged.
    public var firstFailure: EvalFailure? { trials.lazy.compactMap(\.failure).first }

    public var repeats: RepeatFigures {
        results.reduce(into: RepeatFigures()) { $0.note(judged: $1.judged, passed: $1.passed) }
    }

    /// The most tries that a case had.
    public var tries: Int { results.map(\.trials.count).max() ?? 0 }

    // MARK: - Parts

    /// The cases of one set, category or tag.
    public struct Group: Sendable {
        public enum Kind: String, Sendable, CaseIterable { case set, category, tag }
        public var kind: Kind
        public var name: String
        public var rate: Rate
        public var errors: Int
    }

    /// Of sets, categories and tags those that there is more than one of, or that not all cases belong to.
    public var groups: [Group] {
        Group.Kind.allCases.flatMap { kind -> [Group] in
            var names: [String] = []
            for name in results.flatMap({ $0.question.names(of: kind) }) where !names.contains(name) {
                names.append(name)
            }
            let groups = names.map { group(kind, $0) }
            return groups.count == 1 && kind == .set ? [] : groups
        }
    }

    /// The group of that kind and name; without cases when there is none.
    public func group(_ kind: Group.Kind, _ name: String) -> Group {
        let members = results.filter { $0.question.names(of: kind).contains(name) }
        return Group(
            kind: kind, name: name, rate: Self.rate(members),
            errors: members.reduce(0) { $0 + $1.trials.count - $1.judged })
    }

    private static func rate(_ results: [EvalCaseResult]) -> Rate {
        let shares = results.compactMap(\.passRate)
        return Rate(shares.reduce(0, +), of: shares.count)
    }

    /// How often each check passed, in the order of their first use.
    public struct CheckFigures: Sendable, Equatable {
        public var name: String
        public var isAdvisory: Bool
        public var passed = 0
        public var failed = 0
    }

    public var checks: [CheckFigures] {
        var figures: [CheckFigures] = []
        for grade in trials.flatMap(\.grades) {
            let known = figures.firstIndex { $0.name == grade.check && $0.isAdvisory == grade.isAdvisory }
            if known == nil { figures.append(CheckFigures(name: grade.check, isAdvisory: grade.isAdvisory)) }
            let index = known ?? figures.count - 1
            if grade.passed { figures[index].passed += 1 } else { figures[index].failed += 1 }
        }
        return figures
    }

    // MARK: - Classification

    /// A table of what was expected against what came, by what is classified: `label`, `verdict`, `refusal`, `category`.
    public var matrices: [(name: String, matrix: ConfusionMatrix)] {
        var matrices: [(name: String, matrix: ConfusionMatrix)] = []
        for classified in trials.filter({ $0.outcome != .error }).flatMap(\.grades).compactMap(\.classified) {
            let known = matrices.firstIndex { $0.name == classified.of }
            if known == nil { matrices.append((classified.of, ConfusionMatrix())) }
            matrices[known ?? matrices.count - 1].matrix.note(expected: classified.expected, got: classified.got)
        }
        if let categories { matrices.append(("category", categories)) }
        return matrices
    }

    /// Of guardrails whose categories go by the names of the set's: which were found where.
    private var categories: ConfusionMatrix? {
        var matrix = ConfusionMatrix()
        var isShared = false
        for trial in trials where trial.outcome != .error {
            guard let verdict = trial.answer?.verdict else { continue }
            let question = cases[trial.caseIndex]
            let expected = question.label == .block ? question.category ?? "block" : "allow"
            let got = verdict.label == .block ? verdict.finding?.category ?? "block" : "allow"
            matrix.note(expected: expected, got: got)
            if got != "allow", got == question.category { isShared = true }
        }
        return isShared ? matrix : nil
    }

    // MARK: - What it took

    /// Seconds to each whole answer.
    public var latency: Spread { Spread(trials.compactMap { $0.failure == nil ? $0.answer?.seconds : nil }) }

    public var usage: Usage {
        trials.reduce(into: Usage()) { $0 += $1.answer?.usage ?? $1.failure?.usage ?? Usage() }
    }

    /// What the answers cost; `nil` when it is not known of one.
    public var cost: Dollars? { Self.sum(trials.map { $0.answer == nil ? nil : $0.answer?.cost }) }

    public var judgeUsage: Usage { trials.reduce(into: Usage()) { $0 += $1.judgeUsage } }
    /// What the judge cost; `nil` when it is not known of one verdict.
    public var judgeCost: Dollars? { Self.sum(trials.map(\.judgeCost)) }

    private static func sum(_ costs: [Dollars?]) -> Dollars? {
        costs.reduce(Dollars.zero) { sum, cost in sum.flatMap { sum in cost.map { sum + $0 } } }
    }

    /// The tries that did not pass, those that could not be judged first among them.
    public var failures: [(question: EvalCase, trial: EvalTrial)] {
        let failed = trials.filter { $0.outcome != .passed }.map { (cases[$0.caseIndex], $0) }
        return failed.filter { $0.1.failure != nil } + failed.filter { $0.1.failure == nil }
    }
}

/// What one case came to over its repeats.
public struct EvalCaseResult: Sendable {
    public let question: EvalCase
    public let trials: [EvalTrial]

    /// Tries that were judged.
    public var judged: Int { trials.count { $0.outcome != .error } }
    public var passed: Int { trials.count { $0.outcome == .passed } }
    /// `nil` when no try was judged.
    public var passRate: Double? { judged > 0 ? Double(passed) / Double(judged) : nil }
    /// Whether more than half of the tries passed; `nil` when none was judged.
    public var isRight: Bool? { judged > 0 ? passed * 2 > judged : nil }
}

extension EvalCase {
    fileprivate func names(of kind: EvalReport.Group.Kind) -> [String] {
        switch kind {
        case .set: [set]
        case .category: category.map { [$0] } ?? []
        case .tag: tags
        }
    }
}
