// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// One try of a case.
public struct EvalTrial: Sendable {
    public enum Outcome: String, Sendable {
        case passed, failed
        /// It could not be judged.
        case error
    }

    /// The case, by its place among all.
    public var caseIndex: Int
    /// Which repeat it is, from 0.
    public var number: Int
    /// `nil` when there is none.
    public var answer: EvalAnswer?
    public var grades: [EvalGrade]
    public var failure: EvalFailure?
    /// What judging took.
    public var judgeUsage: Usage
    /// `nil` when it is not known.
    public var judgeCost: Dollars?

    public init(
        caseIndex: Int, number: Int = 0, answer: EvalAnswer? = nil, grades: [EvalGrade] = [],
        failure: EvalFailure? = nil, judgeUsage: Usage = .init(), judgeCost: Dollars? = .zero
    ) {
        self.caseIndex = caseIndex
        self.number = number
        self.answer = answer
        self.grades = grades
        self.failure = failure
        self.judgeUsage = judgeUsage
        self.judgeCost = judgeCost
    }

    /// A try passes when all checks do that are not advisory.
    public var outcome: Outcome {
        if failure != nil { return .error }
        return grades.allSatisfy { $0.passed || $0.isAdvisory } ? .passed : .failed
    }

    /// Why it did not pass, in one line.
    public var reason: String {
        if let failure { return "\(failure.kind.rawValue): \(failure.message)" }
        return grades.filter { !$0.passed && !$0.isAdvisory }
            .map { $0.reason.isEmpty ? $0.check : "\($0.check): \($0.reason)" }.joined(separator: "; ")
    }
}
