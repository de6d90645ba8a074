// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// What `--usage` shows: tokens and money of each model, and of all together.
struct UsageReport {
    private let totals: UsageTotals
    private let prices: PriceTable
    private let limit: Dollars?

    init(_ ledger: UsageLedger) {
        totals = ledger.totals
        prices = ledger.prices
        limit = ledger.limit
    }

    var text: String {
        guard !totals.models.isEmpty else { return "usage: none\n" }
        var lines = totals.models.map(line)
        if totals.models.count > 1 || limit != nil { lines.append(sum) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func line(_ model: ModelUsage) -> String {
        var parts = [Self.count(model.calls, "call")] + Self.things(model.usage)
        if model.unreportedCalls > 0 { parts.append("\(Self.count(model.unreportedCalls, "call")) without figures") }
        parts.append(model.cost(by: prices).map { "\($0)" } ?? Self.unknown(model, prices))
        return "usage of \(Printable.short(model.model)): " + parts.joined(separator: ", ")
    }

    private var sum: String {
        let calls = totals.models.reduce(0) { $0 + $1.calls }
        let cost = totals.cost(by: prices).map { "\($0)" } ?? "at least \(totals.knownCost(by: prices))"
        let parts = [Self.count(calls, "call")] + Self.things(totals.usage) + [cost + (limit.map { " of \($0)" } ?? "")]
        return "usage in all: " + parts.joined(separator: ", ")
    }

    private static func things(_ usage: Usage) -> [String] {
        var parts: [String] = []
        if usage.promptTokens > 0 || usage.completionTokens > 0 {
            let cached = usage.cachedTokens > 0 ? " (\(usage.cachedTokens) cached)" : ""
            parts.append("\(usage.promptTokens)\(cached) + \(usage.completionTokens) tokens")
        }
        if usage.pages > 0 {
            let annotated = usage.annotatedPages > 0 ? " (\(usage.annotatedPages) annotated)" : ""
            parts.append(count(usage.pages, "page") + annotated)
        }
        if usage.audioSeconds > 0 { parts.append("\(usage.audioSeconds) s of sound") }
        return parts
    }

    private static func unknown(_ model: ModelUsage, _ prices: PriceTable) -> String {
        prices[model.model] == nil ? "price not known" : "cost not known"
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
