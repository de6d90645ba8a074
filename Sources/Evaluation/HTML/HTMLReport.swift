// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages

/// A report as one page that needs nothing from outside: no script, no font, no picture, no network.
public struct HTMLReport: Sendable {
    private let report: EvalReport
    private let comparison: EvalComparison?
    private let gateFaults: [String]

    public init(_ report: EvalReport, comparison: EvalComparison? = nil, gateFaults: [String] = []) {
        self.report = report
        self.comparison = comparison
        self.gateFaults = gateFaults
    }

    public var text: String { page.text }

    // The policy lets nothing be loaded and no script run, should an answer ever find a way into the markup.
    private var page: Markup {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="referrer" content="no-referrer">
        <title>Evaluation of \(report.subject)</title>
        <style>
        \(PageStyle.sheet)
        </style>
        </head>
        <body>
        <main>
        \(header)\(notices)\(tiles)\(strip)\(groups)\(CompareSection(comparison).markup)\(ScoreSections(report.matrices).markup)\
        \(checks)\(latency)\(FailureSection(report).markup)
        </main>
        </body>
        </html>

        """
    }

    private var header: Markup {
        let sets = report.groups.filter { $0.kind == .set }.map(\.name).joined(separator: ", ")
        let facts = [
            report.model.map { "model \($0)" }, report.judge.map { "judge \($0)" }, sets.isEmpty ? nil : "sets \(sets)",
        ]
        return """
            <header><h1>Evaluation of \(report.subject)</h1>
            <p class="soft">\(facts.compactMap(\.self).joined(separator: " · "))</p></header>

            """
    }

    private var notices: Markup {
        var notices: Markup = ""
        if report.isPartial {
            notices += """
                <section class="notice"><b>Interrupted.</b> \(report.trials.count) of \(report.planned) tries were judged; all figures are \
                of these alone.</section>
                """
        }
        if report.errors > 0 {
            let kinds = report.errorsByKind.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
            notices += """
                <section class="notice"><b>\(Shown.count(report.errors, "error")).</b> These tries could not be judged and count neither as \
                right nor as wrong: \(kinds).</section>
                """
        }
        if !gateFaults.isEmpty {
            let list = gateFaults.map { "<li>\($0)</li>" as Markup }
            notices += #"<section class="notice bad"><b>Gates not met</b><ul>\#(list)</ul></section>"#
        }
        return notices
    }

    private var tiles: Markup {
        var tiles = [
            tile("accuracy", Shown.percent(report.accuracy.value), interval(report.accuracy), isLead: true),
            tile("cases", "\(report.cases.count)", casesNote),
        ]
        if report.tries > 1 {
            let figures = report.repeats
            tiles.append(
                tile(
                    "passed each time", Shown.percent(Rate(figures.always, of: figures.cases.count).value),
                    "\(Shown.count(figures.flaky, "flaky case")) in \(report.tries) tries"))
        }
        if !report.latency.isEmpty {
            tiles.append(
                tile(
                    "median latency", Shown.seconds(report.latency.quantile(0.5)),
                    "95 % within \(Shown.seconds(report.latency.quantile(0.95)))"))
        }
        if report.usage.totalTokens > 0 || report.judgeUsage.totalTokens > 0 {
            tiles.append(tile("cost", report.cost?.description ?? "not known", costNote))
        }
        return #"<div class="tiles">\#(tiles)</div>\#n"#
    }

    private var casesNote: String {
        let right = report.results.count { $0.isRight == true }
        let wrong = report.results.count { $0.isRight == false }
        return "\(right) right, \(wrong) wrong" + (report.errors > 0 ? ", \(Shown.count(report.errors, "error"))" : "")
    }

    private var costNote: String {
        let tokens = "\(report.usage.totalTokens) tokens"
        guard report.judge != nil else { return tokens }
        return tokens
            + "; judge \(report.judgeCost?.description ?? "not known"), \(report.judgeUsage.totalTokens) tokens"
    }

    private func interval(_ rate: Rate) -> String {
        rate.interval.map { "95 %: \(Shown.range($0))" } ?? "nothing was judged"
    }

    private func tile(_ name: String, _ value: String, _ note: String, isLead: Bool = false) -> Markup {
        let style: Markup = isLead ? "tile lead" : "tile"
        return """
            <div class="\(style)"><span class="soft small">\(name)</span><b>\(value)</b><span class="soft small">\(note)</span></div>
            """
    }

    private static let stripLimit = 1000

    private var strip: Markup {
        let shown = report.results.prefix(Self.stripLimit)
        guard shown.count > 1 else { return "" }
        let marks = shown.map { result -> Markup in
            let (style, word): (Markup, String) =
                switch result.passRate {
                case nil: (#" class="error""#, "not judged")
                case 1?: ("", "right")
                case 0?: (#" class="no""#, "wrong")
                default: (#" class="part""#, "\(result.passed) of \(result.judged) tries right")
                }
            return #"<i\#(style) title="\#(result.question.id): \#(word)"></i>"#
        }
        let rest = report.results.count - shown.count
        let more: Markup = rest > 0 ? #"<p class="soft small">and \#(rest) more</p>"# : ""
        return """
            <section><h2>Cases</h2><div class="strip" role="img" aria-label="\(casesNote)">\(marks)</div>\(more)</section>

            """
    }

    private var groups: Markup {
        let groups = report.groups
        guard !groups.isEmpty else { return "" }
        let rows = groups.map { group -> Markup in
            let note = group.errors > 0 ? ", \(Shown.count(group.errors, "error"))" : ""
            return """
                <span><span class="soft small">\(group.kind.rawValue)</span> \(group.name)</span>\
                <span>\(Chart.bar(group.rate.value, group.rate.interval))</span>\
                <span>\(Shown.percent(group.rate.value)) <span class="soft small">\(Shown.passes(group.rate))\(note)</span></span>

                """
        }
        return """
            <section><h2>Right answers</h2><div class="bars">\(rows)</div>
            <p class="soft small">The thin line is where the true share lies with 95 % confidence (Wilson).</p></section>

            """
    }

    private var checks: Markup {
        let checks = report.checks
        guard checks.count > 1 else { return "" }
        let rows = checks.map { check -> Markup in
            let rate = Rate(check.passed, of: check.passed + check.failed)
            let advisory: Markup = check.isAdvisory ? #" <span class="soft small">advisory</span>"# : ""
            let style = check.isAdvisory ? "other" : "main"
            return """
                <span>\(check.name)\(advisory)</span><span>\(Chart.bar(rate.value, style: style))</span>\
                <span>\(Shown.passes(rate))</span>

                """
        }
        return #"<section><h2>Checks</h2><div class="bars">\#(rows)</div></section>\#n"#
    }

    private var latency: Markup {
        let latency = report.latency
        guard latency.sorted.count > 1, let most = latency.maximum else { return "" }
        let counts = latency.histogram(min(24, max(6, latency.sorted.count)))
        let words =
            "p50 \(Shown.seconds(latency.quantile(0.5))), p95 \(Shown.seconds(latency.quantile(0.95))), max \(Shown.seconds(most))"
        return """
            <section><h2>Latency</h2>\(Chart.histogram(counts, label: "Histogram of latency: \(words)"))
            <div class="axis"><span>0</span><span>\(words)</span><span>\(Shown.seconds(most))</span></div></section>

            """
    }
}
