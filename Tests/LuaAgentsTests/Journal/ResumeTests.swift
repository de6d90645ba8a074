// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

@Suite struct ResumeTests {
    /// Two turns of parallel calls that append to files, two of them at most once, around draws and a clock.
    static let source = """
        local agent = require "agent"
        local count = 0
        local function tool(name, effect, once)
          return agent.tool {
            name = name, parameters = { n = agent.schema.integer {} }, effect = effect, once = once,
            run = function(args)
              count = count + 1
              local line = name .. args.n .. " " .. agent.random(1, 1000000) .. " " .. math.random(1000000) .. "\\n"
              assert(agent.fs.append("FOLDER/" .. name .. ".txt", line))
              agent.sleep(0)
              assert(agent.fs.append("FOLDER/all.txt", name .. args.n .. "\\n"))
              return { n = args.n, count = count }
            end,
          }
        end
        local bot = agent.new {
          tools = { tool("note", "write"), tool("pay", "final", function(args) return "pay-" .. args.n end) },
        }
        assert(agent.fs.write("FOLDER/begun.txt", tostring(os.time() > 0)))
        local reply = assert(bot:run "go")
        local list = agent.map({ 1, 2, 3 }, { width = 3 }, function(n)
          assert(agent.fs.append("FOLDER/map.txt", n .. "\\n"))
          return n * 10 + agent.random(1, 9)
        end)
        return { text = reply.text, list = list, id = agent.uuid(), time = os.time(), count = count }
        """

    static let replies: @Sendable () -> [ScriptedModel.Reply] = {
        [
            .calls([
                ToolCall(id: "a", name: "note", arguments: #"{"n":1}"#),
                ToolCall(id: "b", name: "pay", arguments: #"{"n":2}"#),
                ToolCall(id: "c", name: "note", arguments: #"{"n":3}"#),
            ]),
            .calls([
                ToolCall(id: "d", name: "pay", arguments: #"{"n":4}"#),
                ToolCall(id: "e", name: "note", arguments: #"{"n":5}"#),
            ]),
            .text("done"),
        ]
    }

    private func check(_ world: RecordedWorld, _ result: RecordedWorld.Result) {
        #expect(result.value?["text"] == "done")
        #expect(result.value?["count"] == 5)
        #expect(world.content("begun.txt") == "true")
        let all = world.content("all.txt").split(separator: "\n").sorted()
        #expect(all == ["note1", "note3", "note5", "pay2", "pay4"])
        #expect(world.content("note.txt").split(separator: "\n").count == 3)
        #expect(world.content("pay.txt").split(separator: "\n").count == 2)
        #expect(world.content("map.txt").split(separator: "\n").sorted() == ["1", "2", "3"])
    }

    /// The process dies before each write of the journal in turn, the effect just done or just about to be done.
    @Test func eachEffectHappensOnceWhereverTheProcessDies() async throws {
        let world = try RecordedWorld(Self.source, Self.replies)
        var deaths = 0
        while true {
            try world.clean()
            let kept = MemoryJournal(RecordedWorld.info())
            let dying = DyingJournal(kept, after: deaths)
            _ = try? await world.run(RunRecorder(RecordedWorld.info(), journal: dying))
            guard dying.isDead else { break }
            let recording = kept.recorded
            let answered = recording.records.filter { $0.operation == "model" && $0.outcome != nil }.count
            let recorder = RunRecorder(recording.info, journal: kept, recording: recording, mode: .resume)
            let result = try await world.run(recorder, asked: answered)
            check(world, result)
            // What was recorded in two goes replays as one.
            let replay = RunRecorder(recording.info, journal: kept, recording: kept.recorded, mode: .replay)
            let again = try await world.run(replay)
            #expect(again.value == result.value)
            #expect(again.asked == 0)
            deaths += 1
        }
        #expect(deaths > 80)
    }

    @Test func replaysTheSameBytesWithoutAskingAnyone() async throws {
        let world = try RecordedWorld(Self.source, Self.replies)
        let journal = MemoryJournal(RecordedWorld.info())
        let first = try await world.run(RunRecorder(RecordedWorld.info(), journal: journal))
        check(world, first)
        try world.clean()
        for _ in 0..<20 {
            let recorder = RunRecorder(
                RecordedWorld.info(), journal: MemoryJournal(RecordedWorld.info()), recording: journal.recorded,
                mode: .replay)
            let again = try await world.run(recorder)
            #expect(again.value == first.value)
            #expect(again.asked == 0)
        }
        #expect(world.content("all.txt").isEmpty)
    }

    @Test func saysWhereARunIsNotWhatWasRecorded() async throws {
        let world = try RecordedWorld("return agent.fs.write('FOLDER/a', 'one')".withAgent)
        let journal = MemoryJournal(RecordedWorld.info())
        _ = try await world.run(RunRecorder(RecordedWorld.info(), journal: journal))
        let recorder = RunRecorder(
            RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: .replay)
        let error = await #expect(throws: JournalError.self) {
            try await world.run(recorder, source: "return agent.fs.write('FOLDER/a', 'two')".withAgent)
        }
        #expect(error?.code == .divergence)
        #expect(error?.message.contains("/1: recorded \"one\", now \"two\"") == true)
    }

    @Test func saysWhatWasRecordedAndDidNotComeAgain() async throws {
        let world = try RecordedWorld("agent.uuid() return agent.fs.write('FOLDER/a', 'one')".withAgent)
        let journal = MemoryJournal(RecordedWorld.info())
        _ = try await world.run(RunRecorder(RecordedWorld.info(), journal: journal))
        let recorder = RunRecorder(
            RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: .replay)
        let error = await #expect(throws: JournalError.self) {
            try await world.run(recorder, source: "agent.uuid()".withAgent)
        }
        #expect(error?.message.contains("record 2") == true)
    }

    /// A draw that no script can see through a recording would give another answer.
    @Test func whatOnlyComputesIsTheSameEachTime() async throws {
        let world = try RecordedWorld(
            """
            local t = {}
            for i = 1, 50 do t["k" .. math.random(1000000)] = i end
            return { math.random(1000000), os.time(), os.date("!%H", 0), agent.uuid(), agent.now() }
            """.withAgent)
        let journal = MemoryJournal(RecordedWorld.info())
        let first = try await world.run(RunRecorder(RecordedWorld.info(), journal: journal))
        let recorder = RunRecorder(
            RecordedWorld.info(), journal: journal, recording: journal.recorded, mode: .replay)
        #expect(try await world.run(recorder).value == first.value)
    }
}

extension String {
    var withAgent: String { "local agent = require 'agent'\n" + self }
}
