// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// For people: a line for each test, and below it what is wrong.
package struct TextReporter: TestReporter {
    /// How words are shown where there are colours.
    package struct Paint: Sendable {
        package var good: @Sendable (String) -> String
        package var bad: @Sendable (String) -> String
        package var dim: @Sendable (String) -> String

        package init(
            good: @escaping @Sendable (String) -> String = { $0 }, bad: @escaping @Sendable (String) -> String = { $0 },
            dim: @escaping @Sendable (String) -> String = { $0 }
        ) {
            self.good = good
            self.bad = bad
            self.dim = dim
        }
    }

    private let paint: Paint
    /// Whether what tests print is shown when they pass, too.
    private let isVerbose: Bool
    /// Whether only failures are shown.
    private let isQuiet: Bool
    private var file = ""

    package init(paint: Paint = Paint(), isVerbose: Bool = false, isQuiet: Bool = false) {
        self.paint = paint
        self.isVerbose = isVerbose
        self.isQuiet = isQuiet
    }

    package mutating func begin(_ count: Int) -> String { "" }

    package mutating func add(_ result: TestResult) -> String {
        if isQuiet, !result.isFailed, result.notes.isEmpty { return "" }
        var text = ""
        if result.file != file {
            text += "\(result.file)\n"
            file = result.file
        }
        text += "  \(line(result))\n"
        for note in result.notes { text += "      \(paint.dim(note))\n" }
        for failure in result.failures {
            text += indented(failure.description, 6)
            if !failure.detail.isEmpty { text += paint.dim(indented(failure.detail, 8)) }
        }
        if !result.printed.isEmpty, result.isFailed || isVerbose {
            text += "      printed:\n" + indented(result.printed, 8)
        }
        return text
    }

    package mutating func end(_ totals: TestTotals, seconds: Double) -> String {
        var parts = ["\(totals.passed) passed"]
        if totals.failed > 0 { parts.append("\(totals.failed) failed") }
        if totals.skipped > 0 { parts.append("\(totals.skipped) skipped") }
        let text = parts.joined(separator: ", ")
        let checks = totals.checks == 1 ? "1 check" : "\(totals.checks) checks"
        return (totals.failed > 0 ? paint.bad(text) : paint.good(text))
            + paint.dim(" (\(checks), \(Self.time(seconds)))") + "\n"
    }

    private func line(_ result: TestResult) -> String {
        var extra = result.seconds >= 0.5 ? " " + Self.time(result.seconds) : ""
        if result.tries.all > 1 { extra += " \(result.tries.passed) of \(result.tries.all) passed" }
        if result.usage.totalTokens > 0 { extra += " \(result.usage.totalTokens) tokens" }
        switch result.status {
        case .passed: return paint.good("ok") + "    \(result.name)" + paint.dim(extra)
        case .failed: return paint.bad("FAIL") + "  \(result.name)" + paint.dim(extra)
        case .skipped(let reason): return paint.dim("skip  \(result.name)" + (reason.isEmpty ? "" : ": \(reason)"))
        }
    }

    private func indented(_ text: String, _ depth: Int) -> String {
        let start = String(repeating: " ", count: depth)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.last == "" ? lines.dropLast() : lines[...]
        return shown.map { start + $0 + "\n" }.joined()
    }

    static func time(_ seconds: Double) -> String {
        if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
        return "\((seconds * 10).rounded() / 10) s"
    }
}
