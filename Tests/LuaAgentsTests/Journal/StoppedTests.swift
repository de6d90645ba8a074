// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

/// What was stopped because it took too long is stopped again in a replay, at the same place.
@Suite struct StoppedTests {
    /// Records a run of `source`, and expects two replays to come to the same.
    @discardableResult
    private func replayed(_ source: String, _ replies: [ScriptedModel.Reply]) async throws -> RecordedWorld.Result {
        let world = try RecordedWorld(source.withAgent) { replies }
        let journal = MemoryJournal(RecordedWorld.info())
        let first = try await world.run(RunRecorder(RecordedWorld.info(), journal: journal))
        try world.clean()
        for mode in [RunRecorder.Mode.replay, .replay, .resume] {
            let recorder = RunRecorder(
                RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: mode)
            let again = try await world.run(recorder)
            #expect(again.value == first.value)
            #expect(again.output == first.output)
            #expect(again.asked == 0)
        }
        return first
    }

    /// A guardrail that reads, waits for longer than it may, and would then say more.
    private static func slow(_ options: String) -> String {
        """
        local function slow(text)
          print("judging", agent.random(1, 1000000))
          agent.sleep(60)
          print "judged"
          return nil, "too late"
        end
        local guardrail = { name = "slow", check = slow, timeout = 0.2\(options) }
        """
    }

    @Test func aGuardrailThatMayFailLetsTheSameTextPass() async throws {
        let result = try await replayed(
            Self.slow(", on_error = 'pass'") + """

                local bot = agent.new { guardrails = { input = { guardrail } } }
                local reply = assert(bot:run "hello")
                return { reply.text, agent.uuid() }
                """, [.text("hi")])
        #expect(result.value?[0] == "hi")
        #expect(result.output.contains("judging") && !result.output.contains("judged"))
    }

    @Test func aGuardrailThatMayNotBlocksInTheSameWords() async throws {
        let result = try await replayed(
            Self.slow("") + """

                local bot = agent.new { guardrails = { output = { guardrail } } }
                local reply, why = bot:run "hello"
                return { tostring(reply), why, agent.uuid() }
                """, [.text("hi")])
        #expect(result.value?[1]?.stringValue?.contains("took longer than 0.2") == true, "\(result.value ?? .null)")
    }

    @Test func aGuardrailBesideTheModelIsStoppedToo() async throws {
        try await replayed(
            Self.slow(", on_error = 'pass', parallel = true") + """

                local bot = agent.new { guardrails = { input = { guardrail } } }
                return { assert(bot:run "hello").text, agent.uuid() }
                """, [.text("hi")])
    }

    /// What the tool waits for is a run of its own, which was cut off before it had come to anything.
    @Test func aToolIsStoppedInTheMiddleOfARunOfItsOwn() async throws {
        let result = try await replayed(
            """
            local inner = agent.new { instructions = "inner" }
            local ask = agent.tool {
              name = "ask", timeout = 0.2,
              run = function()
                print "asking"
                local reply, why = inner:run "deep"
                print("answered", reply and reply.text, why)
                return "late"
              end,
            }
            local bot = agent.new { tools = { ask } }
            local reply = assert(bot:run "go")
            return { text = reply.text, error = reply.tool_calls[1].error, id = agent.uuid() }
            """, [.call("ask", id: "a"), .hang(after: ["let me"]), .text("it took too long")])
        #expect(result.output == "asking\n")
    }

    @Test func aToolIsStoppedWhileItIsJudged() async throws {
        let result = try await replayed(
            Self.slow(", on_error = 'pass'").replacing("0.2", with: "30") + """

                local inner = agent.new { guardrails = { input = { guardrail } } }
                local ask = agent.tool { name = "ask", timeout = 0.2, run = function() return inner:run "deep".text end }
                local bot = agent.new { tools = { ask } }
                return { assert(bot:run "go").text, agent.uuid() }
                """, [.call("ask", id: "a"), .text("it took too long")])
        #expect(result.value?[0] == "it took too long")
    }

    /// Nothing that it asks shows where it was stopped.
    @Test func aToolThatOnlyComputesIsStoppedInTheReplayOfAFasterMachine() async throws {
        let source = """
            local busy = agent.tool {
              name = "busy", timeout = LIMIT,
              run = function() local n = 0 for i = 1, 30000000 do n = n + i end return n end,
            }
            return assert(agent.new { tools = { busy } }:run "go").text
            """.withAgent
        let world = try RecordedWorld(source) { [.call("busy", id: "a"), .text("done")] }
        let journal = MemoryJournal(RecordedWorld.info())
        let first = try await world.run(
            RunRecorder(RecordedWorld.info(), journal: journal), source: source.replacing("LIMIT", with: "0.001"))
        let recorder = RunRecorder(
            RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: .replay)
        let again = try await world.run(recorder, source: source.replacing("LIMIT", with: "1000000"))
        #expect(again.value == first.value)
    }

    /// Another machine may be slower.
    @Test func aToolThatWasInTimeIsNotStopped() async throws {
        func source(timeout: String) -> String {
            """
            local sum = agent.tool { name = "sum", timeout = \(timeout), run = function()
              local all = 0
              for n = 1, 3000000 do all = all + n end
              return { all = all }
            end }
            local reply = assert(agent.new { tools = { sum } }:run "go")
            return reply.tool_calls[1].result
            """.withAgent
        }
        let world = try RecordedWorld(source(timeout: "60")) { [.call("sum"), .text("done")] }
        let journal = MemoryJournal(RecordedWorld.info())
        let first = try await world.run(RunRecorder(RecordedWorld.info(), journal: journal))
        let recorder = RunRecorder(
            RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: .replay)
        let again = try await world.run(recorder, source: source(timeout: "0.001"))
        #expect(first.value?["all"] == 4_500_001_500_000)
        #expect(again.value == first.value)
    }
}
