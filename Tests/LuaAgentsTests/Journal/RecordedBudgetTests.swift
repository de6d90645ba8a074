// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

/// What a limit of money had let pass, it lets pass again, whatever is left of it.
@Suite struct RecordedBudgetTests {
    /// An answer of the whole context costs 4.096 dollars.
    private static func ledger(limit: String) -> UsageLedger {
        var price = ModelPrice(names: ["scripted"], date: "2026-11", source: "a test")
        (price.input, price.output) = (Dollars(decimal: "1"), Dollars(decimal: "1000"))
        price.contextLength = 4096
        return UsageLedger(prices: PriceTable([price]), limit: Dollars(decimal: limit))
    }

    /// Records four runs side by side within `limit`, and expects the same of them within other limits.
    private func again(within limit: String, _ others: [String]) async throws -> RecordedWorld.Result {
        let source = """
            local bot = agent.new {}
            return agent.map({ "a", "b", "c", "d" }, function(text)
              local reply = bot:run(text)
              return { reply.text, reply.stopped or "no" }
            end)
            """
        let world = try RecordedWorld(source.withAgent) { (0..<4).map { _ in .text("yes") } }
        let journal = MemoryJournal(RecordedWorld.info())
        let first = try await world.run(
            RunRecorder(RecordedWorld.info(), journal: journal), ledger: Self.ledger(limit: limit))
        for other in others {
            for mode in [RunRecorder.Mode.replay, .resume] {
                let recorder = RunRecorder(
                    RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: mode)
                let again = try await world.run(recorder, ledger: Self.ledger(limit: other))
                #expect(again.value == first.value)
                #expect(again.asked == 0)
            }
        }
        return first
    }

    @Test func answersAreCutToWhatWasLeftThen() async throws {
        let result = try await again(within: "5", ["5", "4.5", "0.0001", "100"])
        #expect(result.value?[0]?[0] == "yes")
    }

    @Test func whatWasRefusedIsRefusedAgain() async throws {
        let result = try await again(within: "0.001", ["0.001", "100"])
        #expect(result.value?[3]?[1] == "usd", "\(result.value ?? .null)")
    }
}
