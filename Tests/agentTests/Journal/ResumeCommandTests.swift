// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import Testing

@Suite struct ResumeCommandTests {
    private static let task = """
        local agent = require "agent"
        local save = agent.tool {
          name = "save", parameters = { n = agent.schema.integer {} }, approve = true,
          run = function(args)
            assert(agent.fs.append("saved.txt", args.n .. " " .. agent.uuid() .. "\\n"))
            return { saved = args.n }
          end,
        }
        return agent.new { tools = { save } }
        """

    /// Two calls, one after another, then an answer. An id that is asked for twice gets the same answer.
    @Sendable private static func reply(_ request: FakeRequest) -> FakeReply {
        let results = ((try? request.json)?["messages"]?.arrayValue ?? []).count { $0["role"] == "tool" }
        if results == 2 { return .completion("saved both") }
        return .completion(calls: [FakeCall(id: "call0000\(results)", name: "save", arguments: "{\"n\":\(results)}")])
    }

    private static func command(_ server: FakeModelServer) throws -> Command {
        let command = try Command(server: server)
        try command.folder.write(task, to: "task.lua")
        return command
    }

    private static let words = ["-q", "--no-stream", "--allow-write=saved.txt", "task.lua", "go"]

    @Test func aRunThatWaitsForAnApprovalGoesOnWhereItWas() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try Self.command(server)
            let paused = try await command.run(["run"] + Self.words)
            #expect(paused.status == 6)
            #expect(server.requests.count == 1)
            let gone = try await command.run(["resume", "last", "--yes"])
            #expect(gone.status == 0, "\(gone.err)")
            #expect(gone.out == "saved both\n")
            #expect(server.requests.count == 3, "what was answered is not asked again")
            let lines = try command.folder.read("saved.txt").split(separator: "\n")
            #expect(lines.count == 2)
        }
    }

    @Test func aRunThatHasEndedSaysTheSameAgain() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try Self.command(server)
            let first = try await command.run(["run", "--yes"] + Self.words)
            #expect(first.out == "saved both\n")
            let saved = try command.folder.read("saved.txt")
            for words in [["resume"], ["resume", "last"], ["replay"], ["replay", "last", "--recorded"]] {
                let again = try await command.run(words)
                #expect(again.status == 0, "\(again.err)")
                #expect(again.out == first.out)
            }
            #expect(server.requests.count == 3)
            #expect(try command.folder.read("saved.txt") == saved)
        }
    }

    @Test func aReplayNeedsNoKeyAndNoNetwork() async throws {
        let command = try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try Self.command(server)
            #expect(try await command.run(["run", "--yes"] + Self.words).status == 0)
            return command
        }
        var offline = command
        offline.variables["MISTRAL_API_KEY"] = nil
        offline.variables["MISTRAL_SERVER_URL"] = nil
        offline.variables["OPENAI_BASE_URL"] = nil
        let again = try await offline.run(["replay"])
        #expect(again.status == 0, "\(again.err)")
        #expect(again.out == "saved both\n")
    }

    @Test func aReplayThatDriftsShowsBothSides() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try Self.command(server)
            #expect(try await command.run(["run", "--yes"] + Self.words).status == 0)
            try command.folder.write(
                Self.task.replacing("saved.txt", with: "saved.txt").replacing(
                    "args.n .. \" \"", with: "args.n .. \":\""),
                to: "task.lua")
            let drift = try await command.run(["replay"])
            #expect(drift.status == 9)
            #expect(drift.out.isEmpty)
            #expect(drift.err.contains("fs.append saved.txt"))
            #expect(drift.err.contains("recorded \"0 "))
            #expect(drift.err.contains("now \"0:"))
            #expect(try await command.run(["replay", "--recorded"]).status == 0)
            let changed = try await command.run(["resume"])
            #expect(changed.status == 9)
            #expect(changed.err.contains("task.lua has changed"))
        }
    }

    @Test func aForkAsksAnotherModelAndShowsTheDifference() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try Self.command(server)
            #expect(try await command.run(["run", "--yes"] + Self.words).status == 0)
            let saved = try command.folder.read("saved.txt")
            let fork = try await command.run(["replay", "--from", "2", "--model", "mistral:other", "--diff"])
            #expect(fork.status == 0, "\(fork.err)")
            #expect(fork.out.contains("  call save {\"n\":0}\n"))
            #expect(fork.out.contains("  turns: 3\n"))
            let model = try server.requests.last?.json["model"]
            #expect(model == "other")
            #expect(try command.folder.read("saved.txt") == saved, "what was recorded is not done again")
        }
    }

    @Test func nothingIsDoneThatCannotBeRecorded() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            var command = try Self.command(server)
            try command.folder.write("no folder", to: "file")
            command.variables["XDG_STATE_HOME"] = command.folder.path + "/file"
            let refused = try await command.run(["run", "--yes"] + Self.words)
            #expect(refused.status == 3)
            #expect(refused.err.contains("runs.db"))
            #expect(server.requests.isEmpty)
            let free = try await command.run(["run", "--yes", "--no-journal"] + Self.words)
            #expect(free.out == "saved both\n")
        }
    }

    @Test func aBrokenJournalIsNamed() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try Self.command(server)
            try command.folder.write("SQLite format 3\0" + String(repeating: "A", count: 9000), to: "j.db")
            let refused = try await command.run(["run", "--yes", "--journal", "j.db"] + Self.words)
            #expect(refused.status == 3)
            #expect(refused.err.contains("the journal j.db is broken"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test func twoCannotResumeTheSameRun() async throws {
        let gate = Gate()
        try await FakeModelServer.with { request in
            if (try? request.json)?["messages"]?.arrayValue?.contains(where: { $0["role"] == "tool" }) == true {
                await gate.pass()
            }
            return Self.reply(request)
        } _: { server in
            let command = try Self.command(server)
            #expect(try await command.run(["run"] + Self.words).status == 6)
            async let first = command.run(["resume", "--yes"])
            await server.received(2)
            let second = try await command.run(["resume", "--yes"])
            #expect(second.status == 3)
            #expect(second.err.contains("goes on in another process"))
            gate.open()
            #expect(try await first.out == "saved both\n")
            #expect(try command.folder.read("saved.txt").split(separator: "\n").count == 2)
        }
    }

    @Test func aRunThatIsKilledGoesOn() async throws {
        let gate = Gate()
        try await FakeModelServer.with { request in
            let isSecond = (try? request.json)?["messages"]?.arrayValue?.count { $0["role"] == "tool" } == 1
            if isSecond { await gate.pass() }
            return Self.reply(request)
        } _: { server in
            let command = try Self.command(server)
            _ = try await command.run(["run", "--yes"] + Self.words, ending: .kill) { await server.received(2) }
            gate.open()
            let saved = try command.folder.read("saved.txt")
            let gone = try await command.run(["resume"])
            #expect(gone.out == "saved both\n", "\(gone.err)")
            #expect(try command.folder.read("saved.txt").hasPrefix(saved))
            #expect(try command.folder.read("saved.txt").split(separator: "\n").count == 2)
        }
    }

    @Test func aDeferredCallGetsItsResultFromOutside() async throws {
        try await FakeModelServer.with { request in
            let last = (try? request.json)?["messages"]?.arrayValue?.last
            return last?["role"] == "tool"
                ? .completion("they said \(last?["content"]?.stringValue ?? "")")
                : .completion(calls: [FakeCall(id: "call00001", name: "survey")])
        } _: { server in
            let command = try Command(server: server)
            try command.folder.write(
                """
                local agent = require "agent"
                return agent.new { tools = { agent.tool { name = "survey", deferred = true } } }
                """, to: "task.lua")
            let paused = try await command.run(["run", "-q", "--no-stream", "task.lua", "go"])
            #expect(paused.status == 6)
            #expect(paused.err.contains("agent resume --result call00001=JSON"))
            let again = try await command.run(["resume"])
            #expect(again.status == 6)
            let done = try await command.run(["resume", "--result", "call00001={\"yes\":3}"])
            #expect(done.out == "they said {\"yes\":3}\n", "\(done.err)")
            #expect(server.requests.count == 2)
        }
    }

    @Test func aRefusedResumeLeavesTheRunAsItWas() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try Self.command(server)
            #expect(try await command.run(["run", "--yes"] + Self.words).status == 0)
            try command.folder.write(Self.task + "\n-- changed", to: "task.lua")
            #expect(try await command.run(["resume"]).status == 9)
            try command.folder.write(Self.task, to: "task.lua")
            let again = try await command.run(["replay"])
            #expect(again.status == 0, "\(again.err)")
        }
    }

    @Test func whatAProviderDidNotAnswerIsAskedAgain() async throws {
        try await FakeModelServer.with { request in
            request.index == 1 ? FakeReply(status: 400, text: "{\"message\":\"no\"}") : Self.reply(request)
        } _: { server in
            let command = try Self.command(server)
            let failed = try await command.run(["run", "--yes"] + Self.words)
            #expect(failed.status == 8)
            let gone = try await command.run(["resume"])
            #expect(gone.out == "saved both\n", "\(gone.err)")
            #expect(try command.folder.read("saved.txt").split(separator: "\n").count == 2)
            #expect(try await command.run(["replay"]).out == "saved both\n")
        }
    }

    @Test func aKeyIsTheScriptsOwn() async throws {
        let task = """
            local agent = require "agent"
            return agent.tool {
              name = "pay", once = function() return "k" end,
              run = function() assert(agent.fs.append("paid.txt", "NAME\\n")) return "paid by NAME" end,
            } {}
            """
        let command = try Command()
        for name in ["a", "b"] { try command.folder.write(task.replacing("NAME", with: name), to: name + ".lua") }
        for name in ["a.lua", "b.lua", "./a.lua"] {
            let run = try await command.run(["run", "--allow-write=paid.txt", name])
            #expect(run.out == "paid by \(name.contains("a.lua") ? "a" : "b")\n", "\(run.err)")
        }
        #expect(try command.folder.read("paid.txt") == "a\nb\n")
    }

    @Test func noSecretIsRecorded() async throws {
        try await FakeModelServer.with(reply: { _ in .completion("ok") }) { server in
            var command = try Command(server: server)
            command.variables["MY_TOKEN"] = "token-12345-abcdef"
            try command.folder.write(
                """
                local agent = require "agent"
                return agent.new { instructions = "by " .. agent.env "MY_TOKEN" }
                """, to: "task.lua")
            let words = [
                "run", "-q", "--allow-env=MY_TOKEN", "--journal", "j.db", "task.lua", "use token-12345-abcdef",
            ]
            #expect(try await command.run(words).status == 0)
            for name in ["j.db", "j.db-wal"] where command.folder.exists(name) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: command.folder.path + "/" + name))
                #expect(bytes.range(of: Data("token-12345-abcdef".utf8)) == nil)
                #expect(bytes.range(of: Data("secret-key".utf8)) == nil)
            }
        }
    }
}
