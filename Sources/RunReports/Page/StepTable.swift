// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages

/// Every record of a run as a row.
struct StepTable {
    /// Rows at most; the rest is left to `agent show ID --records`.
    private static let limit = 2000
    private let run: RecordedRun

    init(_ run: RecordedRun) { self.run = run }

    var markup: Markup {
        guard !run.records.isEmpty else { return "" }
        let begin = run.records.map(\.began).min() ?? 0
        var rows: [Markup] = []
        for node in run.tree { add(node, 0, begin, &rows) }
        let rest = run.records.count - min(rows.count, Self.limit)
        let more: Markup = rest > 0 ? #"<p class="soft small">\#(Figures.counted(rest, "record")) more</p>"# : ""
        return """
            <section id="steps"><details class="plain"><summary><h2>All \(Figures.counted(run.records.count, "record"))</h2></summary>
            <div class="scroll"><table class="steps"><thead><tr><th scope="col">step</th><th scope="col">#</th><th scope="col">at</th>\
            <th scope="col">took</th><th scope="col">tokens</th><th scope="col">cost</th></tr></thead>
            <tbody>\(Array(rows.prefix(Self.limit)))</tbody></table></div>\(more)
            <p class="soft small">Numbers are what <code>agent replay \(run.info.id) --from N</code> takes.</p></details></section>

            """
    }

    private func add(_ node: RunNode, _ depth: Int, _ begin: Int64, _ rows: inout [Markup]) {
        let record = node.record
        let bad: Markup = record.isBad ? #" class="bad""# : ""
        let usage = record.usage ?? Usage()
        let tokens =
            usage.totalTokens == 0
            ? "" : "\(Figures.count(usage.promptTokens)) + \(Figures.count(usage.completionTokens))"
        rows.append(
            """
            <tr\(bad)><th scope="row" style="padding-left:\(min(depth, 12))rem"><i class="dot \(record.kind.rawValue)"></i>\
            <a href="#r\(record.number)">\(String(record.label.prefix(120)))</a></th><td>\(record.number)</td>\
            <td>\(Figures.duration(record.began - begin))</td><td>\(record.duration.map(Figures.duration) ?? "–")</td>\
            <td>\(tokens)</td><td>\(record.cost?.description ?? "")</td></tr>

            """)
        for child in node.children { add(child, depth + 1, begin, &rows) }
    }
}
