// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where the usage of many runs and services is added up, and where one limit of money holds for all of them.
///
/// Give one to each ``Agent`` of a program, and wrap its services in ``MeteredServices``; runs may share it side by side.
public final class UsageLedger: Sendable {
    private struct State {
        var shared = SharedSpending()
        var changes = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    public let prices: PriceTable
    /// Money for everything that is noted here; `nil` for no limit.
    public let limit: Dollars?
    private let state: Mutex<State>

    public init(prices: PriceTable = .builtIn, limit: Dollars? = nil) {
        self.prices = prices
        self.limit = limit
        state = Mutex(State(shared: SharedSpending(budget: limit.map(Budget.init))))
    }

    /// What was used so far, by model.
    public var totals: UsageTotals { state.withLock(\.shared.totals) }

    /// Notes a call that is over. Its cost counts for the limit; of a call that does not say what it used, nothing can.
    ///
    /// - Parameters:
    ///   - usage: `nil` when the provider did not say.
    ///   - model: the name by which ``PriceTable`` knows it.
    public func note(_ usage: Usage?, model: String) {
        let cost = usage.flatMap { prices[model]?.cost(of: $0) } ?? .zero
        share { shared, _ in
            shared.totals.note(usage, model: model)
            shared.budget?.settle(.zero, cost: cost)
        }
    }

    /// Lets `step` decide with what is shared in hand, and wakes those that wait for money when that has changed.
    func share<Value: Sendable>(_ step: (inout SharedSpending, _ changes: Int) -> Value) -> Value {
        let (value, woken) = state.withLock { state in
            let before = state.shared.budget
            // The number by which a change after this step is known.
            let value = step(&state.shared, state.changes)
            guard state.shared.budget != before else { return (value, [CheckedContinuation<Void, Never>]()) }
            state.changes += 1
            defer { state.waiting = [] }
            return (value, state.waiting)
        }
        woken.forEach { $0.resume() }
        return value
    }

    /// Waits until the budget has changed since `changes` was read.
    func change(since changes: Int) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.changes != changes || Task.isCancelled { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            // All are woken: those that were not cancelled look at the budget and wait on.
            let woken = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
            woken.forEach { $0.resume() }
        }
        try Task.checkCancellation()
    }
}

/// What the runs and services of a ledger have in common.
struct SharedSpending: Sendable {
    var totals = UsageTotals()
    var budget: Budget?
}
