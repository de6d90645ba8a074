// SPDX-License-Identifier: Apache-2.0

extension PriceTable {
    /// What stands before the name of a model whose requests are lines of a batch job.
    package static let jobPrefix = "batch:"

    /// This table with the price of each of the provider's models in batch jobs: half of it
    /// (docs.mistral.ai, "Batch inference": "50% lower cost").
    package var withJobs: PriceTable {
        let jobs = prices.filter { price in !price.names.contains { $0.contains(":") } }.map { price in
            var half = price
            half.names = price.names.map { Self.jobPrefix + $0 }
            half.input = price.input?.half
            half.cachedInput = price.cachedInput?.half
            half.output = price.output?.half
            return half
        }
        var table = overlaid(by: PriceTable(jobs))
        table.file = file
        return table
    }
}

extension Dollars {
    /// Rounded up to a picodollar.
    fileprivate var half: Dollars { Dollars(picodollars: picodollars / 2 + picodollars % 2) }
}
