// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ECMARegex
import JSONCore
import JSONSchemaCore

/// What one check says of an answer.
public struct EvalGrade: Sendable, Equatable {
    /// Of a classification: what was expected, and what came.
    public struct Classified: Sendable, Equatable {
        /// What is classified, which names the table: `label`, `verdict`, `refusal`.
        public var of: String
        public var expected: String
        /// `nil` when the answer names no label, or several.
        public var got: String?

        public init(_ of: String, expected: String, got: String?) {
            self.of = of
            self.expected = expected
            self.got = got
        }
    }

    /// The name of the check.
    public var check: String
    public var passed: Bool
    public var isAdvisory: Bool
    /// Why it did not pass; of a judge its reason in any case.
    public var reason: String
    public var classified: Classified?

    public init(
        _ check: String, passed: Bool, isAdvisory: Bool = false, reason: String = "", classified: Classified? = nil
    ) {
        self.check = check
        self.passed = passed
        self.isAdvisory = isAdvisory
        self.reason = reason
        self.classified = classified
    }
}

extension EvalCheck {
    /// Holds `answer` to this check; `nil` when a model must judge it.
    func grade(_ answer: EvalAnswer) -> EvalGrade? {
        var classified: EvalGrade.Classified?
        let fault: String?
        switch kind {
        case .judge: return nil
        case .label(let check):
            let got = answer.invalid == nil && answer.blocked == nil ? check.label(in: answer) : nil
            classified = .init("label", expected: check.expected, got: got)
            fault = got == check.expected ? nil : "expected \(check.expected), got \(got ?? "no label")"
        case .verdict(let label):
            let got = answer.verdict?.label ?? .allow
            classified = .init("verdict", expected: label.rawValue, got: got.rawValue)
            fault = got == label ? nil : "expected \(label.rawValue), got \(answer.verdict?.action ?? "pass")"
        case .refused(let expected):
            if let invalid = answer.invalid {
                return EvalGrade(name, passed: false, isAdvisory: isAdvisory, reason: invalid)
            }
            let words = ["answered", "refused"]
            classified = .init(
                "refusal", expected: words[expected ? 1 : 0], got: words[answer.isRefusal ? 1 : 0])
            fault = expected == answer.isRefusal ? nil : expected ? "it was not refused" : "it was refused"
        default: fault = self.fault(in: answer)
        }
        return EvalGrade(
            name, passed: fault == nil, isAdvisory: isAdvisory, reason: fault ?? "", classified: classified)
    }

    private func fault(in answer: EvalAnswer) -> String? {
        switch kind {
        case .blocked(let expected):
            if !expected, let invalid = answer.invalid { return invalid }
            return expected == (answer.blocked != nil) ? nil : expected ? "no guardrail blocked it" : "it was blocked"
        case .latency(let seconds):
            guard let taken = answer.seconds else { return "how long it took is not known" }
            return taken <= seconds ? nil : "it took longer than \(seconds) s"
        case .tokens(let most):
            let used = answer.usage.totalTokens
            return used <= most ? nil : "\(used) tokens, of at most \(most)"
        case .tools(let trajectory): return answer.invalid ?? trajectory.fault(in: answer.toolCalls)
        case .json, .schema, .number: return answer.blocked.map { _ in "it was blocked" } ?? valueFault(in: answer)
        default: return answer.blocked.map { _ in "it was blocked" } ?? answer.invalid ?? textFault(in: answer.text)
        }
    }

    private func textFault(in text: String) -> String? {
        switch kind {
        case .exact(let expected, let ignoresCase):
            let (left, right) = (folded(text, ignoresCase).trimmed(), folded(expected, ignoresCase).trimmed())
            return left.utf8.elementsEqual(right.utf8) ? nil : "not the expected text"
        case .contains(let texts, let ignoresCase):
            let text = folded(text, ignoresCase)
            return texts.first { text.range(of: folded($0, ignoresCase)) == nil }.map { "does not contain \"\($0)\"" }
        case .containsNone(let texts, let ignoresCase):
            let text = folded(text, ignoresCase)
            return texts.first { text.range(of: folded($0, ignoresCase)) != nil }.map { "contains \"\($0)\"" }
        case .regex(let regex, let mustMatch):
            switch regex.search(text) {
            case .exhausted: return "the pattern takes too long on this answer"
            case .match: return mustMatch ? nil : "the pattern was found"
            case .noMatch: return mustMatch ? "the pattern was not found" : nil
            }
        default: return nil
        }
    }

    private func valueFault(in answer: EvalAnswer) -> String? {
        if let invalid = answer.invalid { return invalid }
        if case .number(let check) = kind {
            let number =
                check.pointer.map { pointer in answer.json.flatMap { pointer.value(in: $0) }?.doubleValue }
                ?? NumberCheck.last(in: answer.text)
            guard let number else { return "no number\(check.pointer.map { " at \($0)" } ?? "")" }
            return check.accepts(number) ? nil : "expected \(check.value), got \(number)"
        }
        guard let json = answer.json else { return "the answer is not JSON" }
        switch kind {
        case .json(let expected, let pointer, let isSubset):
            guard let value = pointer.value(in: json) else { return "nothing at \(pointer)" }
            let isRight = isSubset ? value.has(expected) : value == expected
            return isRight ? nil : "not the expected value\(pointer.isRoot ? "" : " at \(pointer)")"
        case .schema(let schema): return schema.validate(json, limit: 1).first.map { "\($0)" }
        default: return nil
        }
    }

    private func folded(_ text: String, _ ignoresCase: Bool) -> String { ignoresCase ? text.lowercased() : text }
}
