// SPDX-License-Identifier: Apache-2.0

/// A model with instructions and tools, ready to run. A value: runs share nothing.
public struct Agent: Sendable {
    public var model: any Model
    /// The system prompt.
    public var instructions: String?
    public var tools: [any Tool]
    public var toolChoice: ToolChoice
    /// What the final answer must be; `nil` for text.
    public var output: OutputFormat?
    public var options: ModelOptions
    public var limits: RunLimits
    /// Which calls need approval; by default the tools say so themselves.
    public var approvals: ApprovalPolicy
    /// Who is asked about calls that need approval.
    public var approver: any Approver
    /// What is judged before it goes into a run or comes out of it.
    public var guardrails: GuardrailSet
    /// What time limits are measured with.
    public var clock: any Clock<Duration>
    /// Where usage is added up over runs, with prices and a limit of money for all of them. Without one a run counts for
    /// itself, by the prices that are built in.
    public var ledger: UsageLedger?

    public init(
        model: any Model, instructions: String? = nil, tools: [any Tool] = [], toolChoice: ToolChoice = .auto,
        output: OutputFormat? = nil, options: ModelOptions = .init(), limits: RunLimits = .init(),
        approvals: ApprovalPolicy = .byTool, approver: any Approver = NoApprover(), guardrails: GuardrailSet = .init(),
        clock: any Clock<Duration> = ContinuousClock(), ledger: UsageLedger? = nil
    ) {
        self.model = model
        self.instructions = instructions
        self.tools = tools
        self.toolChoice = toolChoice
        self.output = output
        self.options = options
        self.limits = limits
        self.approvals = approvals
        self.approver = approver
        self.guardrails = guardrails
        self.clock = clock
        self.ledger = ledger
    }

    /// Runs until there is an answer. Cancelling the task cancels the run and what it waits for.
    ///
    /// - Throws: ``RunError``, or `CancellationError`.
    public func run(_ prompt: String) async throws -> RunResult { try await run([.user(prompt)]) }

    /// Runs a conversation until there is an answer.
    public func run(_ messages: [Message]) async throws -> RunResult {
        try await run(messages, streams: false) { _ in }
    }

    /// Runs a conversation and reports each event as it happens; the last one is terminal.
    ///
    /// - Parameter streams: whether the model is asked for its answer in pieces.
    /// - Throws: ``RunError``, `CancellationError`, or what `onEvent` throws, which ends the run.
    public func run(
        _ messages: [Message], streams: Bool = true, onEvent: @escaping @Sendable (RunEvent) async throws -> Void
    ) async throws -> RunResult {
        let runner: Runner
        do {
            runner = try self.runner(streams: streams)
        } catch {
            try await onEvent(.failed(error))
            throw error
        }
        return try await runner.run(messages, report: onEvent)
    }

    /// The request of the first turn, as the model would get it; nothing is sent.
    ///
    /// - Throws: ``RunError`` when the agent is set up wrongly.
    public func firstRequest(_ messages: [Message], streams: Bool = true) throws -> ModelRequest {
        var configuration = try runner(streams: streams).configuration
        // What the request is does not hang on whether it can be paid for.
        configuration.limits.usd = nil
        var machine = RunStateMachine(configuration)
        guard case .callModel(let request) = machine.start(with: messages) else {
            preconditionFailure("a run starts with a model call")
        }
        return request
    }

    private func runner(streams: Bool) throws(RunError) -> Runner {
        let toolset = try Toolset(tools)
        if limits.turns < 1 {
            throw RunError(.configuration, "limits.turns: expected 1 or more, found \(limits.turns)")
        }
        if case .named(let name) = toolChoice, toolset[name] == nil {
            throw RunError(.configuration, "tool_choice names \"\(name)\", which is not one of the agent's tools")
        }
        do {
            try checkPrices()
        } catch {
            throw RunError(.model, error.description, cause: error)
        }
        return Runner(
            model: model,
            executor: ToolExecutor(tools: toolset, policy: approvals, approver: approver, clock: clock),
            configuration: .init(
                instructions: instructions, tools: toolset.definitions, toolChoice: toolChoice, output: output,
                options: options, limits: limits, streams: streams, pricingNames: model.pricingNames, prices: prices),
            guardrails: guardrails, clock: clock, ledger: ledger)
    }

    private var prices: PriceTable { ledger?.prices ?? .builtIn }

    /// Tokens of prompt and answer together that the models take that may answer, as they or the table of prices have it: the least
    /// that is known; `nil` when none is.
    public var contextTokens: Int? {
        let listed = model.pricingNames.compactMap { prices[$0]?.contextLength }
        return ([model.contextTokens].compactMap(\.self) + listed).min()
    }

    /// Whether a limit of money can hold: then every model that may answer must have a price.
    ///
    /// - Throws: ``ModelError`` with ``ModelError/Code/configuration`` that names the model without one.
    public func checkPrices() throws(ModelError) {
        guard limits.usd != nil || ledger?.limit != nil else { return }
        for name in model.pricingNames {
            guard let price = prices[name] else { throw prices.missing(name) }
            if price.input == nil { throw prices.missing(name, "price for input") }
            if price.output == nil { throw prices.missing(name, "price for output") }
        }
    }
}
