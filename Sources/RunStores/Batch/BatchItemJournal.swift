// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore
import Synchronization

/// Keeps what one item of a batch does, until it has a result.
///
/// What need not be waited for waits in memory until there is an answer among it, and then a little longer: an item that is finished by
/// then, as most are that only read and take no time, is never written but for its result. All items share their commits.
package final class BatchItemJournal: RunJournal {
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
        /// Whether the item has its result, or was left. What still comes, from a line that was left beside, is not the item's.
        var isOver = false
        /// Runs of agents that money stopped, with their own limits in dollars.
        var outOfMoney: [Double?] = []
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
        store.hands.take(info.id)
    }

    package func note(_ info: RunInfo) {
        state.withLock { state in
            state.info = info
            state.isInfoKept = false
        }
    }

    package func begin(
        _ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability
    ) async throws {
        try await add(.begin(record), schedule, durability)
    }

    package func end(
        _ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability
    ) async throws {
        if state.withLock(\.isOver) { return }
        if record.ranOutOfMoney { state.withLock { $0.outOfMoney.append(record.ownMoney) } }
        try await add(.end(record), schedule, durability)
        if durability == .queued { writeSoon() }
    }

    package func update(_ info: RunInfo) async throws {
        note(info)
        try await flush(isSynced: false)
    }

    private func add(_ step: BatchStep, _ schedule: ScheduleSource, _ durability: JournalDurability) async throws {
        if let failure = store.queue.withLock(\.failure) { throw Self.error(failure) }
        let isOver = state.withLock { state in
            if state.isOver { return true }
            state.pending.append(step)
            let schedule = schedule()
            if !schedule.isEmpty { state.pending.append(.schedule(schedule)) }
            return false
        }
        // Nothing may be done that nobody would know of.
        if isOver { throw CancellationError() }
        if durability != .queued { try await flush(isSynced: durability == .synced) }
    }

    // MARK: - Writing

    private func writeSoon() {
        let mustWait = state.withLock { state in
            defer { state.isDelayed = true }
            return !state.isDelayed
        }
        guard mustWait else { return }
        store.timer.later { [self] in
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
                    if state.isOver { return continuation.resume() }
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
        defer { store.hands.leave(state.withLock(\.info.id)) }
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

    /// Keeps what the item has done, for the next start; this one does no more of it.
    package func leave() async {
        try? await flush(isSynced: false)
        let run = state.withLock { state in
            state.isOver = true
            return state.info.id
        }
        store.hands.leave(run)
    }

    /// Whether money that the item shares with others stopped an agent of it.
    ///
    /// - Parameter left: what is left of that money. An agent with a limit of its own that is not above it was stopped by its own.
    package func isOutOfMoney(_ left: Dollars) -> Bool {
        state.withLock { state in state.outOfMoney.contains { own in own.map { left.doubleValue < $0 } ?? true } }
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

    /// A key that an item beside this one holds is waited for: what comes of its call is known before long.
    package func claim(_ claim: OnceClaim) async throws -> OnceState {
        try await flush(isSynced: true)
        while true {
            let (info, isOver) = state.withLock { ($0.info, $0.isOver) }
            if isOver { throw CancellationError() }
            let stamp = store.hands.stamp
            let found = try keys.claim(claim, of: info)
            guard case .held(let other) = found, try await store.hands.wait(info.id, for: other, since: stamp) else {
                return found
            }
        }
    }

    package func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {
        try await flush(isSynced: true)
        let info = state.withLock(\.info)
        try keys.settle(claim, result, of: info)
        store.hands.settled(info.id)
    }
}
