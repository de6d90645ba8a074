// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Decides what a run does next. No I/O, no clock: every test is a list of calls.
///
/// One terminal action ends it; afterwards nothing may be called.
struct RunStateMachine: Sendable {
    enum Action: Sendable {
        case callModel(ModelRequest)
        /// Calls of others hold the money that is left: ask again with ``tryAgain()`` once one of them is over.
        case waitForMoney
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
        /// The models that may answer, by the names of `prices`.
        var pricingNames: [String] = []
        var prices = PriceTable()
    }

    let configuration: Configuration
    private(set) var messages: [Message] = []
    private(set) var usage = Usage()
    private(set) var turn = 0
    var money: RunMoney
    private var records: [ToolCallRecord] = []
    private var pending: PendingCalls?
    /// The limit that took the tools away.
    private var withdrawn: RunLimits.Kind?
    private var repetition = Repetition()
    private var ids = ToolCallIDs()
    private var failedAttempts: [String] = []
    private var isRepairing = false
    /// What a repair that is about to be asked for should mend.
    private var problems = ""
    private var inputCount = 0

    init(_ configuration: Configuration) {
        self.configuration = configuration
        money = RunMoney(configuration)
    }

    /// What the run is given; ``start(with:)`` may be told of other words for it.
    mutating func note(input: [Message]) {
        messages = input
        inputCount = input.count
    }

    mutating func start(with input: [Message]) -> Action {
        note(input: input)
        for message in input { ids.reserve(message.toolCalls) }
        return callModel()
    }

    mutating func modelResponded(_ response: ModelResponse) -> Action {
        if let used = response.usage { usage += used }
        let isCut = money.settle(response)
        var message = response.message
        // A repair offers no tools; a call that comes all the same is noise.
        message.toolCalls = isRepairing ? [] : ids.assign(to: message.toolCalls)
        messages.append(message)
        if !isRepairing { money.promptIsKnown(response.usage, messages: messages.count - 1) }
        if response.finishReason == .error {
            return fail(.model, "the model ended its answer with an error")
        }
        if isCut { return cutByMoney(message, response) }
        if message.toolCalls.isEmpty { return answer(message.text, response) }
        if response.finishReason.isTruncation { return truncated("tool call", message.text, response) }
        return takeUp(message, response)
    }

    /// A guardrail keeps the answer from being used; it has been paid for.
    mutating func answerRefused(_ response: ModelResponse) {
        if let used = response.usage { usage += used }
        _ = money.settle(response)
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
        money.callFailed(isCharged: true)
        if let unanswered = pending {
            pending = nil
            record(unanswered.asked, unanswered.merge([], otherwise: "not finished: the run's time was up"))
        } else if !partialText.isEmpty {
            messages.append(.assistant(partialText))
        }
        return finish(partialText.isEmpty ? lastText : partialText, .length, stopped: .seconds)
    }

    /// The call gave no answer.
    ///
    /// - Parameter isCharged: whether the provider may charge for it all the same.
    mutating func callFailed(isCharged: Bool) { money.callFailed(isCharged: isCharged) }

    /// After ``Action/waitForMoney``.
    mutating func tryAgain() -> Action {
        guard let request = money.held else { preconditionFailure("tryAgain without waitForMoney") }
        return admit(request)
    }

    // MARK: - Steps

    private mutating func callModel() -> Action {
        turn += 1
        if records.count >= configuration.limits.toolCalls, !configuration.tools.isEmpty { withdrawn = .toolCalls }
        if withdrawn == nil, turn >= configuration.limits.turns, !configuration.tools.isEmpty { withdrawn = .turns }
        let tools = withdrawn == nil ? configuration.tools : []
        return admit(request(instructions + messages, tools: tools))
    }

    /// Calls the model if there is money for it.
    private mutating func admit(_ request: ModelRequest) -> Action {
        switch money.verdict(on: request, conversation: isRepairing ? nil : messages) {
        case .call(let request): return .callModel(request)
        case .wait: return .waitForMoney
        case .refused:
            turn -= 1
            guard isRepairing else { return finish("", .length, stopped: .usd) }
            // The note that asks for the repair was not sent.
            messages.removeLast()
            return unrepaired("; not repaired, as the limit of usd was reached")
        }
    }

    /// The limit of money cut the answer off.
    private mutating func cutByMoney(_ message: Message, _ response: ModelResponse) -> Action {
        record(message.toolCalls, message.toolCalls.map { $0.refused("not run: the run's limit of usd was reached") })
        return finish(message.text, response.finishReason, stopped: .usd)
    }

    private func request(_ messages: [Message], tools: [ToolDefinition]) -> ModelRequest {
        ModelRequest(
            messages: messages, tools: tools, toolChoice: tools.isEmpty ? .auto : toolChoice,
            responseFormat: configuration.output?.responseFormat ?? .text, options: configuration.options,
            streams: configuration.streams)
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
        let isTruncated = response.finishReason.isTruncation
        switch format.check(text, isCut: isTruncated) {
        case .success(let output):
            return finish(output.text, response.finishReason, stopped: withdrawn, output: output.value)
        case .failure(let problems) where !isTruncated: return repair(OutputRepair(answer: text, problems: problems))
        default: return truncated("structured output", text, response)
        }
    }

    private mutating func repair(_ repair: OutputRepair) -> Action {
        failedAttempts.append(repair.answer)
        problems = repair.problems.sentences.joined(separator: "; ")
        if let limit = limitBeforeRepair { return unrepaired(limit) }
        // There is nothing to mend in an empty answer: the question is asked again.
        if repair.answer.allSatisfy(\.isWhitespace) {
            isRepairing = false
            messages.removeLast()
            return callModel()
        }
        isRepairing = true
        messages.append(repair.note)
        turn += 1
        return admit(request([repair.request], tools: []))
    }

    private func unrepaired(_ limit: String) -> Action {
        fail(.output, "the answer does not have the form asked for: \(problems)\(limit)", attempts: failedAttempts)
    }

    /// Why no further answer is asked for; empty when the repairs are used up.
    private var limitBeforeRepair: String? {
        if failedAttempts.count > configuration.limits.repairs { return "" }
        if turn >= configuration.limits.turns { return "; not repaired, as the limit of turns was reached" }
        if let tokens = configuration.limits.tokens, usage.totalTokens >= tokens {
            return "; not repaired, as the limit of tokens was reached"
        }
        return nil
    }

    private func truncated(_ what: String, _ text: String, _ response: ModelResponse) -> Action {
        fail(
            .truncated, "the \(what) was cut off (finish_reason \(response.finishReason.rawValue)); raise max_tokens",
            attempts: failedAttempts + [text])
    }

    // MARK: - Ends

    /// What the model said last in this run; earlier answers of a conversation answer other questions.
    private var lastText: String {
        messages[inputCount...].last { $0.role == .assistant && !$0.text.isEmpty }?.text ?? ""
    }

    private func finish(
        _ text: String, _ reason: FinishReason, stopped: RunLimits.Kind?, output: JSONValue? = nil
    ) -> Action {
        let best = text.isEmpty && stopped != nil ? lastText : text
        // What a limit cut short may be whole all the same.
        let checked = output == nil ? try? configuration.output?.check(best, isCut: true).get() : nil
        return .finish(
            RunResult(
                text: checked?.text ?? best, output: output ?? checked?.value, usage: usage, cost: money.cost,
                toolCalls: records, messages: messages, finishReason: reason, stopped: stopped, turns: turn))
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
