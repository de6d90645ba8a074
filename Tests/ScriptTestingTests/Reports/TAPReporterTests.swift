// SPDX-License-Identifier: Apache-2.0

import ScriptTesting
import Testing

@Suite struct TAPReporterTests {
    private func report(_ results: [TestResult]) -> String {
        var reporter = TAPReporter()
        return reporter.begin(results.count) + results.map { reporter.add($0) }.joined()
    }

    @Test func aPlanComesFirstAndTestsAreCounted() {
        let text = report([
            TestResult(file: "x_test.lua", name: "one"),
            TestResult(file: "x_test.lua", name: "two", status: .skipped("no key")),
        ])
        #expect(
            text == """
                TAP version 14
                1..2
                ok 1 - x_test.lua: one
                ok 2 - x_test.lua: two # SKIP no key

                """)
    }

    @Test func aFailureHasABlockOfYAML() {
        let text = report([
            TestResult(
                file: "x", name: "n", position: "x:1", status: .failed,
                failures: [.init("expected \"a\"\nfound \\", at: "x:2", detail: "trace\n\tback")], seconds: 0.0123,
                printed: "p\u{1}")
        ])
        #expect(
            text == #"""
                TAP version 14
                1..1
                not ok 1 - x: n
                  ---
                  at: "x:1"
                  duration_ms: 12
                  failures:
                    - message: "expected \"a\"\nfound \\"
                      at: "x:2"
                      traceback: "trace\n\tback"
                  printed: "p\u0001"
                  ...

                """#)
    }

    @Test func aNameCannotPretendToBeSomethingElse() {
        let text = report([TestResult(file: "x", name: "a # SKIP b\\c\nnot ok 2\r\u{2028}ok 3", status: .failed)])
        #expect(text.contains("not ok 1 - x: a \\# SKIP b\\\\c not ok 2  ok 3\n"))
        #expect(text.split(separator: "\n").count { $0.hasPrefix("ok") || $0.hasPrefix("not ok") } == 1)
    }

    @Test func notesAreComments() {
        let text = report([TestResult(file: "x", name: "n", notes: ["recorded\ntapes/a.jsonl"])])
        #expect(text.hasSuffix("ok 1 - x: n\n# recorded tapes/a.jsonl\n"))
    }

    @Test func anEndBeforeTheEndIsSaid() {
        #expect(TAPReporter.bailOut("at once\nnow") == "Bail out! at once now\n")
    }
}
