// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTMLPages
import JSONCore

/// A run from top to bottom: messages, answers, and the calls of tools where they were asked for.
struct ConversationSection {
    private let entries: [RunEntry]
    /// Model calls that were asked for as the one before.
    private let repeated: Set<Int>

    init(_ run: RecordedRun) {
        entries = RunStory.entries(of: run)
        let calls = run.records.filter { $0.operation == "model" }
        repeated = Set(zip(calls, calls.dropFirst()).filter { $0.request == $1.request }.map(\.1.number))
    }

    var markup: Markup {
        guard !entries.isEmpty else { return "" }
        return #"<section id="conversation"><h2>What happened</h2>\#(entries.map(markup))</section>\#n"#
    }

    private func markup(_ entry: RunEntry) -> Markup {
        switch entry.content {
        case .message(let message): self.message(message)
        case .answer(let message, let turn): answer(message, turn, entry)
        case .call(let name, let arguments, let result, let isError):
            call(name, arguments, result, isError, entry)
        case .group: group(entry)
        case .step: step(entry)
        }
    }

    // MARK: - Messages

    private func message(_ message: Message) -> Markup {
        let who = message.role == .tool ? "tool \(message.name ?? "")" : message.role.rawValue
        let body = message.content.map(part)
        guard message.role == .system else {
            let bad: Markup = message.isError ? " bad" : ""
            return """
                <article class="msg \(message.role.rawValue)\(bad)"><h3>\(who)</h3>\(body)\(asked(message))</article>

                """
        }
        return """
            <details class="msg system"><summary><h3>system</h3> <span class="soft">\(short(message.text))</span></summary>\
            \(body)</details>

            """
    }

    /// Calls in a message that came from outside of this run.
    private func asked(_ message: Message) -> [Markup] {
        message.toolCalls.map { #"<p class="asked"><b>\#($0.name)</b> <code>\#(short($0.arguments))</code></p>"# }
    }

    private func part(_ part: ContentPart) -> Markup {
        switch part {
        case .text(let text): return text.isEmpty ? "" : FoldedText(text).markup
        case .thinking(let text, _):
            return """
                <details class="thinking"><summary>thinking <span class="soft">\(short(text))</span></summary>\
                <div class="text" dir="auto">\(String(text.prefix(FoldedText.most)))</div></details>
                """
        case .raw(let value):
            return """
                <details class="raw"><summary><span class="soft">\(value["type"]?.stringValue ?? "part")</span></summary>\
                <pre>\(String(value.prettyText.prefix(2000)))</pre></details>
                """
        }
    }

    private func answer(_ message: Message?, _ turn: Int, _ entry: RunEntry) -> Markup {
        guard let record = entry.record else { return "" }
        let name = record.answeringModel.flatMap { $0.isEmpty ? nil : $0 } ?? record.name
        let bad: Markup = record.isBad || message == nil ? " bad" : ""
        let reason = record.finishReason.flatMap { ["stop", "tool_calls"].contains($0) ? nil : "ended by \($0)" }
        let facts = [Figures.tokens(record.usage ?? Usage()), record.cost?.description ?? "", reason ?? ""]
        let body: Markup = message.map { "\($0.content.map(part))" } ?? fault(record)
        return """
            <article class="msg assistant\(bad)" id="r\(record.number)"><h3>\(name) \
            <span class="soft">turn \(turn)\(facts.filter { !$0.isEmpty }.map { " · " + $0 }.joined())</span>\(place(record))</h3>\
            \(body)\(options(record))\(entry.children.map(markup))</article>

            """
    }

    private func options(_ record: JournalRecord) -> Markup {
        guard case .object(let fields) = record.request, !fields.isEmpty, !repeated.contains(record.number) else {
            return ""
        }
        return
            #"<details class="raw"><summary><span class="soft">request</span></summary><pre>\#(record.request.prettyText)</pre></details>"#
    }

    private func fault(_ record: JournalRecord) -> Markup {
        #"<p class="fault">\#(record.failure ?? "not answered")</p>"#
    }

    // MARK: - Steps

    private func call(_ name: String, _ arguments: String, _ result: String?, _ isError: Bool, _ entry: RunEntry)
        -> Markup
    {
        let kind: Markup = isError ? " bad" : entry.record.map { $0.outcome == nil } == true ? " open" : ""
        let (left, right) = isError ? ("✗", "error") : ("→", "result")
        let told: Markup =
            result.map {
                #"<dt>\#(right)</dt><dd>\#(FoldedText(pretty($0), isCode: true).markup)</dd>"#
            } ?? ""
        let id: Markup = entry.record.map { #" id="r\#($0.number)""# } ?? ""
        return """
            <details class="step tool\(kind)"\(id)><summary><i class="dot tool"></i><b>\(name)</b> \
            <code>\(short(compact(arguments)))</code> <span class="out">\(result.map { left + " " + short($0) } ?? "not answered")</span>\
            \(entry.record.map(place) ?? "")</summary><dl><dt>arguments</dt><dd>\
            \(FoldedText(pretty(arguments), isCode: true).markup)</dd>\(told)</dl>\(entry.children.map(markup))</details>

            """
    }

    private func group(_ entry: RunEntry) -> Markup {
        guard let record = entry.record else { return "" }
        let bad: Markup = record.isBad ? " bad" : ""
        let fault: Markup = record.isBad ? self.fault(record) : ""
        return """
            <details class="group\(bad)" id="r\(record.number)" open><summary><i class="dot group"></i><b>\(record.label)</b> \
            <span class="soft">\(Figures.counted(entry.children.count, "step"))</span>\(place(record))</summary>\
            \(entry.children.map(markup))\(fault)\(detail("request", record.request))</details>

            """
    }

    private func step(_ entry: RunEntry) -> Markup {
        guard let record = entry.record else { return "" }
        let style: Markup = record.isBad ? " bad" : record.outcome == nil ? " open" : ""
        let effect: Markup =
            record.effect == .read ? "" : #" <span class="tag effect">\#(record.effect.rawValue)</span>"#
        let outcome = record.outcome?.value
        let told = record.failure.map { "✗ " + short($0) } ?? outcome.map { "→ " + short(brief($0)) } ?? "not answered"
        return """
            <details class="step \(record.kind.rawValue)\(style)" id="r\(record.number)"><summary>\
            <i class="dot \(record.kind.rawValue)"></i><b>\(record.label)</b>\(effect) <code>\(short(brief(record.request)))</code> \
            <span class="out">\(told)</span>\(place(record))</summary><dl>\(item("request", record.request))\
            \(item("answer", outcome ?? .null))</dl>\(entry.children.map(markup))</details>

            """
    }

    private func detail(_ name: String, _ value: JSONValue) -> Markup {
        guard !value.isNull else { return "" }
        return """
            <details class="raw"><summary><span class="soft">\(name)</span></summary>\
            \(FoldedText(value.prettyText, isCode: true).markup)</details>
            """
    }

    private func item(_ name: String, _ value: JSONValue) -> Markup {
        guard !value.isNull else { return "" }
        let text = value.stringValue ?? value.prettyText
        return #"<dt>\#(name)</dt><dd>\#(FoldedText(text, isCode: true).markup)</dd>"#
    }

    private func place(_ record: JournalRecord) -> Markup {
        let time = record.duration.map { Figures.duration($0) + " · " } ?? ""
        return """
             <a class="no" href="#r\(record.number)">\(time)#\(record.number)</a>
            """
    }

    // MARK: - Texts

    private func brief(_ value: JSONValue) -> String { value.isNull ? "" : value.stringValue ?? value.compactText }

    private func short(_ text: String) -> String {
        let line = text.prefix(400).split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 120 ? line.prefix(119) + "…" : line
    }

    private func compact(_ text: String) -> String { (try? JSONValue(parsing: text).compactText) ?? text }

    private func pretty(_ text: String) -> String {
        guard let value = try? JSONValue(parsing: text), value.isContainer else { return text }
        return value.prettyText
    }
}

extension JSONValue {
    fileprivate var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}
