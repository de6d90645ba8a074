// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages

/// Tokens and money of each model call, as a chart.
struct TurnSection {
    private let calls: [JournalRecord]

    init(_ run: RecordedRun) {
        calls = run.records.filter { $0.operation == "model" && ($0.usage?.totalTokens ?? 0) > 0 }
    }

    var markup: Markup {
        let most = calls.compactMap(\.usage).map { $0.promptTokens.clamped + $0.completionTokens.clamped }.max() ?? 0
        guard calls.count > 1, most > 0 else { return "" }
        let width = 100 / Double(calls.count)
        let bars = calls.enumerated().map { place, record in bar(record, Double(place) * width, width, Double(most)) }
        return """
            <section id="turns"><h2>Tokens of each turn</h2>
            <svg class="turns" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="\(summary)">\(bars)</svg>
            <div class="axis"><span>turn 1</span><span class="keys"><span><i class="dot cached"></i>cached</span> \
            <span><i class="dot prompt"></i>prompt</span> <span><i class="dot completion"></i>answer</span></span>\
            <span>turn \(calls.count)</span></div><p class="soft small">\(summary)</p></section>

            """
    }

    private var summary: String {
        let prompts = calls.compactMap(\.usage?.promptTokens)
        let answers = calls.compactMap(\.usage?.completionTokens)
        return "Prompts of \(range(prompts)) tokens, answers of \(range(answers))."
    }

    private func range(_ numbers: [Int]) -> String {
        let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
        return low == high ? Figures.count(low) : "\(Figures.count(low)) to \(Figures.count(high))"
    }

    private func bar(_ record: JournalRecord, _ x: Double, _ width: Double, _ most: Double) -> Markup {
        let usage = record.usage ?? Usage()
        let cached = min(usage.cachedTokens, usage.promptTokens)
        let parts: [(Markup, Int)] = [
            ("cached", cached), ("prompt", usage.promptTokens - cached), ("completion", usage.completionTokens),
        ]
        var y = 40.0
        let rects = parts.map { style, tokens -> Markup in
            let height = Double(tokens.clamped) / most * 38
            y -= height
            return """
                <rect class="\(style)" x="\(Markup.places(x + width * 0.08))" y="\(Markup.places(y))" \
                width="\(Markup.places(width * 0.84))" height="\(Markup.places(height))"/>
                """
        }
        let cost = record.cost.map { ", \($0)" } ?? ""
        return """
            <a href="#r\(record.number)" aria-label="record \(record.number)"><title>record \(record.number): \
            \(Figures.tokens(usage))\(cost)</title><rect class="ground" x="\(Markup.places(x))" y="0" \
            width="\(Markup.places(width))" height="40"/>\(rects)</a>
            """
    }
}

extension Int {
    /// What a chart can be drawn of.
    fileprivate var clamped: Int { Swift.min(Swift.max(0, self), 1 << 40) }
}
