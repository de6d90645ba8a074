// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports

/// The records of a run as they are kept, one a line.
struct RecordList {
    let text: String

    init(_ run: RecordedRun, _ style: Style) {
        let number = "\(run.records.map(\.number).max() ?? 0)".count
        let path = min(24, run.records.map { "\($0.path)".count }.max() ?? 0)
        let label = min(40, run.records.map { Printable.short($0.label, width: 40).count }.max() ?? 0)
        text = run.records.map { record in
            let took = (record.duration.map(Figures.duration) ?? "–").leftPadded(to: 10)
            let head =
                "\(record.number)".leftPadded(to: number) + "  " + "\(record.path)".padded(to: path) + "  "
                + Printable.short(record.label, width: 40).padded(to: label) + took
            return head + Self.rest(record, style) + "\n"
        }.joined()
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
