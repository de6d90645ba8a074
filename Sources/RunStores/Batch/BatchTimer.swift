// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Does something a little later, for all items of a batch; what is not done when the batch's file is closed never is.
final class BatchTimer: Sendable {
    private struct State {
        /// In the order in which it is due.
        var due: [(at: ContinuousClock.Instant, body: @Sendable () -> Void)] = []
        /// Waits for the first of them.
        var task: Task<Void, Never>?
    }

    private let delay: Duration
    private let state = Mutex(State())

    init(delay: Duration) { self.delay = delay }

    deinit { state.withLock { $0.task?.cancel() } }

    func later(_ body: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.due.append((.now + delay, body))
            guard state.task == nil else { return }
            // Detached: it is no item's, and must not keep what is known to the task of one.
            state.task = Task.detached { [weak self] in
                while let next = self?.next() {
                    guard (try? await Task.sleep(until: next, clock: .continuous)) != nil else { return }
                    self?.fire()
                }
            }
        }
    }

    /// When something is due next; `nil` ends the task.
    private func next() -> ContinuousClock.Instant? {
        state.withLock { state in
            if state.due.isEmpty { state.task = nil }
            return state.due.first?.at
        }
    }

    private func fire() {
        let now = ContinuousClock.now
        let due = state.withLock { state in
            let due = state.due.prefix { $0.at <= now }
            state.due.removeFirst(due.count)
            return due.map(\.body)
        }
        for body in due { body() }
    }
}
