// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Evaluation
import JSONCore
import Testing

@Suite struct HTMLReportTests {
    private static let attacks = [
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>", "' onmouseover='alert(1)", "</pre></dd></dl><iframe src=//x>", "<!--", "]]>",
        "&lt;script&gt;",
    ]

    private func page(_ text: String) -> String {
        let question = EvalCase(
            id: "id\(text)", place: "p\(text)", input: [.user("in\(text)")], expected: .string("ex\(text)"),
            category: "cat\(text)", tags: ["tag\(text)"], set: "set\(text)")
        let grades = [
            EvalGrade(
                "label", passed: false, reason: "why\(text)",
                classified: .init("of\(text)", expected: "e\(text)", got: "g\(text)"))
        ]
        let calls = [ToolCall(id: "", name: "tool\(text)", arguments: "args\(text)")]
        let trials = [
            EvalTrial(caseIndex: 0, answer: EvalAnswer("answer\(text)", toolCalls: calls, seconds: 1), grades: grades),
            EvalTrial(caseIndex: 0, number: 1, failure: EvalFailure(.model, "failure\(text)")),
        ]
        let report = EvalReport(
            subject: "subject\(text)", model: "model\(text)", judge: "judge\(text)", cases: [question], trials: trials,
            planned: 3)
        let comparison = EvalComparison(ComparedReport(report, name: "first\(text)"), ComparedReport(report))
        return HTMLReport(report, comparison: comparison, gateFaults: ["gate\(text)"]).text
    }

    /// Without the texts, the page is the same for each attack: nothing they hold becomes markup.
    @Test(arguments: attacks) func nothingOfATextBecomesMarkup(text: String) {
        let page = page(text)
        let tags = Self.tags(page)
        #expect(tags == Self.tags(self.page("harmless")), "markup changed")
        #expect(!page.contains(text) || text == "]]>" || text.allSatisfy { !"<>&\"'".contains($0) })
        #expect(!page.lowercased().contains("<script"))
    }

    @Test func thePageNeedsNothingFromOutside() {
        let page = page("x").lowercased()
        for word in ["http://", "https://", "<script", "<link", "@import", "url(", "<img", "<iframe", "src="] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'"))
        #expect(page.contains("prefers-color-scheme:dark") && page.contains("name=\"viewport\""))
    }

    @Test func marksThatTurnOrHideTextAreSpeltOut() {
        let page = page("a\u{202E}b\u{0}c\u{200B}d\u{E0041}")
        #expect(page.contains("a\\u{202E}b\\u{0}c\\u{200B}d\\u{E0041}"))
        #expect(!page.unicodeScalars.contains("\u{202E}") && !page.unicodeScalars.contains("\u{0}"))
    }

    @Test func whatIsNotDefinedIsSaid() {
        let question = EvalCase(id: "a", input: [.user("q")])
        let grade = EvalGrade("label", passed: false, classified: .init("label", expected: "x", got: nil))
        let report = EvalReport(
            subject: "s", cases: [question],
            trials: [EvalTrial(caseIndex: 0, answer: EvalAnswer("?"), grades: [grade])], planned: 1)
        let page = HTMLReport(report).text
        #expect(page.contains("not defined") && !page.contains("nan") && !page.contains("inf"))
    }

    @Test func theErrorsAndTheInterruptionAreSaid() {
        let page = page("x")
        #expect(page.contains("Interrupted.") && page.contains("2 of 3 tries"))
        #expect(page.contains("1 error") && page.contains("Gates not met"))
    }

    /// The names of all tags, in order.
    private static func tags(_ page: String) -> [Substring] {
        page.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" && $0 != " " } }
    }
}
