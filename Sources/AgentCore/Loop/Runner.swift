// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

/// Acts on what ``RunStateMachine`` decides: calls the model, runs the tools, reports each event.
struct Runner: Sendable {
    let model: any Model
    let executor: ToolExecutor
    let configuration: RunStateMachine.Configuration
    let clock: any Clock<Duration>
    let ledger: UsageLedger?

    typealias Report = @Sendable (RunEvent) async throws -> Void

    /// Runs to the end and reports exactly one terminal event, the last.
    ///
    /// - Throws: ``RunError``; `CancellationError` when the task was cancelled; what `report` throws.
    func run(_ input: [Message], report: @escaping Report) async throws -> RunResult {
        let progress = RunProgress(configuration, ledger)
        let result: RunResult
        do {
            result = try await withTimeLimit(progress) { try await drive(progress, input, report) }
        } catch {
            let failure = progress.error(for: error)
            try await report(.failed(failure))
            throw error is CancellationError ? error : failure
        }
        try await report(.done(result))
        return result
    }

    private func withTimeLimit(
        _ progress: RunProgress, _ operation: @escaping @Sendable () async throws -> RunResult
    ) async throws -> RunResult {
        do {
            return try await withDeadline(configuration.limits.time, clock: clock, operation)
        } catch is DeadlineError {
            guard case .finish(let result) = progress.timeRanOut() else { throw DeadlineError() }
            return result
        }
    }

    private func drive(_ progress: RunProgress, _ input: [Message], _ report: @escaping Report) async throws
        -> RunResult
    {
        var action = progress.advance { $0.start(with: input) }
        while true {
            try Task.checkCancellation()
            switch action {
            case .waitForMoney:
                try await ledger?.change(since: progress.changes)
                action = progress.advance { $0.tryAgain() }
            case .callModel(let request):
                let response = try await call(request, progress, report)
                action = progress.advance { $0.modelResponded(response) }
                try await report(.usage(progress.usage))
            case .runTools(let calls):
                let results = try await executor.run(calls, turn: progress.turn, report: report)
                action = progress.advance { $0.toolsFinished(results) }
            case .finish(let result): return result
            case .fail(let error): throw error
            }
        }
    }

    private func call(_ request: ModelRequest, _ progress: RunProgress, _ report: @escaping Report) async throws
        -> ModelResponse
    {
        try await report(.turn(progress.turn, mayCallTools: !request.tools.isEmpty))
        progress.beginTurn()
        let response = try await model.respond(to: request) { event in
            switch event {
            case .text(let piece):
                let partial = progress.noteText(piece)
                try await report(.text(piece))
                if let partial { try await report(.partial(partial)) }
            case .thinking(let piece): try await report(.thinking(piece))
            case .retrying(let attempt, let delay, let reason):
                try await report(.retrying(attempt: attempt, delay: delay, reason: reason))
            case .progress(let text): try await report(.progress(text))
            }
        }
        if !progress.hasText, !response.message.text.isEmpty { try await report(.text(response.message.text)) }
        return response
    }
}

/// The state of one run, shared between the loop and the clock that may end it.
private final class RunProgress: Sendable {
    private struct State {
        var machine: RunStateMachine
        var partialText = ""
        var partialOutput: PartialOutput?
        /// How often the ledger had changed when the machine last looked.
        var changes = 0
    }

    private let ledger: UsageLedger?
    private let state: Mutex<State>
    private let showsPartialOutput: Bool

    init(_ configuration: RunStateMachine.Configuration, _ ledger: UsageLedger?) {
        self.ledger = ledger
        state = Mutex(State(machine: RunStateMachine(configuration)))
        showsPartialOutput = configuration.streams && configuration.output != nil
    }

    var usage: Usage { state.withLock { $0.machine.usage } }
    var turn: Int { state.withLock { $0.machine.turn } }
    var changes: Int { state.withLock(\.changes) }
    var hasText: Bool { state.withLock { !$0.partialText.isEmpty } }

    func advance(_ step: (inout RunStateMachine) -> RunStateMachine.Action) -> RunStateMachine.Action {
        state.withLock { state in
            // What a step is told of is in its messages from now on; it must not be said twice if the time is up.
            state.partialText = ""
            return Self.step(&state, ledger, step)
        }
    }

    /// Lets the machine decide with what it shares with other runs in hand.
    private static func step<Value: Sendable>(
        _ state: inout State, _ ledger: UsageLedger?, _ step: (inout RunStateMachine) -> Value
    ) -> Value {
        guard let ledger else { return step(&state.machine) }
        return ledger.share { shared, changes in
            state.changes = changes
            state.machine.money.shared = shared
            defer { shared = state.machine.money.shared ?? shared }
            return step(&state.machine)
        }
    }

    func beginTurn() {
        state.withLock { state in
            state.partialText = ""
            state.partialOutput = showsPartialOutput ? PartialOutput() : nil
        }
    }

    /// - Returns: the structured output so far, when there is more of it to show.
    func noteText(_ piece: String) -> JSONValue? {
        state.withLock { state in
            state.partialText += piece
            return state.partialOutput?.receive(piece)
        }
    }

    func timeRanOut() -> RunStateMachine.Action {
        state.withLock { state in
            let text = state.partialText
            return Self.step(&state, ledger) { $0.timeRanOut(partialText: text) }
        }
    }

    /// What ended the run, in the form that is reported, with all that was said until then.
    func error(for error: any Error) -> RunError {
        state.withLock { state in
            let isCharged = (error as? ModelError)?.mayBeCharged ?? true
            Self.step(&state, ledger) { $0.callFailed(isCharged: isCharged) }
            var failure = Self.failure(for: error)
            failure.usage = state.machine.usage
            failure.messages = state.machine.messages
            return failure
        }
    }

    private static func failure(for error: any Error) -> RunError {
        switch error {
        case let error as RunError: error
        case let error as ModelError: RunError(.model, error.description, cause: error)
        case is CancellationError: RunError(.cancelled, "the run was cancelled", cause: error)
        default: RunError(.host, "\(error)", cause: error)
        }
    }
}
