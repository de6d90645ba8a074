// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages

/// The timeline of a run: a bar for each step, which leads to the step.
struct TimelineSection {
    private let layout: TimelineLayout

    init(_ run: RecordedRun) { layout = TimelineLayout(run) }

    var markup: Markup {
        guard !layout.bars.isEmpty else { return "" }
        let height = Double(layout.lanes) * 1.6
        let hidden: Markup =
            layout.hidden == 0
            ? ""
            : #"<p class="soft small">\#(Figures.counted(layout.hidden, "step")) more went on beside these: see the list of steps.</p>"#
        return """
            <section id="timeline"><h2>Timeline</h2><p class="keys small">\(keys)</p>
            <div class="lanes-scroll" tabindex="0" role="region" aria-label="Timeline"><div class="lanes" style="height:\(Markup.places(height))rem">\
            \(ticks)\(layout.bars.map(bar))</div>\
            <div class="ticks small soft" aria-hidden="true">\(tickLabels)</div></div>\(hidden)</section>

            """
    }

    private var keys: [Markup] {
        let kinds = Set(layout.bars.map(\.record.kind))
        return StepKind.allCases.filter(kinds.contains).map { kind in
            #"<span><i class="dot \#(kind.rawValue)"></i>\#(kind.title)</span> "#
        }
    }

    private func bar(_ bar: TimelineLayout.Bar) -> Markup {
        let record = bar.record
        let words = record.name.isEmpty ? record.operation : record.kind == .door ? record.label : record.name
        // In a narrower bar nobody could read it.
        let label: Markup = bar.width > 0.025 ? "\(String(words.prefix(60)))" : ""
        let bad: Markup = record.isBad ? " bad" : record.outcome == nil ? " open" : ""
        return """
            <a class="bar \(record.kind.rawValue)\(bad)" href="#r\(record.number)" style="left:\(percent(bar.start))%;\
            width:\(percent(bar.width))%;top:\(Markup.places(Double(bar.lane) * 1.6))rem" title="\(title(record))">\(label)</a>
            """
    }

    private func title(_ record: JournalRecord) -> String {
        let state =
            record.failure.map { "failed: " + String($0.prefix(200)) }
            ?? (record.outcome == nil ? "not answered" : nil)
        return [
            "\(record.number) · \(String(record.label.prefix(200)))", record.duration.map(Figures.duration),
            record.usage.map(Figures.tokens).flatMap { $0.isEmpty ? nil : $0 }, record.cost?.description, state,
        ].compactMap(\.self).joined(separator: " · ")
    }

    private func percent(_ share: Double) -> String { Markup.places(share * 100) }

    // MARK: - Ticks

    /// Microseconds between two ticks: 1, 2 or 5 of a power of ten, or what clocks show; at most eight of them.
    private var step: Int64 {
        var unit: Int64 = 1
        while unit < 60_000_000 {
            for step in [unit, unit * 2, unit * 5] where layout.length / step <= 8 { return step }
            unit *= 10
        }
        let minute: Int64 = 60_000_000
        let steps: [Int64] = [1, 2, 5, 10, 30, 60, 120, 360, 720, 1440]
        return steps.map { $0 * minute }.first { layout.length / $0 <= 8 } ?? layout.length / 8 + 1
    }

    private var moments: [Int64] { Array(stride(from: 0, through: layout.length, by: Int(step)).map { Int64($0) }) }

    private var ticks: [Markup] {
        moments.map { #"<i class="tick" style="left:\#(percent(Double($0) / Double(layout.length)))%"></i>"# }
    }

    private var tickLabels: [Markup] {
        moments.map { moment in
            let share = Double(moment) / Double(layout.length)
            let style: Markup = share > 0.94 ? "end" : "at"
            return
                #"<span class="\#(style)" style="left:\#(percent(share))%">\#(moment == 0 ? "0" : Figures.duration(moment))</span>"#
        }
    }
}
