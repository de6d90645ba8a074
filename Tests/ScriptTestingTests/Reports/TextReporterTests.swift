// SPDX-License-Identifier: Apache-2.0

import ScriptTesting
import Testing

@Suite struct TextReporterTests {
    private let good = TestResult(file: "a", name: "good", printed: "said\n")
    private let bad = TestResult(
        file: "b", name: "bad", status: .failed, failures: [.init("expected 1, found 2", at: "b:3", detail: "trace")],
        checks: 1, printed: "said\n")

    private func report(_ reporter: TextReporter, _ results: [TestResult]) -> String {
        var reporter = reporter
        var totals = TestTotals()
        for result in results { totals.add(result) }
        return reporter.begin(results.count) + results.map { reporter.add($0) }.joined()
            + reporter.end(totals, seconds: 0.0421)
    }

    @Test func testsStandBelowTheirFileWithWhatIsWrong() {
        #expect(
            report(TextReporter(), [good, bad]) == """
                a
                  ok    good
                b
                  FAIL  bad
                      b:3: expected 1, found 2
                        trace
                      printed:
                        said
                1 passed, 1 failed (1 check, 42 ms)

                """)
    }

    @Test func quietShowsFailuresAlone() {
        #expect(report(TextReporter(isQuiet: true), [good]) == "1 passed (0 checks, 42 ms)\n")
    }

    @Test func verboseShowsWhatWasPrinted() {
        #expect(report(TextReporter(isVerbose: true), [good]).contains("      printed:\n        said\n"))
    }

    @Test func triesSkipsAndNotesAreShown() {
        var repeated = TestResult(file: "a", name: "r", notes: ["recorded t.jsonl"])
        repeated.tries = (4, 5)
        let text = report(TextReporter(), [repeated, TestResult(file: "a", name: "s", status: .skipped("why"))])
        #expect(text.contains("  ok    r 4 of 5 passed\n      recorded t.jsonl\n  skip  s: why\n"))
        #expect(text.hasSuffix("1 passed, 1 skipped (0 checks, 42 ms)\n"))
    }
}
