// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets one task in at a time, in the order they came. A task that is cancelled while it waits leaves the line.
final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var nextNumber = 0
        var line: [(number: Int, ticket: CheckedContinuation<Bool, Never>)] = []
        /// Cancelled before they stood in the line.
        var gone: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Runs `body` alone.
    ///
    /// - Throws: `CancellationError` when the task was cancelled while it waited; what `body` throws.
    func alone<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        try Task.checkCancellation()
        return try await body()
    }

    /// How many wait.
    var count: Int { state.withLock(\.line.count) }

    private func enter() async throws {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { ticket in
                let answer = state.withLock { state -> Bool? in
                    if state.gone.remove(number) != nil { return false }
                    if state.isTaken {
                        state.line.append((number, ticket))
                        return nil
                    }
                    state.isTaken = true
                    return true
                }
                if let answer { ticket.resume(returning: answer) }
            }
        } onCancel: {
            let ticket = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let place = state.line.firstIndex(where: { $0.number == number }) else {
                    state.gone.insert(number)
                    return nil
                }
                return state.line.remove(at: place).ticket
            }
            ticket?.resume(returning: false)
        }
        state.withLock { _ = $0.gone.remove(number) }
        if !isIn { throw CancellationError() }
    }

    private func leave() {
        let next = state.withLock { state in
            state.isTaken = !state.line.isEmpty
            return state.line.isEmpty ? nil : state.line.removeFirst().ticket
        }
        next?.resume(returning: true)
    }
}
