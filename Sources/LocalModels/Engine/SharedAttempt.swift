// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Synchronization

/// Lets the first of many tasks do something for all of them, while the others wait for what comes of it.
///
/// When the first is cancelled, the next one takes over; when it fails, all get its error. Cancelling a task that waits
/// ends that task only.
final class SharedAttempt<Value: Sendable>: Sendable {
    private enum Turn: Sendable { case lead, finished(Result<Value, ModelError>) }

    private struct State {
        var isUnderWay = false
        var tickets: UInt64 = 0
        var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Turn, any Error>)] = []

        mutating func takeLead() -> Bool {
            defer { isUnderWay = true }
            return !isUnderWay
        }

        mutating func remove(_ ticket: UInt64) -> CheckedContinuation<Turn, any Error>? {
            waiting.firstIndex { $0.ticket == ticket }.map { waiting.remove(at: $0).continuation }
        }
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - onWait: called when another task is already at it.
    ///   - body: what is to be done once.
    func value(onWait: () async throws -> Void, _ body: () async throws -> Value) async throws -> Value {
        if !state.withLock({ $0.takeLead() }) {
            try await onWait()
            if case .finished(let result) = try await turn() { return try result.get() }
        }
        do {
            let value = try await body()
            finish(.success(value))
            return value
        } catch let error as ModelError where !Task.isCancelled {
            finish(.failure(error))
            throw error
        } catch {
            handOver()
            throw error
        }
    }

    private func turn() async throws -> Turn {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let leads = state.withLock { state in
                    if state.takeLead() { return true }
                    state.waiting.append((ticket, continuation))
                    return false
                }
                if leads { return continuation.resume(returning: .lead) }
                // A cancellation that came before the continuation was in the list found nothing to wake.
                if Task.isCancelled { cancel(ticket) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    private func cancel(_ ticket: UInt64) {
        state.withLock { $0.remove(ticket) }?.resume(throwing: CancellationError())
    }

    private func finish(_ result: Result<Value, ModelError>) {
        let waiting = state.withLock { state in
            defer { (state.waiting, state.isUnderWay) = ([], false) }
            return state.waiting
        }
        for waiter in waiting { waiter.continuation.resume(returning: .finished(result)) }
    }

    private func handOver() {
        let next = state.withLock { state in
            state.isUnderWay = !state.waiting.isEmpty
            return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
        next?.continuation.resume(returning: .lead)
    }
}
