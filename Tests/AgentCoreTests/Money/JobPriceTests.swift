// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentCore

@Suite struct JobPriceTests {
    @Test func aModelCostsHalfInABatchJob() throws {
        let usage = Usage(promptTokens: 3, completionTokens: 5, cachedTokens: 1)
        let table = PriceTable.builtIn.withJobs
        for name in ["mistral-small-latest", "mistral-large-latest", "codestral-latest"] {
            let live = try #require(table[name]?.cost(of: usage))
            let job = try #require(table["batch:" + name]?.cost(of: usage))
            #expect(abs(job.picodollars * 2 - live.picodollars) <= 6, "\(name)")
            #expect(job < live)
        }
    }

    @Test func onlyModelsOfTheProviderHaveJobs() {
        var own = ModelPrice(names: ["openai:x"], date: "2026-11", source: "me")
        own.input = Dollars(picodollars: 7)
        var other = ModelPrice(names: ["mine-*"], date: "2026-11", source: "me")
        other.input = Dollars(picodollars: 7)
        var table = PriceTable([own, other])
        table.file = "prices.json"
        #expect(table.withJobs["batch:openai:x"] == nil)
        #expect(table.withJobs["batch:mine-1"]?.input == Dollars(picodollars: 4))
        #expect(table.withJobs["mine-1"] == other)
        #expect(table.withJobs.file == "prices.json")
    }
}
