// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import Testing

/// Items of a batch that were in hand when it ended: they go on where they were.
@Suite struct BatchItemRunTests {
    /// Saves what it is told, once for each call of its tool.
    private static let saving = """
        local agent = require "agent"
        local save = agent.tool {
          name = "save", parameters = { n = agent.schema.integer {} },
          run = function(args) assert(agent.fs.append("saved.txt", args.n .. "\\n")) return { saved = args.n } end,
        }
        return agent.new { model = "openai:x", tools = { save } }
        """

    /// `N` is answered with a call of `save` with N, and its result with an answer.
    private static func reply(_ request: FakeRequest) -> FakeReply {
        let messages = (try? request.json)?["messages"]?.arrayValue ?? []
        let text = messages.first { $0["role"] == "user" }?["content"]?.stringValue ?? ""
        if isAnswered(request) { return .completion("saved \(text)") }
        return .completion(calls: [FakeCall(id: "call00000", name: "save", arguments: "{\"n\":\(text)}")])
    }

    private static func isAnswered(_ request: FakeRequest) -> Bool {
        ((try? request.json)?["messages"]?.arrayValue ?? []).contains { $0["role"] == "tool" }
    }

    private let words = BatchFolder.words

    // MARK: - Killed

    @Test(arguments: [(Signal.kill, Int32(-1)), (.interrupt, 130)])
    func whatAnItemHasDoneIsNotDoneAgain(signal: Signal, status: Int32) async throws {
        // The first two requests are those of the first turns; the third comes when the effect of an item is over.
        let stops = Stops(at: [3])
        try await FakeModelServer.with(reply: {
            await stops.pass()
            return Self.reply($0)
        }) { server in
            let command = try BatchFolder.command(server, Self.saving, items: 0..<2)
            let ended = try await command.run(words + ["--width", "1"], ending: signal) {
                // The second item has begun, and waits for its second turn.
                await stops.reached()
            }
            #expect(ended == status)
            await stops.goOn()
            let before = BatchFolder.saved(command)
            let outcome = try await command.run(words)
            #expect(outcome.status == 0, "\(outcome.err)")
            #expect(try BatchFolder.items(outcome.out).map { $0["text"] } == ["saved 0", "saved 1"])
            #expect(before.count >= 1)
            #expect(BatchFolder.saved(command) == ["0", "1"])
        }
    }

    @Test func eachEffectHappensOnceHoweverOftenItIsKilled() async throws {
        let count = 60
        let stops = Stops(at: [25, 50, 75])
        try await FakeModelServer.with(reply: {
            await stops.pass()
            return Self.reply($0)
        }) { server in
            let command = try BatchFolder.command(server, Self.saving, items: 0..<count)
            for _ in 0..<3 {
                let ended = try await command.run(words, ending: .kill) { await stops.reached() }
                #expect(ended == -1)
                await stops.goOn()
            }
            let outcome = try await command.run(words)
            #expect(outcome.status == 0, "\(outcome.err)")
            let texts = try BatchFolder.items(outcome.out).map { $0["text"]?.stringValue }
            #expect(texts == (0..<count).map { "saved \($0)" })
            #expect(BatchFolder.saved(command).compactMap { Int($0) }.sorted() == Array(0..<count))
        }
    }

    @Test func withoutAJournalItIsDoneAgain() async throws {
        let stops = Stops(at: [2])
        try await FakeModelServer.with(reply: {
            await stops.pass()
            return Self.reply($0)
        }) { server in
            let command = try BatchFolder.command(server, Self.saving, items: 0..<1)
            let arguments = words + ["--no-journal"]
            _ = try await command.run(arguments, ending: .kill) { await stops.reached() }
            await stops.goOn()
            #expect(try await command.run(arguments).status == 0)
            #expect(BatchFolder.saved(command) == ["0", "0"])
        }
    }

    // MARK: - Doubts

    /// Posts what it is told. The kill comes while the server has the request in hand.
    private static func posting(_ server: FakeModelServer, _ more: String) -> String {
        """
        local agent = require "agent"
        local post = agent.tool {
          name = "save", parameters = { n = agent.schema.integer {} }, effect = "final", \(more)
          run = function(args)
            local res = assert(agent.http.post("\(server.url)/posted", { json = { n = args.n } }))
            return { status = res.status }
          end,
        }
        return agent.new { model = "openai:x", tools = { post } }
        """
    }

    private struct Post {
        var first: Outcome
        var second: Outcome
        var posted: Int
        var lastToolText: String
    }

    /// Kills the command while a request is posted, and runs it twice more.
    private func killedWhilePosting(_ more: String, _ flags: [String]) async throws -> Post {
        let stops = Stops(at: [1])
        return try await FakeModelServer.with(reply: {
            guard $0.path == "/posted" else { return Self.reply($0) }
            await stops.pass()
            return .json(["ok": true])
        }) { server in
            let command = try BatchFolder.command(server, Self.posting(server, more), items: 0..<1)
            let address = String(server.url.dropFirst("http://".count))
            let arguments = ["batch", "in.jsonl", "task.lua", "--allow-net=\(address)", "--yes"]
            _ = try await command.run(arguments, ending: .kill) { await stops.reached() }
            await stops.goOn()
            let first = try await command.run(arguments)
            let second = try await command.run(arguments + flags)
            let last = server.requests.last { $0.path.hasSuffix("/chat/completions") }
            let messages = (try last?.json)?["messages"]?.arrayValue ?? []
            return Post(
                first: first, second: second, posted: server.requests.count { $0.path == "/posted" },
                lastToolText: messages.last?["content"]?.stringValue ?? "")
        }
    }

    @Test func anEffectOfWhichNobodyKnowsIsAnErrorOfItsItemUntilItMayBeRedone() async throws {
        let post = try await killedWhilePosting("", ["--retry-errors"])
        #expect(post.first.status == 1)
        let error = try #require(try BatchFolder.items(post.first.out).first?["error"])
        #expect(error["code"] == "doubt")
        #expect(error["message"]?.stringValue?.contains("nobody knows whether it happened") == true)
        #expect(post.first.err.contains("--redo"), "\(post.first.err)")
        #expect(post.second.out == post.first.out)
        #expect(post.posted == 1)
        let redone = try await killedWhilePosting("", ["--retry-errors", "--redo"])
        #expect(redone.second.status == 0, "\(redone.second.err)")
        #expect(redone.posted == 2)
    }

    @Test func aToolThatRecoversIsAsked() async throws {
        let once = #"once = function(args) return "n" .. args.n end,"#
        let done = try await killedWhilePosting(once + #"recover = function() return { status = 299 } end,"#, [])
        #expect(done.first.status == 0, "\(done.first.err)")
        #expect((done.posted, done.lastToolText) == (1, "{\"status\":299}"))
        let unknown = try await killedWhilePosting(once, [])
        #expect(unknown.first.status == 0, "\(unknown.first.err)")
        #expect(unknown.posted == 1)
        #expect(unknown.lastToolText.contains("it is not known whether it was done"), "\(unknown.lastToolText)")
    }

    @Test func aKeyHoldsForAllItemsAndForRunsOfTheScript() async throws {
        try await FakeModelServer.with(reply: { $0.path == "/posted" ? .json(["ok": true]) : Self.reply($0) }) {
            server in
            let task = Self.posting(server, #"once = function() return "the only one" end,"#)
            let command = try BatchFolder.command(server, task, items: 0..<3)
            let flags = ["--allow-net=" + server.url.dropFirst("http://".count), "--yes"]
            let outcome = try await command.run(["batch", "in.jsonl", "task.lua", "--width", "1"] + flags)
            #expect(outcome.status == 0, "\(outcome.err)")
            let again = try await command.run(["batch", "in.jsonl", "task.lua", "--fresh"] + flags)
            #expect(again.status == 0, "\(again.err)")
            #expect(try await command.run(["run", "--no-stream"] + flags + ["task.lua", "5"]).status == 0)
            #expect(server.requests.count { $0.path == "/posted" } == 1)
        }
    }

    // MARK: - Errors that may go on

    @Test func anItemThatFailedAtTheProviderGoesOnThere() async throws {
        let isDown = Stops.Switch(true)
        try await FakeModelServer.with(reply: {
            if Self.isAnswered($0), isDown.isOn { return .json(["message": "bad luck"], status: 400) }
            return Self.reply($0)
        }) { server in
            let command = try BatchFolder.command(server, Self.saving, items: 0..<2)
            let failed = try await command.run(words)
            #expect(failed.status == 1)
            #expect(try BatchFolder.items(failed.out).map { $0["error"]?["code"] } == ["model", "model"])
            isDown.isOn = false
            let outcome = try await command.run(words + ["--retry-errors"])
            #expect(outcome.status == 0, "\(outcome.err)")
            #expect(BatchFolder.saved(command).sorted() == ["0", "1"])
            #expect(server.requests.count == 6)
        }
    }

    @Test func anItemThatWaitsForAnApprovalGoesOnWithIt() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let task = Self.saving.replacing("name = \"save\",", with: "name = \"save\", approve = true,")
            let command = try BatchFolder.command(server, task, items: 0..<2)
            let waiting = try await command.run(words)
            #expect(waiting.status == 1)
            #expect(try BatchFolder.items(waiting.out).map { $0["error"]?["code"] } == ["approval", "approval"])
            let outcome = try await command.run(words + ["--retry-errors", "--yes"])
            #expect(outcome.status == 0, "\(outcome.err)")
            #expect(BatchFolder.saved(command).sorted() == ["0", "1"])
            #expect(server.requests.count == 4)
        }
    }

    @Test func runsAreKeptWhereAFileIsNamedAndNowhereElse() async throws {
        try await FakeModelServer.with(reply: { Self.reply($0) }) { server in
            let command = try BatchFolder.command(server, Self.saving, items: 0..<2)
            let outcome = try await command.run(words + ["--journal", "runs.db"])
            #expect(outcome.status == 0, "\(outcome.err)")
            let kept = try await command.run(["runs", "--journal", "runs.db", "--json"])
            #expect(kept.out.split(separator: "\"command\":\"batch\"").count == 3, "\(kept.out)")
            let shown = try await command.run(["show", "--journal", "runs.db", "last"])
            #expect(shown.out.contains("saved 1") || shown.out.contains("saved 0"), "\(shown.out)\(shown.err)")
            let others = try await command.run(["runs", "--json"])
            #expect(!others.out.contains("batch"), "\(others.out)")
        }
    }
}
