// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// A report as text for a terminal, a log or a pipe.
struct EvalText {
    /// Tries that are named one by one, and labels that a table of confusions may have.
    private static let (failureLimit, labelLimit) = (40, 10)

    private let report: EvalReport
    private let rival: EvalReport?
    private let comparison: EvalComparison?

    init(_ report: EvalReport, rival: EvalReport? = nil, comparison: EvalComparison? = nil) {
        self.report = report
        self.rival = rival
        self.comparison = comparison
    }

    var text: String {
        let parts =
            [head, groups] + report.matrices.map { scores($0.name, $0.matrix) } + [checks, took, compared, failures]
        return Printable.escaped(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
    }

    // MARK: - Parts

    private var head: String {
        let names = [report.model, report.judge.map { "judge \($0)" }].compactMap(\.self).joined(separator: ", ")
        var lines = [report.subject + (names.isEmpty || names == report.subject ? "" : " (\(names))")]
        if report.isPartial { lines.append("PARTIAL: \(report.trials.count) of \(report.planned) tries were judged") }
        let right = report.results.count { $0.isRight == true }
        let wrong = report.results.count { $0.isRight == false }
        lines.append(
            "\(Shown.count(report.cases.count, "case")): \(right) right, \(wrong) wrong"
                + (report.errors > 0 ? ", \(Shown.count(report.errors, "try", "tries")) not judged (\(errors))" : ""))
        lines.append("accuracy \(Shown.rate(report.accuracy))")
        if report.tries > 1 {
            let repeats = report.repeats
            lines.append(
                "\(report.tries) tries a case: \(repeats.always) right each time, \(repeats.ever) at least once, "
                    + "\(repeats.flaky) flaky; pass@\(report.tries) \(Shown.percent(repeats.anyPass(of: report.tries))), "
                    + "all pass \(Shown.percent(repeats.allPass(of: report.tries)))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private var errors: String { report.errorsByKind.map { "\($0.count) \($0.kind)" }.joined(separator: ", ") }

    private var groups: String {
        let rows = report.groups.map { group in
            [
                group.kind.rawValue, group.name, Shown.passes(group.rate), Shown.rate(group.rate),
                group.errors > 0 ? "\(group.errors) not judged" : "",
            ]
        }
        return Self.table(rows, left: 2)
    }

    private func scores(_ name: String, _ matrix: ConfusionMatrix) -> String {
        var rows = [[name, "precision", "recall", "F1", "cases"]]
        rows += matrix.scores.map(Self.row)
        if matrix.expected.count > 1 {
            rows.append(
                ["macro"] + [matrix.macro(\.precision), matrix.macro(\.recall), matrix.macro(\.f1)].map(Shown.percent)
                    + ["\(matrix.count)"])
            rows.append(Self.row(matrix.micro))
        }
        let table = Self.table(rows, left: 1)
        guard matrix.expected.count <= Self.labelLimit, matrix.got.count <= Self.labelLimit + 1 else { return table }
        let head = ["expected \\ got"] + matrix.got
        let counts = matrix.expected.map { row in [row] + matrix.got.map { "\(matrix[row, $0])" } }
        return table + "\n" + Self.table([head] + counts, left: 1)
    }

    private static func row(_ scores: LabelScores) -> [String] {
        [scores.label] + [scores.precision, scores.recall, scores.f1].map(Shown.percent) + ["\(scores.support)"]
    }

    private var checks: String {
        let checks = report.checks
        guard checks.count > 1 else { return "" }
        let rows = checks.map { check in
            [
                "check \(check.name)", "\(check.passed)/\(check.passed + check.failed)",
                check.isAdvisory ? "advisory" : "",
            ]
        }
        return Self.table(rows, left: 1)
    }

    private var took: String {
        var lines: [String] = []
        let latency = report.latency
        if !latency.isEmpty {
            let figures = [latency.quantile(0.5), latency.quantile(0.95), latency.maximum].map(Shown.seconds)
            lines.append("latency p50 \(figures[0]), p95 \(figures[1]), max \(figures[2])")
        }
        if report.usage.totalTokens > 0 { lines.append("answers " + used(report.usage, report.cost)) }
        if report.judge != nil { lines.append("judge " + used(report.judgeUsage, report.judgeCost)) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func used(_ usage: Usage, _ cost: Dollars?) -> String {
        "\(usage.promptTokens) + \(usage.completionTokens) tokens, " + (cost?.description ?? "cost not known")
    }

    private var compared: String {
        guard let comparison else { return "" }
        let (first, second, paired) = (comparison.first, comparison.second, comparison.paired)
        let rows = [
            ["", "first", "second"],
            ["accuracy", Shown.percent(first.accuracy), Shown.percent(second.accuracy)],
            ["latency p50", Shown.seconds(first.latencyMedian), Shown.seconds(second.latencyMedian)],
            ["latency p95", Shown.seconds(first.latencyP95), Shown.seconds(second.latencyP95)],
            ["tokens", "\(first.tokens)", "\(second.tokens)"],
            ["cost"] + [first, second].map { $0.cost.flatMap { Dollars($0) }?.description ?? "not known" },
        ]
        var lines = ["compared: first \(first.name), second \(second.name)"]
        let interval = paired.interval.map { " (95 %: \(Shown.points($0)))" } ?? ""
        var end = [
            "difference \(Shown.points(paired.difference)) points\(interval), McNemar p \(Shown.probability(paired.pValue))"
        ]
        end.append(
            "paired \(paired.count): both right \(paired.bothRight), only first \(paired.onlyFirst), only second \(paired.onlySecond), "
                + "both wrong \(paired.bothWrong)")
        for (name, ids) in [
            ("only first", comparison.lost), ("only second", comparison.won), ("not paired", comparison.unpaired),
        ]
        where !ids.isEmpty {
            let rest = ids.count > Self.failureLimit ? ", and \(ids.count - Self.failureLimit) more" : ""
            end.append("\(name): \(ids.prefix(Self.failureLimit).joined(separator: ", "))\(rest)")
        }
        if let rival, rival.errors > 0 { end.append("second: \(Shown.count(rival.errors, "try", "tries")) not judged") }
        lines.append(Self.table(rows, left: 1) + end.joined(separator: "\n"))
        return lines.joined(separator: "\n") + "\n"
    }

    private var failures: String {
        let failures = report.failures
        guard !failures.isEmpty else { return "" }
        var lines = ["not passed:"]
        for (question, trial) in failures.prefix(Self.failureLimit) {
            let number = report.tries > 1 ? " try \(trial.number + 1)" : ""
            lines.append("  \(question.id)\(number) (\(question.place)) \(Printable.short(trial.reason, width: 160))")
        }
        if failures.count > Self.failureLimit { lines.append("  … and \(failures.count - Self.failureLimit) more") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Rows with their columns in line: the first `left` to the left, the rest to the right.
    private static func table(_ rows: [[String]], left: Int) -> String {
        let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < left ? cell + space : space + cell
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
