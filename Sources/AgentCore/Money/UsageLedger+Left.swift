// SPDX-License-Identifier: Apache-2.0

extension UsageLedger {
    /// What is left of the limit, without what is set aside for calls under way; `nil` when there is no limit.
    package var left: Dollars? { share { shared, _ in shared.budget.map { $0.limit - $0.spent } } }
}

extension Agent {
    /// Whether the money of the ledger, and not the agent's own limit, is why `result` was stopped: of two limits the one with less
    /// left refuses whatever the other refuses.
    package func isOutOfSharedMoney(_ result: RunResult) -> Bool {
        guard result.stopped == .usd, let left = ledger?.left else { return false }
        guard let own = limits.usd else { return true }
        return left < own - (result.cost ?? own)
    }
}
