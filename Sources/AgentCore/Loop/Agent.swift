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
    /// Who is asked about calls that need approval.
    public var approver: any Approver
    /// What time limits are measured with.
    public var clock: any Clock<Duration>

    public init(
        model: any Model, instructions: String? = nil, tools: [any Tool] = [], toolChoice: ToolChoice = .auto,
        output: OutputFormat? = nil, options: ModelOptions = .init(), limits: RunLimits = .init(),
        approver: any Approver = NoApprover(), clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.model = model
        self.instructions = instructions
        self.tools = tools
        self.toolChoice = toolChoice
        self.output = output
        self.options = options
        self.limits = limits
        self.approver = approver
        self.clock = clock
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
        var machine = RunStateMachine(try runner(streams: streams).configuration)
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
        return Runner(
            model: model, executor: ToolExecutor(tools: toolset, approver: approver, clock: clock),
            configuration: .init(
                instructions: instructions, tools: toolset.definitions, toolChoice: toolChoice, output: output,
                options: options, limits: limits, streams: streams),
            clock: clock)
    }
}
