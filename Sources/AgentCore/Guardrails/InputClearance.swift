// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What waits for the verdict on the input while the model answers already: nothing is shown and no tool is run before it.
final class InputClearance: Sendable {
    private enum State {
        case open
        case waiting([CheckedContinuation<Void, Never>])
        case closed
    }

    private let state: Mutex<State>

    /// - Parameter isOpen: whether there is nothing to wait for.
    init(isOpen: Bool) { state = Mutex(isOpen ? .open : .waiting([])) }

    /// The input has passed, or has not.
    func decide(passes: Bool) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .waiting(let waiting) = state else { return [] }
            state = passes ? .open : .closed
            return waiting
        }
        woken.forEach { $0.resume() }
    }

    /// - Throws: `CancellationError` when the input was blocked, or the task was cancelled.
    func wait() async throws {
        if isOpen { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard case .waiting(let others) = state, !Task.isCancelled else { return true }
                    state = .waiting(others + [continuation])
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            decide(passes: false)
        }
        guard isOpen else { throw CancellationError() }
    }

    private var isOpen: Bool {
        state.withLock { if case .open = $0 { true } else { false } }
    }
}
