// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Synchronization

/// Shows a run: the answer on stdout, everything else on stderr.
///
/// In a pipe, text of a turn that may still call tools is held back until the turn is over: what a model says before it
/// calls a tool is not the answer.
final class RunPrinter: Sendable {
    enum Form: Sendable, Equatable {
        case text
        /// One object at the end.
        case json
        /// One event a line.
        case jsonLines
        /// Nothing on stdout; the events on stderr only.
        case silent
    }

    private struct State {
        var isHeldBack = false
        var printed = false
        var lineIsOpen = false
        var text = ""
        var progress = ProgressLine()
        var shown: RedactedEvents
    }

    let form: Form
    private let verbosity: Verbosity
    private let style: Style
    private let streams: Bool
    /// Whether the answer must have a form: then nothing goes to stdout that was not found to have it.
    private let isStructured: Bool
    private let sink: @Sendable (String) -> Void
    private let state: Mutex<State>

    init(
        form: Form, verbosity: Verbosity, style: Style, streams: Bool, isStructured: Bool = false,
        secrets: SecretRedactor = Console.secrets, sink: @escaping @Sendable (String) -> Void
    ) {
        state = Mutex(State(shown: RedactedEvents(secrets)))
        self.form = form
        self.verbosity = verbosity
        self.style = style
        self.streams = streams && !isStructured
        self.isStructured = isStructured
        self.sink = sink
    }

    /// Shows the event: the answer as it is, all else without secrets.
    func show(_ event: RunEvent) {
        let safe = state.withLock { $0.shown.next(event) }
        if form == .jsonLines {
            for event in safe { sink(((try? event.scriptValue.serialized()) ?? "null") + "\n") }
        }
        switch event {
        case .text(let text): show(text: text)
        case .done(let result):
            if case .done(let safe)? = safe.last { finish(result, safe) }
        default: break
        }
        for event in safe { showProgress(of: event) }
    }

    private func showProgress(of event: RunEvent) {
        switch event {
        case .turn(_, let mayCallTools): beginTurn(mayCallTools)
        case .toolCall(let call): showCall(call)
        case .toolResult(let result): showResult(result)
        case .thinking(let text): if verbosity == .verbose { note(style.dim(Printable.escaped(text)), newline: false) }
        case .retrying(let attempt, let delay, let reason):
            let seconds = Double(delay / .milliseconds(100)).rounded() / 10
            note(style.yellow("retry \(attempt) in \(seconds) s: \(Printable.short(reason))"))
        case .progress(let text): showProgress(text)
        case .toolFault(let call, let description):
            note(
                style.red("tool \(Printable.short(call.name)) failed: \(Printable.escaped(description))"), always: true)
        case .guardrail(let report): show(report)
        case .failed: closeLine()
        case .text, .done, .usage, .partial: break
        }
    }

    // MARK: - Answer

    private func beginTurn(_ mayCallTools: Bool) {
        state.withLock { state in
            state.isHeldBack = mayCallTools && !Console.outIsTerminal
            state.text = ""
        }
    }

    private func show(text: String) {
        let (ready, progress) = state.withLock { state -> (String, String) in
            state.text += text
            if state.isHeldBack || !streams { return ("", "") }
            state.printed = true
            state.lineIsOpen = !text.hasSuffix("\n")
            return (text, state.progress.end())
        }
        guard form == .text, !ready.isEmpty else { return }
        if !progress.isEmpty { Console.err(progress) }
        sink(ready)
    }

    private func finish(_ result: RunResult, _ safe: RunResult) {
        switch form {
        case .text where isStructured && result.output == nil:
            if !result.text.isEmpty { note("unfinished: " + Printable.escaped(result.text), always: true) }
        case .text:
            let streamed = state.withLock { $0.printed && $0.text == result.text }
            if !streamed { sink(result.text) }
            if !result.text.isEmpty && !result.text.hasSuffix("\n") { sink("\n") }
            state.withLock { $0.lineIsOpen = false }
        case .json: sink(((try? safe.scriptValue.serialized()) ?? "null") + "\n")
        case .jsonLines, .silent: break
        }
        if let stopped = result.stopped {
            note(style.yellow("stopped by the limit of \(stopped.rawValue)"), always: true)
        }
        let usage = result.usage
        let plural = result.toolCalls.count == 1 ? "" : "s"
        note(
            style.dim(
                "\(result.turns) turn\(result.turns == 1 ? "" : "s"), \(result.toolCalls.count) tool call\(plural), "
                    + "\(usage.promptTokens) + \(usage.completionTokens) tokens"))
    }

    // MARK: - The rest

    private func showCall(_ call: ToolCall) {
        note(style.cyan("→ \(Printable.short(call.name))") + " " + style.dim(Printable.short(call.arguments)))
    }

    private func showResult(_ result: ToolResult) {
        let text = Printable.short(result.content)
        let line = "← \(Printable.short(result.name)): \(text)"
        note(result.isError ? style.yellow(line) : style.dim(line))
    }

    /// What is blocked ends the run, and is said by its error.
    private func show(_ report: GuardrailReport) {
        guard report.outcome != .blocked else { return closeLine() }
        note(style.yellow(Printable.escaped(report.description)), always: report.isFailure)
    }

    private func showProgress(_ text: String) {
        guard verbosity != .quiet else { return }
        let line = state.withLock { $0.progress.next(Printable.short(text), isTerminal: Console.errIsTerminal) }
        if let line { Console.err(line) }
    }

    /// Clears a line of progress before something else is written.
    func endProgress() {
        let progress = state.withLock { $0.progress.end() }
        if !progress.isEmpty { Console.err(progress) }
    }

    private func closeLine() {
        let (open, progress) = state.withLock { state in
            defer { state.lineIsOpen = false }
            return (state.lineIsOpen, state.progress.end())
        }
        if !progress.isEmpty { Console.err(progress) }
        if open && Console.outIsTerminal && form == .text { sink("\n") }
    }

    private func note(_ text: String, newline: Bool = true, always: Bool = false) {
        guard always || verbosity != .quiet else { return }
        closeLine()
        Console.err(newline ? text + "\n" : text)
    }
}

enum Verbosity: Sendable {
    case quiet, normal, verbose
}
