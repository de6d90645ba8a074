// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages

/// Two configurations side by side.
struct CompareSection {
    /// Ids that are named of each kind.
    private static let limit = 50
    private let comparison: EvalComparison?

    init(_ comparison: EvalComparison?) { self.comparison = comparison }

    var markup: Markup {
        guard let comparison else { return "" }
        let (first, second, paired) = (comparison.first, comparison.second, comparison.paired)
        return """
            <section><h2>Compared</h2>
            <div class="bars">\(bar(first, "other"))\(bar(second, "main"))</div>
            <p><b>\(Shown.points(paired.difference)) points</b> from the first to the second\(interval), on \
            \(Shown.count(paired.count, "case")) that both were judged on; McNemar p \(Shown.probability(paired.pValue)).</p>
            <div class="scroll"><table><thead><tr><td></td><th scope="col">second right</th><th scope="col">second wrong</th></tr></thead>
            <tbody><tr><th scope="row">first right</th><td>\(paired.bothRight)</td><td>\(paired.onlyFirst)</td></tr>
            <tr><th scope="row">first wrong</th><td>\(paired.onlySecond)</td><td>\(paired.bothWrong)</td></tr></tbody></table></div>
            <div class="scroll"><table><thead><tr><td></td><th scope="col">first</th><th scope="col">second</th></tr></thead><tbody>
            \(row("median latency", Shown.seconds(first.latencyMedian), Shown.seconds(second.latencyMedian)))\
            \(row("95 % within", Shown.seconds(first.latencyP95), Shown.seconds(second.latencyP95)))\
            \(row("tokens", "\(first.tokens)", "\(second.tokens)"))\(row("cost", cost(first), cost(second)))
            </tbody></table></div>
            \(ids("Only the first was right", comparison.lost))\(ids("Only the second was right", comparison.won))\
            \(ids("Not compared: judged on one side only, or asked differently", comparison.unpaired))</section>

            """
    }

    private var interval: Markup {
        comparison?.paired.interval.map { " (95 %: \(Shown.points($0)))" } ?? ""
    }

    private func bar(_ side: ComparedReport, _ style: String) -> Markup {
        let partial = side.isPartial ? " (interrupted)" : ""
        return """
            <span>\(side.name)\(partial)</span><span>\(Chart.bar(side.accuracy, style: style))</span>\
            <span>\(Shown.percent(side.accuracy))</span>

            """
    }

    private func row(_ name: String, _ first: String, _ second: String) -> Markup {
        #"<tr><th scope="row">\#(name)</th><td>\#(first)</td><td>\#(second)</td></tr>\#n"#
    }

    private func cost(_ side: ComparedReport) -> String {
        side.cost.flatMap { Dollars($0) }?.description ?? "not known"
    }

    private func ids(_ title: String, _ ids: [String]) -> Markup {
        guard !ids.isEmpty else { return "" }
        let rest = ids.count > Self.limit ? ", and \(ids.count - Self.limit) more" : ""
        return
            #"<p><span class="soft">\#(title):</span> \#(ids.prefix(Self.limit).joined(separator: ", "))\#(rest)</p>"#
    }
}
