// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets the lines of execution of a script go on in the order in which they once did, and notes that order when it is new.
///
/// Lines take turns on one Lua state. What a script computes between two turns hangs on what it was told before, so the same
/// turns with the same answers give the same run.
final class ScheduleGate: Sendable {
    private struct State {
        var recorded: [ScheduleStep]
        /// Where in `recorded` the next turn is.
        var place = 0
        /// Turns of the step at `place` that were taken.
        var taken = 0
        /// Turns that each line still has to take.
        var left: [JournalPath: Int]
        var waiting: [JournalPath: CheckedContinuation<Void, any Error>] = [:]
        var cancelled: Set<JournalPath> = []
        /// New turns since the last ``takeNoted()``.
        var noted: [ScheduleStep] = []
        var failure: (any Error)?

        var next: JournalPath? { place < recorded.count ? recorded[place].path : nil }

        /// Takes those out who wait and may go on now.
        mutating func due() -> [CheckedContinuation<Void, any Error>] {
            if let next { return [waiting.removeValue(forKey: next)].compactMap(\.self) }
            defer { waiting = [:] }
            return Array(waiting.values)
        }
    }

    private let state: Mutex<State>

    /// - Parameter recorded: turns that come again before new ones begin.
    init(_ recorded: [ScheduleStep] = []) {
        var left: [JournalPath: Int] = [:]
        for step in recorded { left[step.path, default: 0] += step.count }
        state = Mutex(State(recorded: recorded, left: left))
    }

    /// Waits until `path` may go on: its turn has come, or the recorded turns are over.
    func turn(_ path: JournalPath) async throws {
        let isOpen = try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.next == nil || state.next == path
        }
        if isOpen { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(path, continuation)
            }
        } onCancel: {
            let continuation = state.withLock { state in
                if state.waiting[path] == nil { state.cancelled.insert(path) }
                return state.waiting.removeValue(forKey: path)
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func wait(_ path: JournalPath, _ continuation: CheckedContinuation<Void, any Error>) {
        let result: Result<Void, any Error>? = state.withLock { state in
            if let failure = state.failure { return .failure(failure) }
            if state.cancelled.remove(path) != nil { return .failure(CancellationError()) }
            if state.next == nil || state.next == path { return .success(()) }
            state.waiting[path] = continuation
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    /// `path` goes on now.
    func goesOn(_ path: JournalPath) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard state.next != nil else {
                if state.noted.last?.path == path {
                    state.noted[state.noted.count - 1].count += 1
                } else {
                    state.noted.append(ScheduleStep(path))
                }
                return []
            }
            // Lines that were not made to wait take no turn of others.
            guard state.next == path else { return [] }
            state.left[path, default: 1] -= 1
            state.taken += 1
            guard state.taken == state.recorded[state.place].count else { return [] }
            (state.place, state.taken) = (state.place + 1, 0)
            return state.due()
        }
        for continuation in woken { continuation.resume() }
    }

    /// Lines that begin with `prefix` do not go on any more: nobody waits for their turns.
    func drop(_ prefix: JournalPath) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard state.next != nil else { return [] }
            let isCurrent = state.recorded[state.place].path.starts(with: prefix)
            let rest = state.recorded[state.place...].filter { !$0.path.starts(with: prefix) }
            for path in state.left.keys where path.starts(with: prefix) { state.left[path] = 0 }
            (state.recorded, state.place) = (rest, 0)
            if isCurrent { state.taken = 0 }
            return state.due()
        }
        for continuation in woken { continuation.resume() }
    }

    /// How often `path`, which has ended, went on in the recording beyond that: 0 unless it took another way.
    func turnsLeft(of path: JournalPath) -> Int { state.withLock { $0.left[path] ?? 0 } }

    /// Nobody has to wait any more: the run has failed.
    func fail(_ error: any Error) {
        let waiting = state.withLock { state in
            state.failure = state.failure ?? error
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.self)
        }
        for continuation in waiting { continuation.resume(throwing: error) }
    }

    /// The new turns since the last call.
    func takeNoted() -> [ScheduleStep] {
        state.withLock { state in
            defer { state.noted = [] }
            return state.noted
        }
    }
}
