// SPDX-License-Identifier: Apache-2.0

/// The Test Anything Protocol, version 14: one line for each test, and a YAML block for what is wrong.
package struct TAPReporter: TestReporter {
    private var number = 0

    package init() {}

    package mutating func begin(_ count: Int) -> String { "TAP version 14\n1..\(count)\n" }

    package mutating func add(_ result: TestResult) -> String {
        number += 1
        let name = Self.escaped("\(result.file): \(result.name)")
        switch result.status {
        case .passed: return "ok \(number) - \(name)\n" + comments(result)
        case .skipped(let reason):
            return "ok \(number) - \(name) # SKIP" + (reason.isEmpty ? "" : " " + Self.line(reason)) + "\n"
        case .failed: return "not ok \(number) - \(name)\n" + block(result) + comments(result)
        }
    }

    package mutating func end(_ totals: TestTotals, seconds: Double) -> String {
        // Tests that were not run at all, because of --fail-fast, must not look as if they had passed.
        ""
    }

    /// Nothing else will come.
    package static func bailOut(_ reason: String) -> String { "Bail out! \(line(reason))\n" }

    private func comments(_ result: TestResult) -> String {
        result.notes.map { "# \(Self.line($0))\n" }.joined()
    }

    private func block(_ result: TestResult) -> String {
        var text = "  ---\n"
        text += "  at: \(Self.quoted(result.position))\n"
        text += "  duration_ms: \(Int((result.seconds * 1000).rounded()))\n"
        text += "  failures:\n"
        for failure in result.failures {
            text += "    - message: \(Self.quoted(failure.message))\n"
            if !failure.position.isEmpty { text += "      at: \(Self.quoted(failure.position))\n" }
            if !failure.detail.isEmpty { text += "      traceback: \(Self.quoted(failure.detail))\n" }
        }
        if !result.printed.isEmpty { text += "  printed: \(Self.quoted(result.printed))\n" }
        return text + "  ...\n"
    }

    // MARK: - Texts

    /// A description: `#` and `\` mean something in it (TAP 14, "Escaping").
    static func escaped(_ text: String) -> String {
        line(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }

    /// One line, without control characters.
    static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control || Self.breaksLines($0) ? " " : $0 }
            ))
    }

    private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{2028}" || scalar == "\u{2029}" }

    /// A double-quoted scalar of YAML 1.2 (§7.3.1), which any text fits into.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.properties.generalCategory == .control || breaksLines(scalar) || scalar == "\u{FEFF}" {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
