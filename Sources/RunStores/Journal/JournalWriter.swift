// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Dispatch
import GRDB
import JSONCore
import Synchronization

/// Writes the records of one run, beside the run: what need not be waited for costs it a place in a queue.
///
/// What is told is written in order, so what is kept is always a beginning of it. After the first failure nothing more is taken.
final class JournalWriter: RunJournal {
    /// More than so many records are not let wait.
    private static let room = 4096
    /// How long what nobody waits for may stay in memory: a commit costs as much for many records as for one.
    private static let delay = Duration.milliseconds(5)
    /// How far apart commits are that nobody waits for.
    private static let pace = Duration.milliseconds(25)

    /// What is written together.
    private struct Batch {
        var changes: [JournalChange] = []
        var schedule: [ScheduleStep] = []
        /// Whether something that waits must survive a loss of power.
        var isSynced = false
        var waiting: [CheckedContinuation<Void, any Error>] = []
        var isEmpty: Bool { changes.isEmpty }
    }

    private struct State {
        var pending = Batch()
        var isWriting = false
        /// Whether a write will begin after a while.
        var isDelayed = false
        /// When the last write began.
        var lastWrite = ContinuousClock.now - JournalWriter.pace
        var info: RunInfo
        var failure: JournalError?
        /// Whether anything has been kept: the first record finds out whether that is possible.
        var isProven = false

        /// - Returns: how long the next write is to be put off; `nil` when one is put off already.
        mutating func delayed() -> Duration? {
            if isDelayed { return nil }
            isDelayed = true
            return max(JournalWriter.delay, lastWrite + JournalWriter.pace - .now)
        }
    }

    private let state: Mutex<State>
    private let place: JournalPlace
    /// Used on the queue of the database alone, which is serial.
    nonisolated(unsafe) private var rows: JournalRows

    init(_ info: RunInfo, in place: JournalPlace, run: Int64? = nil) {
        state = Mutex(State(info: info))
        rows = JournalRows(run: run)
        self.place = place
    }

    func note(_ info: RunInfo) { state.withLock { $0.info = info } }

    func begin(
        _ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability
    ) async throws {
        try await push(.begin(record), schedule, durability)
    }

    func end(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {
        try await push(.end(record), schedule, durability)
    }

    func update(_ info: RunInfo) async throws {
        state.withLock { $0.info = info }
        try await push(.info(info), { [] }, .written)
    }

    private func push(
        _ change: JournalChange, _ schedule: ScheduleSource, _ durability: JournalDurability
    ) async throws {
        let mustWait = state.withLock { state in
            durability != .queued || !state.isProven || state.pending.changes.count >= Self.room
        }
        guard mustWait else { return try add(change, schedule, nil, isSynced: false) }
        try await withCheckedThrowingContinuation { continuation in
            do {
                try add(change, schedule, continuation, isSynced: durability == .synced)
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private func add(
        _ change: JournalChange, _ schedule: ScheduleSource, _ waiting: CheckedContinuation<Void, any Error>?,
        isSynced: Bool
    ) throws {
        let (mustBegin, delay) = try state.withLock { state -> (Bool, Duration?) in
            if let failure = state.failure { throw failure }
            state.pending.changes.append(change)
            state.pending.schedule += schedule()
            if let waiting { state.pending.waiting.append(waiting) }
            state.pending.isSynced = state.pending.isSynced || isSynced
            if state.isWriting { return (false, nil) }
            state.isWriting = waiting != nil
            return (state.isWriting, state.isWriting ? nil : state.delayed())
        }
        if mustBegin { begin() }
        if let delay { begin(after: delay) }
    }

    private func begin(after delay: Duration) {
        let deadline = DispatchTime.now() + .microseconds(Int(delay / .microseconds(1)))
        DispatchQueue.global().asyncAfter(deadline: deadline) { [self] in
            let mustBegin = state.withLock { state in
                state.isDelayed = false
                guard !state.isWriting, !state.pending.isEmpty else { return false }
                state.isWriting = true
                return true
            }
            if mustBegin { begin() }
        }
    }

    private func begin() {
        place.write { [self] database in
            drain(database)
        } failed: { [self] in
            fail($0)
        }
    }

    // MARK: - On the queue of the database

    private func drain(_ database: Database) {
        var next = takeBatch(isFirst: true)
        while let batch = next {
            do {
                try write(batch, database)
                state.withLock { $0.isProven = true }
                for waiting in batch.waiting { waiting.resume() }
            } catch {
                fail(place.error(error), batch.waiting)
                return
            }
            next = takeBatch(isFirst: false)
        }
    }

    /// - Returns: what is to be written now, if anything is. What came meanwhile and nobody waits for is left for later.
    private func takeBatch(isFirst: Bool) -> Batch? {
        let (batch, delay) = state.withLock { state -> (Batch?, Duration?) in
            let isDue = !state.pending.isEmpty && (isFirst || !state.pending.waiting.isEmpty)
            state.isWriting = isDue
            guard isDue else { return (nil, state.pending.isEmpty ? nil : state.delayed()) }
            state.lastWrite = .now
            defer { state.pending = Batch() }
            return (state.pending, nil)
        }
        if let delay { begin(after: delay) }
        return batch
    }

    private func write(_ batch: Batch, _ database: Database) throws {
        if batch.isSynced { try database.execute(sql: "PRAGMA synchronous = FULL") }
        defer { if batch.isSynced { try? database.execute(sql: "PRAGMA synchronous = NORMAL") } }
        let info = state.withLock(\.info)
        try database.inTransaction(.immediate) {
            try rows.write(batch.changes, schedule: batch.schedule, info, database)
            // Held before anybody can see it.
            guard let run = rows.run, place.hold(run) else {
                throw JournalError(.busy, "run \(info.id) goes on in another process")
            }
            return .commit
        }
    }

    private func fail(_ error: JournalError, _ others: [CheckedContinuation<Void, any Error>] = []) {
        let waiting = state.withLock { state in
            state.failure = error
            defer { (state.pending, state.isWriting) = (Batch(), false) }
            return others + state.pending.waiting
        }
        for continuation in waiting { continuation.resume(throwing: error) }
    }

    // MARK: - Keys

    /// What was told before a key is taken, or what was done in its name, is kept before that.
    private func flushed() async throws -> RunInfo {
        let info = state.withLock(\.info)
        try await push(.info(info), { [] }, .written)
        return info
    }

    func claim(_ claim: OnceClaim) async throws -> OnceState {
        let info = try await flushed()
        return try place.synced { try OnceKeys.claim(claim, info, $0) }
    }

    func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {
        let info = try await flushed()
        try place.synced { try OnceKeys.settle(claim, result, info, $0) }
    }
}
