// SPDX-License-Identifier: Apache-2.0

import AgentTesting
import JSONCore
import JSONSchemaCore
import Testing

@testable import AgentCore

/// How the machine of a run keeps to its money; a microdollar a token.
@Suite struct RunMoneyTests {
    private static let prices: PriceTable = {
        var price = ModelPrice(names: ["m", "dear"], date: "2026-11", source: "test")
        price.input = Dollars(decimal: "1")
        price.output = Dollars(decimal: "1")
        return PriceTable([price])
    }()

    private func machine(
        micros: Int64, maxTokens: Int? = nil, output: OutputFormat? = nil, extra: JSONObject = [:]
    ) -> RunStateMachine {
        var limits = RunLimits()
        limits.usd = Dollars(picodollars: micros * 1_000_000)
        return RunStateMachine(
            .init(
                tools: [ToolDefinition(name: "f")], output: output,
                options: ModelOptions(maxTokens: maxTokens, extra: extra),
                limits: limits, pricingNames: ["m"], prices: Self.prices))
    }

    private func response(_ message: Message, _ reason: FinishReason = .stop, prompt: Int, completion: Int)
        -> ModelResponse
    {
        ModelResponse(
            message: message, finishReason: reason, usage: Usage(promptTokens: prompt, completionTokens: completion))
    }

    private func call(prompt: Int, completion: Int) -> ModelResponse {
        response(
            Message(role: .assistant, content: [], toolCalls: [ToolCall(id: "a", name: "f", arguments: "{}")]),
            .toolCalls,
            prompt: prompt, completion: completion)
    }

    @Test func theCallThatCouldExceedTheLimitIsNotMade() throws {
        var machine = machine(micros: 2800, maxTokens: 200)
        #expect(try machine.start(with: [.user("hi")]).request().options.maxTokens == 200)
        _ = try machine.modelResponded(call(prompt: 2000, completion: 100)).calls()
        let result = try machine.toolsFinished([ToolResult(callID: "a", name: "f", content: "x")]).result()
        #expect(result.stopped == .usd)
        #expect(result.cost?.decimal == "0.0021")
        #expect(result.turns == 1, "a call that is not made is no turn")
        #expect(result.messages.last?.role == .tool)
    }

    @Test func whatTheModelSaidBeforeIsTheBestAnswer() throws {
        var machine = machine(micros: 2800, maxTokens: 200)
        _ = machine.start(with: [.user("hi")])
        var answer = call(prompt: 2000, completion: 100)
        answer.message.content = [.text("so far")]
        _ = try machine.modelResponded(answer).calls()
        #expect(try machine.toolsFinished([ToolResult(callID: "a", name: "f", content: "x")]).result().text == "so far")
    }

    @Test func aLimitBelowThePromptRunsNothing() throws {
        var machine = machine(micros: 10)
        let result = try machine.start(with: [.user("hi")]).result()
        #expect((result.stopped, result.turns, result.text) == (.usd, 0, ""))
        #expect(result.cost == .zero)
    }

    @Test func theAnswerIsCutToWhatIsLeftAndThatIsTheLimitsDoing() throws {
        var machine = machine(micros: 5000)
        let tokens = try #require(try machine.start(with: [.user("hi")]).request().options.maxTokens)
        #expect(tokens < 5000 && tokens > 3000)
        let result = try machine.modelResponded(
            response(.assistant("half an ans"), .length, prompt: 9, completion: tokens)
        )
        .result()
        #expect((result.stopped, result.text) == (.usd, "half an ans"))
    }

    @Test func anAnswerCutByTheScriptsOwnLengthIsNotTheLimitsDoing() throws {
        var machine = machine(micros: 5000, maxTokens: 10)
        _ = machine.start(with: [.user("hi")])
        let result = try machine.modelResponded(response(.assistant("half"), .length, prompt: 9, completion: 10))
            .result()
        #expect(result.stopped == nil)
    }

    @Test func callsThatWereCutOffAreNotRun() throws {
        var machine = machine(micros: 5000)
        _ = machine.start(with: [.user("hi")])
        var cut = call(prompt: 9, completion: 4000)
        cut.finishReason = .length
        let result = try machine.modelResponded(cut).result()
        #expect(result.stopped == .usd)
        #expect(result.toolCalls.map(\.result.isError) == [true])
    }

    @Test func structuredOutputThatWasCutOffIsNoFailure() throws {
        let schema = try JSONSchema(["type": "object", "required": ["a"]])
        var machine = machine(micros: 5000, output: .schema(schema, name: "o"))
        _ = machine.start(with: [.user("hi")])
        let result = try machine.modelResponded(response(.assistant(#"{"a":"#), .length, prompt: 9, completion: 4000))
            .result()
        #expect((result.stopped, result.output) == (.usd, nil))
    }

    @Test func anAnswerThatCannotBeRepairedForWantOfMoneyFails() throws {
        let schema = try JSONSchema(["type": "object", "required": ["a"]])
        var machine = machine(micros: 3000, maxTokens: 1000, output: .schema(schema, name: "o"))
        _ = machine.start(with: [.user("hi")])
        let action = machine.modelResponded(response(.assistant("{}"), prompt: 2900, completion: 50))
        guard case .fail(let error) = action else {
            Issue.record("\(action)")
            return
        }
        #expect(error.code == .output)
        #expect(error.message.contains("limit of usd"))
        #expect(error.messages.last == .assistant("{}"))
    }

    /// A byte is at most a token; but what the provider has counted once is known better.
    @Test func onlyWhatIsNewIsEstimatedByItsBytes() throws {
        let long = String(repeating: "word ", count: 2000)
        var machine = machine(micros: 20_000, maxTokens: 500)
        _ = try machine.start(with: [.user(long)]).request()
        _ = try machine.modelResponded(call(prompt: 2001, completion: 20)).calls()
        _ = try machine.toolsFinished([ToolResult(callID: "a", name: "f", content: "x")]).request()
        _ = try machine.modelResponded(call(prompt: 2050, completion: 20)).calls()
        // 4091 are spent; by its bytes the prompt could cost more than the 15,909 that are left when it grows by 6000.
        let more = ToolResult(callID: "b", name: "f", content: String(repeating: "x", count: 6000))
        #expect(try machine.toolsFinished([more]).request().options.maxTokens == 500)
    }

    @Test func severalAnswersAreCountedAsMany() throws {
        var machine = machine(micros: 5000, maxTokens: 4000, extra: ["n": 4])
        let tokens = try #require(try machine.start(with: [.user("hi")]).request().options.maxTokens)
        #expect(tokens * 4 < 5000)
    }

    @Test func aResponseThatSaysNothingOfItsUsageCountsAsTheMost() throws {
        var machine = machine(micros: 5000, maxTokens: 1000)
        _ = machine.start(with: [.user("hi")])
        var silent = call(prompt: 0, completion: 0)
        silent.usage = nil
        _ = try machine.modelResponded(silent).calls()
        let request = try machine.toolsFinished([ToolResult(callID: "a", name: "f", content: "x")]).request()
        #expect(request.options.maxTokens == 1000)
        _ = try machine.modelResponded(silent).calls()
        let result = try machine.toolsFinished([ToolResult(callID: "a", name: "f", content: "x")]).request()
        #expect(try #require(result.options.maxTokens) < 1000, "three times 1000 and the prompts do not fit")
        #expect(try machine.modelResponded(response(.assistant("end"), prompt: 1, completion: 1)).result().cost == nil)
    }

    @Test func whatHasNoPriceHasNoCost() throws {
        var machine = RunStateMachine(.init(pricingNames: ["other"], prices: Self.prices))
        _ = machine.start(with: [.user("hi")])
        #expect(try machine.modelResponded(response(.assistant("a"), prompt: 1, completion: 1)).result().cost == nil)
    }

    // MARK: - Agents

    private func agent(_ model: any Model, _ ledger: UsageLedger? = nil) -> Agent {
        Agent(model: model, ledger: ledger)
    }

    @Test func aModelWithoutPriceIsRefusedBeforeAnythingIsSent() async throws {
        let known = ScriptedModel([.text("a")], name: "m")
        let unknown = ScriptedModel([.text("a")], name: "nobody")
        for model in [unknown, FallbackModel([known, unknown])] as [any Model] {
            var table = Self.prices
            table.file = "/home/me/prices.json"
            let agent = agent(model, UsageLedger(prices: table, limit: .max))
            let error = await #expect(throws: RunError.self) { try await agent.run("hi") }
            #expect((error?.cause as? ModelError)?.code == .configuration)
            #expect(error?.message.contains("\"nobody\"") == true)
            #expect(error?.message.contains("/home/me/prices.json") == true)
        }
        #expect(known.requests.isEmpty && unknown.requests.isEmpty)
    }

    @Test func aLedgerAddsUpRunsByTheModelThatAnswered() async throws {
        let ledger = UsageLedger(prices: Self.prices)
        let broken = ScriptedModel([.failure(ModelError(.server, "down"))], name: "m")
        _ = try await agent(FallbackModel([broken, ScriptedModel([.text("a")], name: "dear")]), ledger).run("hi")
        _ = try await agent(ScriptedModel([.text("a")], name: "m"), ledger).run("hi")
        _ = try await agent(ScriptedModel([.text("a")], name: "m"), ledger).run("hi")
        #expect(ledger.totals.models.map(\.model) == ["dear", "m"])
        #expect(ledger.totals.models.map(\.calls) == [1, 2])
        #expect(ledger.totals.cost(by: Self.prices)?.decimal == "0.000045")
        ledger.note(Usage(promptTokens: 5), model: "embedder")
        #expect(ledger.totals.cost(by: Self.prices) == nil)
        #expect(ledger.totals.knownCost(by: Self.prices).decimal == "0.000045")
    }

    @Test func oneLimitHoldsForAllRunsOfALedger() async throws {
        // Each run costs 15; the first two leave less than the third could cost.
        let ledger = UsageLedger(prices: Self.prices, limit: Dollars(picodollars: 800_000_000))
        var stopped: [RunLimits.Kind?] = []
        for _ in 0..<30 {
            let model = ScriptedModel([.text("a")], name: "m")
            stopped.append(try await agent(model, ledger).run("hi").stopped)
        }
        #expect(stopped.first == .some(nil))
        #expect(stopped.last == .usd)
        let spent = try #require(ledger.totals.cost(by: Self.prices))
        #expect(spent <= Dollars(picodollars: 800_000_000))
    }

    @Test func runsSideBySideWaitForEachOtherRatherThanFail() async throws {
        // Each call could take all that is left, and takes 15.
        let ledger = UsageLedger(prices: Self.prices, limit: Dollars(picodollars: 5_000_000_000))
        let results = try await withThrowingTaskGroup(of: RunResult.self) { group in
            for _ in 0..<8 {
                let agent = agent(ScriptedModel([.text("a")], name: "m"), ledger)
                group.addTask { try await agent.run("hi") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0.stopped == nil })
        #expect(ledger.totals.cost(by: Self.prices)?.decimal == "0.00012")
    }

    @Test func aRunThatWaitsForMoneyCanBeCancelled() async throws {
        let ledger = UsageLedger(prices: Self.prices, limit: Dollars(picodollars: 5_000_000_000))
        let (begun, signal) = AsyncStream<Void>.makeStream()
        let first = Task { [agent = agent(ScriptedModel([.hang(after: ["a"])], name: "m"), ledger)] in
            try await agent.run([.user("hi")]) { if case .text = $0 { signal.yield() } }
        }
        for await _ in begun { break }
        let second = Task { [agent = agent(ScriptedModel([.text("a")], name: "m"), ledger)] in try await agent.run("hi")
        }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        // The call that was cut off had begun to answer: the provider may charge for it.
        #expect(ledger.totals.models.map(\.unreportedCalls) == [1])
    }
}
