// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Decides what a run does next. No I/O, no clock: every test is a list of calls.
///
/// One terminal action ends it; afterwards nothing may be called.
struct RunStateMachine: Sendable {
    enum Action: Sendable {
        case callModel(ModelRequest)
        /// Run these calls and report with ``toolsFinished(_:)``, results in the order of the calls.
        case runTools([ToolCall])
        case finish(RunResult)
        case fail(RunError)
    }

    /// What stays the same for a whole run.
    struct Configuration: Sendable {
        var instructions: String?
        var tools: [ToolDefinition] = []
        var toolChoice: ToolChoice = .auto
        var output: OutputFormat?
        var options = ModelOptions()
        var limits = RunLimits()
        var streams = false
    }

    private let configuration: Configuration
    private(set) var messages: [Message] = []
    private(set) var usage = Usage()
    private(set) var turn = 0
    private var records: [ToolCallRecord] = []
    private var pending: PendingCalls?
    /// The limit that took the tools away.
    private var withdrawn: RunLimits.Kind?
    private var repetition = Repetition()
    private var ids = ToolCallIDs()
    private var failedAttempts: [String] = []

    init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    mutating func start(with input: [Message]) -> Action {
        messages = input
        for message in input { ids.reserve(message.toolCalls) }
        return callModel()
    }

    mutating func modelResponded(_ response: ModelResponse) -> Action {
        if let used = response.usage { usage += used }
        var message = response.message
        message.toolCalls = ids.assign(to: message.toolCalls)
        messages.append(message)
        if response.finishReason == .error {
            return fail(.model, "the model ended its answer with an error")
        }
        let needsWhole = !message.toolCalls.isEmpty || configuration.output != nil
        if response.finishReason.isTruncation, needsWhole {
            let what = message.toolCalls.isEmpty ? "structured output" : "tool call"
            return fail(
                .truncated,
                "the \(what) was cut off (finish_reason \(response.finishReason.rawValue)); raise max_tokens",
                attempts: [message.text])
        }
        return message.toolCalls.isEmpty ? answer(message.text, response) : takeUp(message, response)
    }

    mutating func toolsFinished(_ results: [ToolResult]) -> Action {
        guard let finished = pending else { preconditionFailure("toolsFinished without runTools") }
        pending = nil
        record(finished.asked, finished.merge(results))
        if repetition.count >= configuration.limits.repeats { withdrawn = withdrawn ?? .repeats }
        return turn < configuration.limits.turns ? callModel() : finish("", .toolCalls, stopped: .turns)
    }

    /// The time is up: ends the run with `partialText`, what the model had said in the turn that was cut.
    mutating func timeRanOut(partialText: String) -> Action {
        if let unanswered = pending {
            pending = nil
            record(unanswered.asked, unanswered.merge([], otherwise: "not finished: the run's time was up"))
        } else if !partialText.isEmpty {
            messages.append(.assistant(partialText))
        }
        return finish(partialText.isEmpty ? lastText : partialText, .length, stopped: .seconds)
    }

    // MARK: - Steps

    private mutating func callModel() -> Action {
        turn += 1
        if records.count >= configuration.limits.toolCalls, !configuration.tools.isEmpty { withdrawn = .toolCalls }
        if withdrawn == nil, turn >= configuration.limits.turns, !configuration.tools.isEmpty { withdrawn = .turns }
        let tools = withdrawn == nil ? configuration.tools : []
        return .callModel(
            ModelRequest(
                messages: instructions + messages, tools: tools, toolChoice: tools.isEmpty ? .auto : toolChoice,
                responseFormat: configuration.output?.responseFormat ?? .text, options: configuration.options,
                streams: configuration.streams))
    }

    /// The system message. It also carries the request for a best answer: after tool results a user message would
    /// break the order of messages that the Mistral API insists on (code 3230).
    private var instructions: [Message] {
        var parts = [configuration.instructions].compactMap(\.self).filter { !$0.isEmpty }
        if withdrawn != nil, turn > 1 {
            parts.append("No further tool calls are possible. Give your best answer now, with what you know.")
        }
        return parts.isEmpty ? [] : [.system(parts.joined(separator: "\n\n"))]
    }

    /// A forced call is forced once: otherwise the model could never answer.
    private var toolChoice: ToolChoice {
        guard turn > 1 else { return configuration.toolChoice }
        switch configuration.toolChoice {
        case .any, .named: return .auto
        case .auto, .none: return configuration.toolChoice
        }
    }

    private mutating func takeUp(_ message: Message, _ response: ModelResponse) -> Action {
        let calls = message.toolCalls
        if let limit = limitBeforeTools {
            record(calls, calls.map { $0.refused("not run: the run's limit of \(limit.rawValue) was reached") })
            return finish(message.text, response.finishReason, stopped: limit)
        }
        repetition.note(calls)
        let room = configuration.limits.toolCalls - records.count
        pending = PendingCalls(asked: calls, run: Array(calls.prefix(room)))
        return .runTools(Array(calls.prefix(room)))
    }

    private var limitBeforeTools: RunLimits.Kind? {
        if let withdrawn { return withdrawn }
        if configuration.limits.toolCalls <= records.count { return .toolCalls }
        if let tokens = configuration.limits.tokens, usage.totalTokens >= tokens { return .tokens }
        return nil
    }

    private mutating func answer(_ text: String, _ response: ModelResponse) -> Action {
        guard let format = configuration.output else { return finish(text, response.finishReason, stopped: withdrawn) }
        switch format.check(text) {
        case .success(let value): return finish(text, response.finishReason, stopped: withdrawn, output: value)
        case .failure(let problems): return repair(text, problems)
        }
    }

    private mutating func repair(_ text: String, _ problems: OutputProblems) -> Action {
        failedAttempts.append(text)
        let spent = configuration.limits.tokens.map { usage.totalTokens >= $0 } ?? false
        guard failedAttempts.count <= configuration.limits.repairs, turn < configuration.limits.turns, !spent else {
            let list = problems.sentences.joined(separator: "; ")
            return fail(.output, "the answer does not have the form asked for: \(list)", attempts: failedAttempts)
        }
        let list = problems.sentences.map { "- \($0)" }.joined(separator: "\n")
        messages.append(
            .user("Your answer does not have the form asked for:\n\(list)\nReply with the corrected JSON only."))
        return callModel()
    }

    // MARK: - Ends

    private var lastText: String { messages.last { $0.role == .assistant && !$0.text.isEmpty }?.text ?? "" }

    private func finish(
        _ text: String, _ reason: FinishReason, stopped: RunLimits.Kind?, output: JSONValue? = nil
    ) -> Action {
        .finish(
            RunResult(
                text: text.isEmpty && stopped != nil ? lastText : text, output: output, usage: usage,
                toolCalls: records,
                messages: messages, finishReason: reason, stopped: stopped, turns: turn))
    }

    func fail(_ code: RunError.Code, _ message: String, cause: (any Error)? = nil, attempts: [String] = []) -> Action {
        .fail(
            RunError(code, message, cause: cause, attempts: attempts, usage: usage, messages: messages))
    }

    private mutating func record(_ calls: [ToolCall], _ results: [ToolResult]) {
        records += zip(calls, results).map { ToolCallRecord(call: $0, result: $1) }
        messages += results.map(Message.tool)
    }
}

extension ToolCall {
    func refused(_ reason: String) -> ToolResult {
        ToolResult(callID: id, name: name, content: reason, isError: true)
    }
}
