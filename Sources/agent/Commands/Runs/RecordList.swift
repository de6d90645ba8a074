// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports

/// The records of a run as they are kept, one a line.
struct RecordList {
    let text: String

    init(_ run: RecordedRun, _ style: Style) {
        let heads = run.records.map { record -> [String] in
            let took = record.duration.map(Figures.duration) ?? "–"
            return [String(record.number), "\(record.path)", Printable.short(record.label, width: 40), took]
        }
        let lines = Columns(heads, right: [0, 3]).lines
        text = zip(lines, run.records).map { line, record in line + Self.rest(record, style) + "\n" }.joined()
    }

    private static func rest(_ record: JournalRecord, _ style: Style) -> String {
        let request =
            record.messages.isEmpty ? record.request.compactText : Figures.counted(record.messages.count, "message")
        let asked = "  " + Printable.short(request, width: 80)
        if let failure = record.failure { return asked + style.red("  ✗ " + Printable.short(failure, width: 80)) }
        guard let outcome = record.outcome else { return asked + style.yellow("  not answered") }
        let answer = record.answer.map { $0.text.isEmpty ? "\($0.toolCalls.count) tool calls" : $0.text }
        return asked + style.dim("  → " + Printable.short(answer ?? outcome.value.compactText, width: 80))
    }
}
