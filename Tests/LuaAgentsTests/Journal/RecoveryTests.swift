// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

@Suite struct RecoveryTests {
    /// A call that runs at most once, whose effect no journal can see by itself. It asks something before, which once made a
    /// recovery wait for a turn that never came.
    private static let source = """
        local agent = require "agent"
        local ship = agent.tool {
          name = "ship", parameters = { n = agent.schema.integer {} }, effect = "final",
          once = function(args) return "ship-" .. args.n end,
          run = function(args)
            agent.random(1, 10)
            assert(agent.exec { "sh", "-c", "printf shipped, >> FOLDER/shipped.txt" })
            return { shipped = args.n }
          end,
          recover = function(args)
            agent.uuid()
            if agent.fs.read("FOLDER/shipped.txt") then return { shipped = args.n } end
          end,
        }
        local reply = assert(agent.ask("go", { tools = { ship } }))
        return reply.tool_calls[1].result
        """

    private static let replies: @Sendable () -> [ScriptedModel.Reply] = {
        [.call("ship", #"{"n":1}"#, id: "a"), .text("done")]
    }

    /// The process dies before each write of the journal in turn, and once more at each place of the run that goes on.
    @Test func aCallWithAKeyRunsOnceHoweverOftenItIsCutOff() async throws {
        let world = try RecordedWorld(Self.source, Self.replies)
        var isOver = false
        var first = 0
        while !isOver {
            for second in 0..<6 {
                try world.clean()
                let kept = MemoryJournal(RecordedWorld.info())
                isOver = try await !dies(world, kept, after: first)
                if isOver { break }
                _ = try await dies(world, kept, after: second, resumes: true)
                let result = try await world.run(Self.resumed(kept, kept), asked: Self.answered(kept))
                #expect(result.value == ["shipped": 1])
                #expect(world.content("shipped.txt") == "shipped,", "died after \(first) and \(second)")
                let replay = RunRecorder(RecordedWorld.info(), journal: kept, recording: kept.recorded, mode: .replay)
                #expect(try await world.run(replay).value == result.value)
            }
            first += 1
        }
        #expect(first > 15)
    }

    private func dies(
        _ world: RecordedWorld, _ kept: MemoryJournal, after calls: Int, resumes: Bool = false
    ) async throws -> Bool {
        let dying = DyingJournal(kept, after: calls)
        let recorder =
            resumes ? Self.resumed(kept, dying) : RunRecorder(RecordedWorld.info(), journal: dying)
        _ = try? await world.run(recorder, asked: Self.answered(kept))
        return dying.isDead
    }

    private static func resumed(_ kept: MemoryJournal, _ journal: any RunJournal) -> RunRecorder {
        RunRecorder(RecordedWorld.info(), journal: journal, recording: kept.recorded, mode: .resume)
    }

    private static func answered(_ kept: MemoryJournal) -> Int {
        kept.recorded.records.count { $0.operation == "model" && $0.outcome != nil }
    }

    /// The run of a stream goes on beside the script, and may be ahead of it when the script leaves.
    @Test func aStreamThatIsLeftEarlyReplays() async throws {
        let world = try RecordedWorld(
            """
            local seen = {}
            for event in agent.new {}:stream("hi") do seen[#seen + 1] = event.type break end
            return { seen[1], agent.uuid() }
            """.withAgent
        ) { [.text(["a", "b"])] }
        let journal = MemoryJournal(RecordedWorld.info())
        let first = try await world.run(RunRecorder(RecordedWorld.info(), journal: journal))
        for _ in 0..<10 {
            let replay = RunRecorder(
                RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: .replay)
            #expect(try await world.run(replay).value == first.value)
        }
    }

    @Test func whatComesAgainIsCountedOnce() async throws {
        let world = try RecordedWorld(Self.source, Self.replies)
        let kept = MemoryJournal(RecordedWorld.info())
        let first = RunRecorder(RecordedWorld.info(), journal: kept)
        _ = try await world.run(first)
        let again = RunRecorder(first.info, journal: kept, recording: kept.recorded, mode: .resume)
        _ = try await world.run(again)
        #expect(again.info.turns == first.info.turns)
        #expect(again.info.toolCalls == first.info.toolCalls)
        #expect(again.info.usage == first.info.usage)
        #expect(first.info.turns == 2)
        #expect(first.info.toolCalls == 1)
    }
}
