// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One line of execution of a run that is recorded: the script, a run of an agent, a call of a tool, an item of a map.
///
/// It counts its steps, and each step is recorded, or answered from a recording. What goes on at the same time must be on lines
/// of its own. The line that a task is on travels with the task, as a trace's context does.
public final class JournalScope: Sendable {
    /// The line that this task is on; `nil` when nothing is recorded.
    @TaskLocal public static var current: JournalScope?

    /// Where the request that this task does stands in its run; `nil` outside of one, or when nothing is recorded.
    @TaskLocal package static var step: JournalPath?

    package let recorder: RunRecorder
    package let path: JournalPath
    /// The number of its record; 0 when it has none of its own.
    let number: Int
    /// Its record from before.
    let recorded: JournalRecord?
    /// Whether it is a part of a tool that says it changes nothing.
    package let isReadOnly: Bool
    private let steps = Mutex(0)

    init(
        _ recorder: RunRecorder, _ path: JournalPath, number: Int = 0, recorded: JournalRecord? = nil,
        isReadOnly: Bool = false
    ) {
        self.recorder = recorder
        self.path = path
        self.number = number
        self.recorded = recorded
        self.isReadOnly = isReadOnly
    }

    /// The path of the next step. Steps that begin together take their paths before, one after another.
    package func nextPath() -> JournalPath {
        path.appending(
            steps.withLock { steps in
                steps += 1
                return steps
            })
    }

    /// What ``nextPath()`` will be.
    var nextPathToCome: JournalPath { path.appending(steps.withLock(\.self) + 1) }

    /// A line that begins here, for what goes on beside this one, without a record of its own.
    package func line() -> JournalScope { JournalScope(recorder, nextPath(), isReadOnly: isReadOnly) }

    /// The line of an item of this step.
    package func line(_ place: Int) -> JournalScope {
        JournalScope(recorder, path.appending(place), isReadOnly: isReadOnly)
    }

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
            value = try await Self.$step.withValue(record.path) { try await body() }
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
        let place = place ?? nextPath()
        let (record, known) = try await recorder.enter(step, at: place)
        let inner = JournalScope(
            recorder, place, number: record.number, recorded: known ? record : nil,
            isReadOnly: isReadOnly || (step.operation.hasPrefix("tool") && step.effect == .read))
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

    /// Does what has steps of its own on the line of this task, recorded where a journal is kept.
    package static func within<Value: Sendable>(
        _ step: JournalStep, _ form: JournalForm<Value>, _ body: () async throws -> Value
    ) async throws -> Value {
        guard let scope = current else { return try await body() }
        return try await scope.group(step, form) { _ in try await body() }
    }

    /// Does `body` on a line that begins here, without a record of its own.
    package static func beside<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        try await $current.withValue(current?.line()) { try await body() }
    }

    // MARK: - What took too long

    /// Does again what was stopped because it took too long: it is stopped where its records end.
    ///
    /// - Throws: ``JournalError``, and `CancellationError` when the task itself is cancelled. What else comes of it is not told.
    func stopped(_ body: () async throws -> Void) async throws {
        recorder.cut(path)
        // Its time may be up before it has taken its turns, as when it waits for a line that computes: nobody waits for them then.
        defer { recorder.gate.drop(path) }
        do {
            try await body()
        } catch let error as JournalError {
            throw error
        } catch {
            try Task.checkCancellation()
        }
    }

    /// Whether the step that this line is came to an end, and comes to it again without asking anybody: however long it takes
    /// here, no time limit is to stop it.
    var comesAgain: Bool { recorded?.outcome != nil && recorder.isAnswered(path) }

    /// Whether this line has come to where it was stopped.
    var isStopped: Bool { recorder.isCut(path) }

    /// Does what has steps of its own and no record, but for one when it takes too long: then it is stopped again where its
    /// steps end. What once came to its end in time may take longer here.
    func bounded<Value: Sendable>(
        _ step: JournalStep, _ body: (_ isBounded: Bool) async throws -> Value
    ) async throws -> Value {
        let line = line()
        if try recorder.takeStopped(step, at: line.path) {
            try await line.stopped { _ = try await line.run { try await body(true) } }
            throw DeadlineError()
        }
        let isBounded = !recorder.hasPassed(line.path)
        do {
            return try await line.run { try await body(isBounded) }
        } catch let error as DeadlineError {
            try await recorder.keepStopped(step, at: line.path)
            throw error
        }
    }

    // MARK: - Turns on a Lua state

    /// Waits until this line may go on.
    package func turn() async throws { try await recorder.gate.turn(path) }

    /// This line goes on now.
    package func goesOn() { recorder.gate.goesOn(path) }

    /// What a Lua state calls each time that the line of this task goes on; `nil` when nothing is recorded.
    package static var onStep: (@Sendable () -> Void)? {
        guard let scope = current else { return nil }
        return { scope.goesOn() }
    }

    /// This line has ended.
    ///
    /// - Throws: ``JournalError`` when the recording of it goes on.
    package func ended() throws { try recorder.checkEnded(path) }

    /// A secret has become known: what is known of the run is told again without it.
    package func noteSecrets() { recorder.note { _ in } }

    /// This line may be left before it has come to its end.
    package func mayBeLeft() { recorder.runsBeside(path) }

    /// Nobody waits for the line of the step at `place` any more; whatever it still does is not the run's.
    package func abandon(_ place: JournalPath) { recorder.abandon(place) }
}
