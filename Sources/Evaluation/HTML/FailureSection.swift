// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages
import JSONCore

/// The tries that did not pass, each with what was asked, expected and answered.
struct FailureSection {
    /// Tries that are shown, and characters of each text.
    private static let (limit, textLimit) = (200, 4000)
    private let report: EvalReport

    init(_ report: EvalReport) { self.report = report }

    var markup: Markup {
        let failures = report.failures
        guard !failures.isEmpty else { return "" }
        let shown = failures.prefix(Self.limit).map { entry($0.question, $0.trial) }
        let rest = failures.count - shown.count
        let more: Markup = rest > 0 ? #"<p class="soft small">and \#(rest) more; --json has them all</p>"# : ""
        return "<section><h2>Not passed</h2>\(shown)\(more)</section>"
    }

    private func entry(_ question: EvalCase, _ trial: EvalTrial) -> Markup {
        let (style, word): (Markup, String) = trial.failure == nil ? ("no", "wrong") : ("error", "error")
        let number = report.tries > 1 ? " try \(trial.number + 1)" : ""
        let advisory = trial.grades.filter { !$0.passed && $0.isAdvisory }.map { "\($0.check): \($0.reason)" }
        return """
            <details><summary><span class="tag \(style)">\(word)</span><b>\(question.id)</b>\(number) \
            <span class="soft small">\(question.place)</span> \(trial.reason)</summary>
            <dl>\(item("input", question.text))\(item("expected", expected(question)))\(item("answer", answer(trial)))\
            \(item("calls", calls(trial)))\(item("advisory", advisory.joined(separator: "\n")))</dl></details>

            """
    }

    private func expected(_ question: EvalCase) -> String {
        question.expected.map { $0.stringValue ?? (try? $0.serialized(indent: 2)) ?? "" } ?? question.label?.rawValue
            ?? ""
    }

    private func answer(_ trial: EvalTrial) -> String {
        guard let answer = trial.answer else { return "" }
        if let verdict = answer.verdict {
            return verdict.action + (verdict.finding.map { ": \($0.reason)" } ?? "")
        }
        return answer.blocked ?? answer.text
    }

    private func calls(_ trial: EvalTrial) -> String {
        (trial.answer?.toolCalls ?? []).map { "\($0.name) \($0.arguments)" }.joined(separator: "\n")
    }

    private func item(_ name: String, _ text: String) -> Markup {
        guard !text.isEmpty else { return "" }
        let shown = text.count > Self.textLimit ? text.prefix(Self.textLimit) + "…" : text[...]
        return #"<dt>\#(name)</dt><dd><pre dir="auto">\#(String(shown))</pre></dd>"#
    }
}
