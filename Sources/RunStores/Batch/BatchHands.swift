// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The runs of a batch that this process has in hand, and which of them wait for a key that another one holds.
final class BatchHands: Sendable {
    private struct Waiter {
        let other: String
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var inHand: Set<String> = []
        /// Counts the keys that were settled.
        var stamp = 0
        /// When a run settled a key for the last time.
        var settled: [String: Int] = [:]
        /// Those that wait, by their runs.
        var waiting: [String: [Int: Waiter]] = [:]
        var lastID = 0

        /// Whether `run` waits for `other`, itself or by way of others.
        func waits(_ run: String, for other: String) -> Bool {
            var (open, seen) = ([run], Set<String>())
            while let next = open.popLast() {
                if next == other { return true }
                if seen.insert(next).inserted { open += (waiting[next] ?? [:]).values.map(\.other) }
            }
            return false
        }

        mutating func take(_ id: Int, of run: String) -> Waiter? {
            let waiter = waiting[run]?.removeValue(forKey: id)
            if waiting[run]?.isEmpty == true { waiting[run] = nil }
            return waiter
        }

        /// Takes those that wait for `run`.
        mutating func wake(_ run: String) -> [Waiter] {
            var woken: [Waiter] = []
            for (waiting, waiters) in self.waiting {
                for (id, waiter) in waiters where waiter.other == run {
                    if let waiter = take(id, of: waiting) { woken.append(waiter) }
                }
            }
            return woken
        }
    }

    private let state = Mutex(State())

    /// To be read before a key is asked for, so that what is settled meanwhile is not missed.
    var stamp: Int { state.withLock(\.stamp) }

    /// How many wait.
    var waiting: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

    func take(_ run: String) { state.withLock { _ = $0.inHand.insert(run) } }

    /// A key of `run` is free, or has its result.
    func settled(_ run: String) {
        let woken = state.withLock { state in
            state.stamp += 1
            state.settled[run] = state.stamp
            return state.wake(run)
        }
        for waiter in woken { waiter.continuation.resume(returning: true) }
    }

    /// Nothing more comes of `run` in this process.
    func leave(_ run: String) {
        let woken = state.withLock { state in
            state.inHand.remove(run)
            return state.wake(run)
        }
        for waiter in woken { waiter.continuation.resume(returning: true) }
    }

    /// Waits until `other` has settled a key since `stamp`, or is over.
    ///
    /// - Returns: `false` at once when nothing comes of waiting: `other` is not in hand, or waits for `run`.
    /// - Throws: `CancellationError`.
    func wait(_ run: String, for other: String, since stamp: Int) async throws -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let mayHaveChanged = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let answer = state.withLock { state -> Bool? in
                    if Task.isCancelled || state.settled[other] ?? 0 > stamp { return true }
                    guard state.inHand.contains(other), !state.waits(other, for: run) else { return false }
                    state.waiting[run, default: [:]][id] = Waiter(other: other, continuation: continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.take(id, of: run) }?.continuation.resume(returning: true)
        }
        try Task.checkCancellation()
        return mayHaveChanged
    }
}
