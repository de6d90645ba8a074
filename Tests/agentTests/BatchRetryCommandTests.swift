// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import Testing

/// Items of a batch that have no answer, or none that counts: what they did is not done twice.
@Suite struct BatchRetryCommandTests {
    /// A tool that saves what it is told. `MORE` is what the agent has beside it, and `END` what is made of the agent.
    private static let saving = """
        local agent = require "agent"
        local save = agent.tool {
          name = "save", parameters = { n = agent.schema.integer {} }, MORE
          run = function(args) assert(agent.fs.append("saved.txt", args.n .. "\\n")) return { saved = args.n } end,
        }
        local settings = { model = "mistral-small-latest", tools = { save }, max_tokens = 200, limits = LIMITS }
        """

    private static func script(_ end: String, limits: String = "{}", more: String = "") -> String {
        saving.replacing("LIMITS", with: limits).replacing("MORE", with: more) + "\n" + end
    }

    /// `N` is answered with a call of `save` with N, of 60,000 tokens ($0.009), and its result with an answer.
    private static func dear(_ request: FakeRequest) -> FakeReply {
        let messages = (try? request.json)?["messages"]?.arrayValue ?? []
        let text = messages.first { $0["role"] == "user" }?["content"]?.stringValue ?? ""
        if messages.contains(where: { $0["role"] == "tool" }) { return .completion("saved \(text)") }
        let call: JSONValue = [
            "id": "call00000", "type": "function",
            "function": ["name": "save", "arguments": .string("{\"n\":\(text)}")],
        ]
        return .json([
            "id": "x", "object": "chat.completion", "created": 1, "model": "mistral-small-latest",
            "choices": [
                [
                    "index": 0, "finish_reason": "tool_calls",
                    "message": ["role": "assistant", "content": "", "tool_calls": [call]],
                ]
            ],
            "usage": ["prompt_tokens": 60_000, "completion_tokens": 10, "total_tokens": 60_010],
        ])
    }

    private let words = BatchFolder.words

    // MARK: - Money

    @Test(arguments: [
        "return agent.new(settings)",
        // The script takes what there is for an answer.
        "local reply = assert(agent.ask(arg[1], settings)) agent.random(1, 2) return reply.text",
    ])
    func theLimitOfTheCommandEndsTheBatchAndItemsGoOnWithMoreMoney(end: String) async throws {
        try await FakeModelServer.with(reply: { Self.dear($0) }) { server in
            let command = try BatchFolder.command(server, Self.script(end), items: 0..<3)
            let ended = try await command.run(words + ["--width", "1", "--usd", "0.00905"])
            #expect(ended.status == 5, "\(ended.err)")
            #expect(ended.err.contains("the limit of $0.00905 (usd) is reached"), "\(ended.err)")
            #expect(ended.err.contains("0 of 3 items are finished"), "\(ended.err)")
            #expect(ended.out.isEmpty)
            let outcome = try await command.run(words + ["--usd", "1"])
            #expect(outcome.status == 0, "\(outcome.err)")
            #expect(
                try BatchFolder.items(outcome.out).map { $0["text"] ?? $0["output"] } == [
                    "saved 0", "saved 1", "saved 2",
                ])
            #expect(BatchFolder.saved(command).sorted() == ["0", "1", "2"])
        }
    }

    @Test func whatAScriptDidAfterTheLimitIsNotDoneAgainAndIsNoAnswer() async throws {
        try await FakeModelServer.with(reply: { Self.dear($0) }) { server in
            let end = #"agent.ask(arg[1], settings) assert(agent.fs.append("saved.txt", "after\n")) return "fine""#
            let command = try BatchFolder.command(server, Self.script(end), items: 0..<1)
            #expect(try await command.run(words + ["--usd", "0.00905"]).status == 5)
            let outcome = try await command.run(words + ["--usd", "1"])
            #expect(outcome.status == 1, "\(outcome.err)")
            let error = try BatchFolder.items(outcome.out).first?["error"]
            #expect(error != nil, "\(outcome.out)")
            #expect(BatchFolder.saved(command) == ["0", "after"])
        }
    }

    @Test func anAgentsOwnLimitIsAResultAndItsEffectsAreNotDoneAgainUnasked() async throws {
        try await FakeModelServer.with(reply: { Self.dear($0) }) { server in
            let task = Self.script("return agent.new(settings)", limits: "{ usd = 0.00905 }")
            let command = try BatchFolder.command(server, task, items: 0..<2)
            let first = try await command.run(words + ["--usd", "1"])
            #expect(first.status == 1, "\(first.err)")
            #expect(try BatchFolder.items(first.out).map { $0["error"]?["code"] } == ["limit", "limit"])
            let second = try await command.run(words + ["--usd", "1", "--retry-errors"])
            #expect(second.out == first.out)
            #expect(second.err.contains("2 failed items are left as before"), "\(second.err)")
            #expect(BatchFolder.saved(command).sorted() == ["0", "1"])
            let redone = try await command.run(words + ["--usd", "1", "--retry-errors", "--redo"])
            #expect(redone.status == 1)
            #expect(BatchFolder.saved(command).sorted() == ["0", "0", "1", "1"])
        }
    }

    // MARK: - Errors

    @Test func anEffectBesideAModelThatFailedIsNotDoneAgainUnasked() async throws {
        let task = """
            local agent = require "agent"
            agent.map({ 1, 2 }, function(i)
              if i == 1 then return assert(agent.ask("go", { model = "openai:x" })).text end
              assert(agent.fs.append("saved.txt", "x\\n"))
            end)
            return "fine"
            """
        let isDown = Stops.Switch(true)
        try await FakeModelServer.with(reply: { _ in
            isDown.isOn ? .json(["message": "bad luck"], status: 400) : .completion("fine")
        }) { server in
            let command = try BatchFolder.command(server, task, items: 0..<1)
            let first = try await command.run(words)
            #expect(first.status == 1, "\(first.err)")
            isDown.isOn = false
            let second = try await command.run(words + ["--retry-errors"])
            // Where the effect came first, there is nothing behind the model and it is asked again.
            if second.status == 1 {
                #expect(second.out == first.out)
                #expect(second.err.contains("1 failed item is left as before"), "\(second.err)")
            }
            #expect(BatchFolder.saved(command) == ["x"])
        }
    }

    @Test func aScriptThatHandledAFailedModelAndStoppedLaterBeginsAnew() async throws {
        let task = """
            local agent = require "agent"
            local first = assert(agent.ask("one", { model = "openai:x" })).text
            local second = agent.ask("two", { model = "openai:x" })
            local n = agent.random(1, 10)
            return first .. (second or error("no answer", 0)).text
            """
        let isDown = Stops.Switch(true)
        try await FakeModelServer.with(reply: { request in
            let text = (try? request.json)?["messages"]?.arrayValue?.last?["content"]?.stringValue ?? ""
            return text == "two" && isDown.isOn ? .json(["message": "bad luck"], status: 400) : .completion(text)
        }) { server in
            let command = try BatchFolder.command(server, task, items: 0..<1)
            #expect(try await command.run(words).status == 1)
            isDown.isOn = false
            let outcome = try await command.run(words + ["--retry-errors"])
            #expect(try BatchFolder.items(outcome.out).map { $0["output"] } == ["onetwo"])
            #expect(server.requests.count == 4)
        }
    }

    @Test func aRunThatIsKeptIsWhatItCameToInTheEnd() async throws {
        let isDown = Stops.Switch(true)
        try await FakeModelServer.with(reply: { request in
            isDown.isOn ? .json(["message": "bad luck"], status: 400) : Self.dear(request)
        }) { server in
            let command = try BatchFolder.command(server, Self.script("return agent.new(settings)"), items: 0..<1)
            let words = words + ["--journal", "runs.db"]
            #expect(try await command.run(words).status == 1)
            let before = try await command.run(["runs", "--journal", "runs.db", "--json"])
            #expect(before.out.contains("\"failed\""), "\(before.out)")
            isDown.isOn = false
            #expect(try await command.run(words + ["--retry-errors"]).status == 0)
            let after = try await command.run(["runs", "--journal", "runs.db", "--json"])
            #expect(after.out.split(separator: "\"command\":\"batch\"").count == 2, "\(after.out)")
            #expect(after.out.contains("\"done\"") && !after.out.contains("\"failed\""), "\(after.out)")
            let shown = try await command.run(["show", "--journal", "runs.db", "last"])
            #expect(shown.out.contains("saved 0"), "\(shown.out)\(shown.err)")
        }
    }

    // MARK: - Keys, and what is kept

    @Test func itemsSideBySideWithOneKeyHaveOneResult() async throws {
        try await FakeModelServer.with(reply: { Self.dear($0) }) { server in
            let once = #"once = function() return "the only one" end, effect = "final","#
            let task = Self.script("local result = assert(save { n = 1 }) return result", more: once)
            let command = try BatchFolder.command(server, task, items: 0..<8)
            let outcome = try await command.run(words + ["--yes"])
            #expect(outcome.status == 0, "\(outcome.err)\(outcome.out)")
            #expect(try BatchFolder.items(outcome.out).map { $0["output"] } == Array(repeating: ["saved": 1], count: 8))
            #expect(BatchFolder.saved(command) == ["1"])
        }
    }

    @Test func theSystemPromptIsNotInTheFile() async throws {
        let command = try Command()
        try command.folder.write("return arg[1]", to: "task.lua")
        try command.folder.write("\"x\"\n", to: "in.jsonl")
        let words = ["batch", "in.jsonl", "task.lua", "--state", "own.sqlite", "--system"]
        #expect(try await command.run(words + ["a word to keep"]).status == 0)
        for name in command.folder.names where name.hasPrefix("own.sqlite") {
            let file = try Data(contentsOf: URL(fileURLWithPath: command.folder.path + "/" + name))
            #expect(file.range(of: Data("a word to keep".utf8)) == nil, "\(name)")
        }
        let refused = try await command.run(words + ["another"])
        #expect(refused.status == 2)
        #expect(refused.err.contains("other settings (system)"), "\(refused.err)")
    }
}
