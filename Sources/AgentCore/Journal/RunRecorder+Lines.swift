// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

/// Lines that are left, stopped or beside others, and what ends the run.
extension RunRecorder {
    func runsBeside(_ path: JournalPath) { state.withLock { $0.beside.append(path) } }

    func decide(_ path: JournalPath, mayRunAgain: Bool) {
        state.withLock { $0.decided.append((path, mayRunAgain)) }
    }

    func checkEnded(_ path: JournalPath) throws {
        guard gate.turnsLeft(of: path) > 0, !isAbandoned(path) else { return }
        throw fail(.lineEnded(path))
    }

    func cut(_ place: JournalPath) { state.withLock { $0.cut.append(place) } }

    func isCut(_ place: JournalPath) -> Bool {
        state.withLock { state in !state.cut.isEmpty && state.cut.contains { place.starts(with: $0) } }
    }

    /// Whether what begins at `place` is recorded as stopped, because it took too long.
    func takeStopped(_ step: JournalStep, at place: JournalPath) throws -> Bool {
        try check(place)
        guard let record = state.withLock({ $0.recording.take(place) }) else { return false }
        try compare(step, with: record)
        return true
    }

    func keepStopped(_ step: JournalStep, at place: JournalPath) async throws {
        var record = record(step, at: place)
        record.outcome = .init(["deadline": true], isFailure: true)
        record.ended = record.began
        try await journal.end(record, schedule: gate.takeNoted, durability: .queued)
    }

    func abandon(_ place: JournalPath) {
        state.withLock { $0.abandoned.append(place) }
        gate.drop(place)
    }

    func isAbandoned(_ place: JournalPath) -> Bool {
        state.withLock { state in !state.abandoned.isEmpty && state.abandoned.contains { place.starts(with: $0) } }
    }

    func check(_ place: JournalPath) throws {
        if isAbandoned(place), mode != .record { throw CancellationError() }
        if let failure { throw failure }
    }

    func fail(_ error: JournalError) -> JournalError {
        gate.fail(error)
        return state.withLock { state in
            state.failure = state.failure ?? error
            return error
        }
    }
}
