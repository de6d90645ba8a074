// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore
import Synchronization

/// Keeps what one item of a batch does, until it has a result.
///
/// What need not be waited for waits in memory until there is an answer among it, and then a little longer: an item that is finished by
/// then, as most are that only read and take no time, is never written but for its result. All items share their commits.
package final class BatchItemJournal: RunJournal {
    /// How long an answer that nobody waits for may stay in memory.
    private static let delay = Duration.milliseconds(20)

    private struct State {
        var info: RunInfo
        /// Whether the row of the run is there, as `info` says.
        var isInfoKept = false
        var pending: [BatchStep] = []
        /// Lines that are kept or on their way.
        var count: Int
        var coder = BatchStepCoder()
        /// Whether the pending steps will be written after a while.
        var isDelayed = false
        var isOver = false
    }

    private let item: Int
    private let store: BatchStore
    private let keys: RunStore
    private let state: Mutex<State>

    /// - Parameters:
    ///   - keys: has the keys of calls that run at most once.
    ///   - count: how many lines of the item are kept.
    package init(_ item: Int, _ info: RunInfo, in store: BatchStore, keys: RunStore, count: Int = 0) {
        self.item = item
        self.store = store
        self.keys = keys
        state = Mutex(State(info: info, count: count))
    }

    package func note(_ info: RunInfo) {
        state.withLock { state in
            state.info = info
            state.isInfoKept = false
        }
    }

    package func begin(
        _ record: JournalRecord, schedule: [ScheduleStep], durability: JournalDurability
    ) async throws {
        try await add(.begin(record), schedule, durability)
    }

    package func end(
        _ record: JournalRecord, schedule: [ScheduleStep], durability: JournalDurability
    ) async throws {
        try await add(.end(record), schedule, durability)
        if durability == .queued { writeSoon() }
    }

    package func update(_ info: RunInfo) async throws {
        note(info)
        try await flush(isSynced: false)
    }

    private func add(_ step: BatchStep, _ schedule: [ScheduleStep], _ durability: JournalDurability) async throws {
        if let failure = store.queue.withLock(\.failure) { throw Self.error(failure) }
        state.withLock { state in
            state.pending.append(step)
            if !schedule.isEmpty { state.pending.append(.schedule(schedule)) }
        }
        if durability != .queued { try await flush(isSynced: durability == .synced) }
    }

    // MARK: - Writing

    private func writeSoon() {
        let mustWait = state.withLock { state in
            defer { state.isDelayed = true }
            return !state.isDelayed
        }
        guard mustWait else { return }
        Task {
            try? await Task.sleep(for: Self.delay)
            state.withLock { state in
                state.isDelayed = false
                guard !state.isOver else { return }
                do { store.add(try changes(&state), isSynced: false) } catch { store.fail(error) }
            }
        }
    }

    /// Waits until all that was told is kept.
    ///
    /// - Parameter isSynced: whether it must survive a loss of power.
    package func flush(isSynced: Bool) async throws {
        do {
            try await withCheckedThrowingContinuation { continuation in
                // Taken and handed on under one lock, so that the order of the lines stays.
                state.withLock { state in
                    // What was written before reaches the disk with the next commit that writes something.
                    if isSynced, state.pending.isEmpty { state.isInfoKept = false }
                    do {
                        store.add(try changes(&state), isSynced: isSynced, continuation)
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        } catch {
            throw Self.error(error)
        }
    }

    /// Records the result of the item with the same commit that forgets what it had done, or keeps all of it.
    ///
    /// - Throws: ``BatchStoreError``.
    package func finish(_ line: BatchStore.Line, keepsRun: Bool) async throws {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { state in
                state.isOver = true
                do {
                    let steps = keepsRun ? try changes(&state) : []
                    store.add(steps + [.result(line, keepsRun: keepsRun)], isSynced: true, continuation)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private func changes(_ state: inout State) throws -> [BatchChange] {
        var changes: [BatchChange] = []
        let lines = try state.coder.lines(state.pending)
        if !state.isInfoKept {
            changes.append(.info(item: item, try state.info.lineValue.serialized()))
            state.isInfoKept = true
        }
        if !lines.isEmpty { changes.append(.steps(item: item, from: state.count, lines)) }
        state.count += lines.count
        state.pending = []
        return changes
    }

    private static func error(_ error: any Error) -> JournalError {
        error as? JournalError ?? JournalError(.storage, "\(error)")
    }

    // MARK: - Keys

    package func claim(_ claim: OnceClaim) async throws -> OnceState {
        try await flush(isSynced: true)
        return try keys.claim(claim, of: state.withLock(\.info))
    }

    package func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {
        try await flush(isSynced: true)
        try keys.settle(claim, result, of: state.withLock(\.info))
    }
}
