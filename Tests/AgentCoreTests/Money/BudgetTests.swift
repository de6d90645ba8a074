// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentCore

@Suite struct BudgetTests {
    /// A dollar for a million tokens: a microdollar a token.
    private func price(input: String = "1", output: String = "1", context: Int? = nil) -> ModelPrice {
        var price = ModelPrice(names: ["m"], date: "2026-11", source: "test")
        price.input = Dollars(decimal: input)
        price.output = Dollars(decimal: output)
        price.contextLength = context
        return price
    }

    private func micro(_ count: Int64) -> Dollars { Dollars(picodollars: count * 1_000_000) }

    private func call(_ prompt: Int, _ output: Int?, context: Int? = nil, answers: Int = 1) -> CallEstimate {
        CallEstimate(promptTokens: prompt, outputTokens: output, answers: answers, prices: [price(context: context)])
    }

    @Test func whatFitsToTheLastTokenIsLetThrough() {
        let budget = Budget(limit: micro(1000))
        #expect(budget.verdict(on: call(400, 600)) == .fits(worst: micro(1000), maxTokens: nil))
    }

    @Test func anAnswerThatWouldNotFitIsCutToWhatDoes() {
        let budget = Budget(limit: micro(1000))
        #expect(budget.verdict(on: call(400, 601)) == .fits(worst: micro(1000), maxTokens: 600))
        #expect(budget.verdict(on: call(400, nil)) == .fits(worst: micro(1000), maxTokens: 600))
    }

    @Test func aCallThatLeavesTooLittleForAnAnswerIsRefused() {
        let budget = Budget(limit: micro(1000))
        #expect(budget.verdict(on: call(1000 - 128, 500)) == .fits(worst: micro(1000), maxTokens: 128))
        #expect(budget.verdict(on: call(1000 - 127, 500)) == .refused)
        #expect(
            budget.verdict(on: call(990, 10)) == .fits(worst: micro(1000), maxTokens: nil),
            "a short answer is what was asked for")
        #expect(budget.verdict(on: call(1001, 10)) == .refused)
    }

    @Test func severalAnswersCostAsMany() {
        let budget = Budget(limit: micro(1000))
        #expect(budget.verdict(on: call(400, 200, answers: 3)) == .fits(worst: micro(1000), maxTokens: nil))
        #expect(budget.verdict(on: call(400, 600, answers: 3)) == .fits(worst: micro(1000), maxTokens: 200))
    }

    @Test func noAnswerIsLongerThanTheContext() {
        let budget = Budget(limit: micro(1000))
        #expect(budget.verdict(on: call(100, nil, context: 900)) == .fits(worst: micro(1000), maxTokens: nil))
        // 600 could be paid, but prompt and answer must fit the context.
        #expect(budget.verdict(on: call(400, nil, context: 950)) == .fits(worst: micro(950), maxTokens: 550))
    }

    @Test func theDearestModelOfAChainCounts() {
        let chain = CallEstimate(
            promptTokens: 100, outputTokens: 300, prices: [price(), price(input: "4", output: "2")])
        #expect(Budget(limit: micro(1000)).verdict(on: chain) == .fits(worst: micro(1000), maxTokens: nil))
        #expect(Budget(limit: micro(999)).verdict(on: chain) == .fits(worst: micro(998), maxTokens: 299))
    }

    @Test func whatCostsNothingIsNeverRefused() {
        let free = CallEstimate(promptTokens: .max, outputTokens: nil, prices: [price(input: "0", output: "0")])
        #expect(Budget(limit: .zero).verdict(on: free) == .fits(worst: .zero, maxTokens: nil))
        #expect(Budget(limit: .zero).verdict(on: call(1, 1)) == .refused)
    }

    @Test func callsSideBySideDoNotSpendTheSameMoney() {
        var budget = Budget(limit: micro(1000))
        budget.reserve(micro(900))
        #expect(budget.verdict(on: call(50, 50)) == .fits(worst: micro(100), maxTokens: nil))
        #expect(budget.verdict(on: call(50, 200)) == .wait)
        #expect(budget.verdict(on: call(1001, 10)) == .refused, "waiting would not help")
        budget.settle(micro(900), cost: micro(500))
        #expect(budget.verdict(on: call(50, 200)) == .fits(worst: micro(250), maxTokens: nil))
    }

    @Test func nothingIsLetThroughOnceMoreThanTheLimitIsSpent() {
        var budget = Budget(limit: micro(10))
        budget.settle(.zero, cost: micro(11))
        #expect(budget.verdict(on: call(0, 0)) == .refused)
    }
}
