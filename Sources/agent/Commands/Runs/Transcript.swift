// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports

/// A run as text for a terminal.
struct Transcript {
    private let run: RecordedRun
    private let style: Style
    private var lines: [String] = []

    init(_ run: RecordedRun, style: Style) {
        self.run = run
        self.style = style
        lines = RunFacts(run, style).lines
        for entry in RunStory.entries(of: run) { add(entry, 0) }
        addEnd()
    }

    /// With a line feed at its end. What is not visible is spelt out.
    var text: String { lines.map { $0 + "\n" }.joined() }

    private mutating func add(_ entry: RunEntry, _ depth: Int) {
        switch entry.content {
        case .message(let message): add(message, depth)
        case .answer(let message, let turn): add(answer: message, turn, entry, depth)
        case .call(let name, let arguments, let result, let isError):
            add(head: "→ \(name)", arguments, entry.record, depth)
            for child in entry.children { add(child, depth + 1) }
            return add(result: result, isError, depth)
        case .group:
            guard let record = entry.record else { return }
            add(head: "▸ \(record.label)", "", record, depth)
            if record.outcome?.isFailure == true { addFault(of: record, depth) }
        case .step: add(step: entry.record, depth)
        }
        for child in entry.children { add(child, depth + 1) }
    }

    // MARK: - Messages

    private mutating func add(_ message: Message, _ depth: Int) {
        let who = message.role == .tool ? "tool \(message.name ?? "")" : message.role.rawValue
        blank()
        put(style.cyan(Printable.short(who)), depth)
        addContent(of: message, depth)
    }

    private mutating func add(answer message: Message?, _ turn: Int, _ entry: RunEntry, _ depth: Int) {
        guard let record = entry.record else { return }
        let model = record.answeringModel.flatMap { $0.isEmpty ? nil : $0 } ?? record.name
        blank()
        put(style.cyan("assistant") + " " + style.dim("\(Printable.short(model)), turn \(turn)\(facts(record))"), depth)
        guard let message else { return addFault(of: record, depth) }
        addContent(of: message, depth)
        if let reason = record.finishReason, reason != "stop", reason != "tool_calls" {
            put(style.yellow("ended by \(Printable.short(reason))"), depth + 1)
        }
    }

    private mutating func addContent(of message: Message, _ depth: Int) {
        for part in message.content {
            switch part {
            case .text(let text): addText(text, depth + 1)
            case .thinking(let text, _): addText(text, depth + 1, style.dim)
            case .raw(let value):
                put(style.dim("[\(Printable.short(value["type"]?.stringValue ?? "part"))]"), depth + 1)
            }
        }
    }

    // MARK: - Steps

    private mutating func add(head: String, _ rest: String, _ record: JournalRecord?, _ depth: Int) {
        let rest = rest.isEmpty ? "" : " " + Printable.short(rest, width: 200)
        put(style.cyan(Printable.short(head)) + style.dim(rest + (record.map(facts) ?? "")), depth)
    }

    private mutating func add(result: String?, _ isError: Bool, _ depth: Int) {
        guard let result else { return put(style.yellow("← not answered"), depth) }
        addText("← " + result, depth, isError ? style.red : style.dim, most: 12)
    }

    private mutating func add(step record: JournalRecord?, _ depth: Int) {
        guard let record else { return }
        let effect = record.effect == .read ? "" : " [\(record.effect.rawValue)]"
        let request = record.request.isNull ? "" : record.request.stringValue ?? record.request.compactText
        add(head: "· \(record.label)\(effect)", request, record, depth)
        if record.isBad || record.outcome == nil { return addFault(of: record, depth) }
        guard let value = record.outcome?.value, !value.isNull else { return }
        put(style.dim("← " + Printable.short(value.stringValue ?? value.compactText, width: 200)), depth)
    }

    private mutating func addFault(of record: JournalRecord, _ depth: Int) {
        guard let failure = record.failure else { return put(style.yellow("← not answered"), depth) }
        addText("✗ " + failure, depth, style.red, most: 12)
    }

    /// The number by which `agent replay --from` knows the record, and what it took.
    private func facts(_ record: JournalRecord) -> String {
        let parts = [
            "#\(record.number)", record.duration.map(Figures.duration), record.usage.map(Figures.tokens),
            record.cost?.description,
        ]
        return "  " + parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private mutating func addEnd() {
        let output = run.info.output.map { $0.stringValue ?? $0["text"]?.stringValue ?? $0.prettyText }
        if let output, run.records.last(where: { $0.operation == "model" })?.answer?.text != output {
            blank()
            put(style.cyan("output"), 0)
            addText(output, 1)
        }
        guard let message = run.info.message else { return }
        blank()
        addText("\(run.info.status.rawValue): \(message)", 0, style.red)
    }

    // MARK: - Lines

    /// - Parameter most: lines at most.
    private mutating func addText(
        _ text: String, _ depth: Int, _ style: (String) -> String = { $0 }, most: Int = .max
    ) {
        let all = Printable.escaped(text).split(separator: "\n", omittingEmptySubsequences: false)
        let shown = all.prefix(most)
        for line in shown {
            // Answers are shown whole; a tool's result may be a page in one line.
            let isLong = most < .max && line.count > 500
            put(line.isEmpty ? "" : style(isLong ? line.prefix(499) + "…" : String(line)), depth)
        }
        if all.count > shown.count { put(self.style.dim("… \(all.count - shown.count) more lines"), depth) }
    }

    private mutating func put(_ line: String, _ depth: Int) {
        lines.append(line.isEmpty ? "" : String(repeating: "  ", count: min(depth, 20)) + line)
    }

    private mutating func blank() { if lines.last?.isEmpty == false { lines.append("") } }
}
