// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// In what one run differs from another: calls, output, tokens, money, time.
public struct RunDifference: Sendable {
    private let first: RecordedRun
    private let second: RecordedRun

    public init(_ first: RecordedRun, _ second: RecordedRun) { (self.first, self.second) = (first, second) }

    /// Lines as `diff -u` has them: what both do, with `-` what only the first does, with `+` what only the second does.
    public var text: String {
        var lines = [
            "--- \(first.info.id) \(first.info.model ?? "")", "+++ \(second.info.id) \(second.info.model ?? "")",
        ]
        lines += Self.differences(Self.calls(of: first), Self.calls(of: second))
        lines += Self.differences(Self.output(of: first), Self.output(of: second))
        for (name, one, other) in figures {
            lines.append(one == other ? "  \(name): \(one)" : "~ \(name): \(one) → \(other)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private var figures: [(String, String, String)] {
        let infos = (first.info, second.info)
        return [
            ("turns", "\(infos.0.turns)", "\(infos.1.turns)"),
            ("prompt tokens", "\(infos.0.usage.promptTokens)", "\(infos.1.usage.promptTokens)"),
            ("completion tokens", "\(infos.0.usage.completionTokens)", "\(infos.1.usage.completionTokens)"),
            ("cost", Self.money(infos.0.cost), Self.money(infos.1.cost)),
            ("time of models", Self.time(first), Self.time(second)),
            ("exit code", Self.code(infos.0), Self.code(infos.1)),
        ]
    }

    private static func calls(of run: RecordedRun) -> [String] {
        run.records.filter { $0.operation == "tool" }.map { record in
            let arguments = record.request["arguments"].flatMap { try? $0.serialized() } ?? ""
            let mark = record.outcome?.value["is_error"] == true ? " failed" : ""
            return "call \(record.name) \(arguments)\(mark)"
        }
    }

    private static func output(of run: RecordedRun) -> [String] {
        let text =
            switch run.info.output {
            case nil: run.info.message.map { "failed: " + $0 } ?? ""
            case .string(let text)?: text
            case let value?: (try? value.serialized(indent: 2)) ?? ""
            }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// A common subsequence stays (Myers' difference of the standard library).
    private static func differences(_ first: [String], _ second: [String]) -> [String] {
        let changes = second.difference(from: first)
        var removed: Set<Int> = []
        var inserted: [Int: String] = [:]
        for change in changes {
            switch change {
            case .remove(let place, _, _): removed.insert(place)
            case .insert(let place, let line, _): inserted[place] = line
            }
        }
        var lines: [String] = []
        var place = 0
        for (old, line) in first.enumerated() {
            if removed.contains(old) {
                lines.append("- " + line)
                continue
            }
            while let new = inserted[place] {
                lines.append("+ " + new)
                place += 1
            }
            lines.append("  " + line)
            place += 1
        }
        while let new = inserted[place] {
            lines.append("+ " + new)
            place += 1
        }
        return lines
    }

    private static func money(_ cost: Dollars?) -> String { cost.map { "$\($0.doubleValue)" } ?? "unknown" }

    private static func time(_ run: RecordedRun) -> String {
        let spent = run.records.filter { $0.operation == "model" }
            .reduce(Int64(0)) { $0 + max(0, ($1.ended ?? $1.began) - $1.began) }
        return "\(Double(spent / 1000) / 1000) s"
    }

    private static func code(_ info: RunInfo) -> String { info.exitCode.map(String.init) ?? "none" }
}
