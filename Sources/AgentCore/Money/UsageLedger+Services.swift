// SPDX-License-Identifier: Apache-2.0

extension UsageLedger {
    /// What calls of services came to, as the record of the request behind them keeps it.
    ///
    /// - Returns: `nil` for both when no service was called. The cost is `nil` when it is not known of each call: one without a
    ///   price, or one that failed and may be charged for.
    package func sum(_ notes: [SpendingNote]) -> (usage: Usage?, cost: Dollars?) {
        guard !notes.isEmpty else { return (nil, nil) }
        var (usage, cost) = (Usage(), Dollars?.some(.zero))
        for note in notes {
            usage += note.usage ?? Usage()
            let price = note.usage.flatMap { prices[note.model]?.cost(of: $0) }
            cost = cost.flatMap { sum in price.map { sum + $0 } }
        }
        return (usage, cost)
    }
}
