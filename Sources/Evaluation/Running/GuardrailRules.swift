// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// The guardrails of one stage, judging the text of each case.
///
/// All are asked, each with what the one before let pass, until one blocks; the strictest verdict counts.
public struct GuardrailRules: EvalSubject {
    public let name: String
    private let rules: [GuardrailRule]
    private let stage: GuardrailStage
    private let clock: any Clock<Duration>

    public init(
        _ rules: [GuardrailRule], stage: GuardrailStage, name: String, clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.rules = rules
        self.stage = stage
        self.name = name
        self.clock = clock
    }

    public func answer(_ question: EvalCase, trial: Int) async throws -> EvalAnswer {
        var subject = Self.subject(of: question, stage)
        var strictest = EvalAnswer.Verdict("pass")
        for rule in rules {
            let verdict = try await check(subject, rule)
            let found = EvalAnswer.Verdict(
                Self.action(verdict), guardrail: rule.guardrail.name, finding: verdict.finding)
            if Self.strictness(found.action) > Self.strictness(strictest.action) { strictest = found }
            if case .block = verdict { break }
            if case .replace(let text, _) = verdict { subject.text = text }
        }
        return EvalAnswer(subject.text, verdict: strictest)
    }

    /// - Throws: ``EvalFailure`` of the kind `guardrail`: here it matters that it could not judge, not what a run would do then.
    private func check(_ subject: GuardrailSubject, _ rule: GuardrailRule) async throws -> GuardrailVerdict {
        do {
            return try await withDeadline(rule.timeout, clock: clock) { try await rule.guardrail.check(subject) }
        } catch {
            try Task.checkCancellation()
            let why = error is DeadlineError ? "it took longer than \(rule.timeout)" : "\(error)"
            throw EvalFailure(
                .guardrail, "the guardrail \"\(rule.guardrail.name)\" could not judge: \(why)", cause: error)
        }
    }

    private static func subject(of question: EvalCase, _ stage: GuardrailStage) -> GuardrailSubject {
        let before = Array(question.input.dropLast())
        guard stage == .toolCall, let call = question.input.last?.toolCalls.last else {
            return GuardrailSubject(stage, question.text, conversation: before)
        }
        return GuardrailSubject(stage, call.arguments, conversation: before, toolCall: call)
    }

    private static func action(_ verdict: GuardrailVerdict) -> String {
        switch verdict {
        case .pass: "pass"
        case .flag: "flag"
        case .replace: "replace"
        case .block: "block"
        }
    }

    private static func strictness(_ action: String) -> Int {
        ["pass", "flag", "replace", "block"].firstIndex(of: action) ?? 0
    }
}
