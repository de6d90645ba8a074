// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One line of execution of a run that is recorded: the script, a run of an agent, a call of a tool, an item of a map.
///
/// It counts its steps, and each step is recorded, or answered from a recording. What goes on at the same time must be on lines
/// of its own. The line that a task is on travels with the task, as a trace's context does.
public final class JournalScope: Sendable {
    /// The line that this task is on; `nil` when nothing is recorded.
    @TaskLocal public static var current: JournalScope?

    package let recorder: RunRecorder
    package let path: JournalPath
    private let steps = Mutex(0)

    init(_ recorder: RunRecorder, _ path: JournalPath) {
        self.recorder = recorder
        self.path = path
    }

    /// The path of the next step. Steps that begin together take their paths before, one after another.
    package func nextPath() -> JournalPath {
        path.appending(
            steps.withLock { steps in
                steps += 1
                return steps
            })
    }

    /// A line inside of this step, for what goes on beside others.
    package func line(_ place: Int) -> JournalScope { JournalScope(recorder, path.appending(place)) }

    /// Does `body` on this line.
    package func run<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        try await Self.$current.withValue(self) { try await body() }
    }

    /// Asks the world: recorded before and after, or answered from the recording without asking.
    ///
    /// - Parameter doubt: is asked about an effect that had begun when the process died.
    /// - Throws: what `body` throws; ``JournalError``.
    package func perform<Value: Sendable>(
        _ step: JournalStep, _ form: JournalForm<Value>,
        doubt: (JournalRecord) async throws -> JournalDoubt<Value> = { _ in .unknown },
        _ body: () async throws -> Value
    ) async throws -> Value {
        let place = nextPath()
        switch try await recorder.look(for: step, at: place) {
        case .answered(let outcome):
            if outcome.isFailure { throw form.decodeFailure(outcome.value) }
            return try form.decode(outcome.value)
        case .begun(let record):
            switch try await recorder.settled(record, doubt) {
            case .happened(let value), .mustNotRun(let value):
                try await recorder.end(record, step, try form.encode(value))
                return value
            case .mayRun, .unknown: return try await finish(record, step, form, body)
            }
        case .new:
            return try await finish(
                try await recorder.begin(step, at: place, step.durabilityBefore), step, form, body)
        }
    }

    private func finish<Value: Sendable>(
        _ record: JournalRecord, _ step: JournalStep, _ form: JournalForm<Value>, _ body: () async throws -> Value
    ) async throws -> Value {
        let value: Value
        do {
            value = try await body()
        } catch {
            if let failure = form.encodeFailure(error) {
                try await recorder.end(record, step, JournalAnswer(failure), isFailure: true)
            }
            throw error
        }
        try await recorder.end(record, step, try form.encode(value))
        return value
    }

    /// Does what has steps of its own: they are recorded, and what comes of them is compared with the recording.
    ///
    /// - Parameter place: a path from ``nextPath()``; `nil` for the next one.
    package func group<Value: Sendable>(
        _ step: JournalStep, at place: JournalPath? = nil, _ form: JournalForm<Value>,
        _ body: (JournalScope) async throws -> Value
    ) async throws -> Value {
        let inner = JournalScope(recorder, place ?? nextPath())
        let (record, known) = try await recorder.enter(step, at: inner.path)
        let answer: JournalAnswer
        do {
            let value = try await Self.$current.withValue(inner) { try await body(inner) }
            answer = try form.encode(value)
            try await recorder.leave(record, step, answer, known)
            return value
        } catch {
            guard let failure = form.encodeFailure(error) else { throw error }
            try await recorder.leave(record, step, JournalAnswer(failure), known, isFailure: true)
            throw error
        }
    }

    // MARK: - Turns on a Lua state

    /// Waits until this line may go on.
    package func turn() async throws { try await recorder.gate.turn(path) }

    /// This line goes on now.
    package func goesOn() { recorder.gate.goesOn(path) }

    /// This line has ended.
    ///
    /// - Throws: ``JournalError`` when the recording of it goes on.
    package func ended() throws { try recorder.checkEnded(path) }

    /// Nobody waits for the line of the step at `place` any more; whatever it still does is not the run's.
    package func abandon(_ place: JournalPath) { recorder.abandon(place) }
}
