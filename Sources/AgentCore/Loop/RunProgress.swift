// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

/// The state of one run, shared between the loop and the clock that may end it.
final class RunProgress: Sendable {
    private struct State {
        var machine: RunStateMachine
        var partialText = ""
        /// Whether anything of this turn's answer has been shown.
        var hasShownText = false
        var partialOutput: PartialOutput?
        /// How often the ledger had changed when the machine last looked.
        var changes = 0
        var reports: [GuardrailReport] = []
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
    var messages: [Message] { state.withLock { $0.machine.messages } }
    var reports: [GuardrailReport] { state.withLock(\.reports) }
    var hasText: Bool { state.withLock(\.hasShownText) }

    /// - Parameter recorded: what is known of the next call of the model.
    func advance(
        _ recorded: RecordedAdmission?, _ step: (inout RunStateMachine) -> RunStateMachine.Action
    ) -> RunStateMachine.Action {
        state.withLock { state in
            state.machine.money.recorded = recorded
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

    /// What the run was given, so that nothing of it is lost while it is judged.
    func begin(with input: [Message]) { state.withLock { $0.machine.note(input: input) } }

    func beginTurn() {
        state.withLock { state in
            state.partialText = ""
            state.hasShownText = false
            state.partialOutput = showsPartialOutput ? PartialOutput() : nil
        }
    }

    /// Notes what is shown of the answer; what is left of it when the time is up is what has passed.
    ///
    /// - Returns: the structured output so far, when there is more of it to show.
    func note(_ piece: String, _ judgement: AnswerCheck.Judgement) -> JSONValue? {
        state.withLock { state in
            state.hasShownText = true
            guard judgement != .pending else { return nil }
            state.partialText += piece
            return state.partialOutput?.receive(piece)
        }
    }

    func note(_ report: GuardrailReport) { state.withLock { $0.reports.append(report) } }

    func answerRefused(_ response: ModelResponse) {
        state.withLock { state in Self.step(&state, ledger) { $0.answerRefused(response) } }
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
        case let error as ModelError where error.code == .guardrail:
            RunError(.guardrail, error.description, cause: error)
        case let error as ModelError: RunError(.model, error.description, cause: error)
        case is CancellationError: RunError(.cancelled, "the run was cancelled", cause: error)
        default: RunError(.host, "\(error)", cause: error)
        }
    }
}
