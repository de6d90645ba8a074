// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What waits for the verdict on the input while the model answers already: nothing is shown and no tool is run before it.
final class InputClearance: Sendable {
    private enum State {
        case open
        case waiting([Int: CheckedContinuation<Void, Never>])
        case closed
    }

    private let state: Mutex<State>
    private let next = Atomic(0)

    /// - Parameter isOpen: whether there is nothing to wait for.
    init(isOpen: Bool) { state = Mutex(isOpen ? .open : .waiting([:])) }

    /// The input has passed, or has not.
    func decide(passes: Bool) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .waiting(let waiting) = state else { return [] }
            state = passes ? .open : .closed
            return Array(waiting.values)
        }
        woken.forEach { $0.resume() }
    }

    /// - Throws: `CancellationError` when the input was blocked, or the task was cancelled.
    func wait() async throws {
        if isOpen { return }
        let id = next.add(1, ordering: .relaxed).newValue
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard case .waiting(var waiting) = state, !Task.isCancelled else { return true }
                    waiting[id] = continuation
                    state = .waiting(waiting)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            stopWaiting(id)
        }
        guard isOpen else { throw CancellationError() }
    }

    /// Others wait on: a model may cancel a task of its own and go on with another.
    private func stopWaiting(_ id: Int) {
        let woken = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .waiting(var waiting) = state else { return nil }
            defer { state = .waiting(waiting) }
            return waiting.removeValue(forKey: id)
        }
        woken?.resume()
    }

    private var isOpen: Bool {
        state.withLock { if case .open = $0 { true } else { false } }
    }
}
