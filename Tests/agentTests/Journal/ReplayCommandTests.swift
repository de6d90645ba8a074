// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

/// `agent replay` on a machine that has neither the keys nor the models of then.
@Suite struct ReplayCommandTests {
    /// Records a run, takes key and server away, and replays it.
    private func replayed(
        _ words: [String], _ script: String? = nil, reply: @escaping @Sendable (FakeRequest) async -> FakeReply
    ) async throws -> (first: Outcome, again: Outcome) {
        var (command, first): (Command, Outcome) = try await FakeModelServer.with(reply: reply) { server in
            let command = try Command(server: server)
            if let script { try command.folder.write(script, to: "task.lua") }
            return (command, try await command.run(words))
        }
        for name in ["MISTRAL_API_KEY", "MISTRAL_SERVER_URL", "OPENAI_BASE_URL"] { command.variables[name] = nil }
        return (first, try await command.run(["replay"]))
    }

    @Test(arguments: [[], ["--model", "openai:mistral-small-latest"], ["--model", "ministral-8b-latest"]])
    func whatItCostIsToldAgain(model: [String]) async throws {
        let (first, again) = try await replayed(["ask", "--json"] + model + ["hi"]) { _ in .stream(["yes"]) }
        #expect(first.status == 0, "\(first.err)")
        #expect(again.out == first.out, "\(again.err)")
        let cost = try JSONValue(parsing: first.out)["usage"]?["cost"]
        #expect((cost == nil) == (model.last?.hasPrefix("openai") == true), "a price is that of the provider")
    }

    @Test func aLimitOfMoneyNeedsNoKeyEither() async throws {
        let (first, again) = try await replayed(["ask", "--usd", "0.01", "hi"]) { _ in .stream(["yes"]) }
        #expect((first.status, first.out) == (0, "yes\n"), "\(first.err)")
        #expect((again.status, again.out) == (0, "yes\n"), "\(again.err)")
    }

    /// What a service cost is not there for the model; nor is it in the replay.
    @Test func whatAServiceTookOfALimitIsTakenAgain() async throws {
        let script = """
            local agent = require "agent"
            local v = assert(agent.embed({ "one", "two" }, { model = "mistral-embed" }))
            return assert(agent.ask("hi", { model = "mistral-small-latest" })).text
            """
        let (first, again) = try await replayed(["run", "--usd", "0.01", "task.lua"], script) { request in
            guard request.path == "/v1/embeddings" else { return .completion("yes") }
            let data: [JSONValue] = [0, 1].map { ["index": .integer($0), "embedding": [1.0, 0.0]] }
            return .json([
                "model": "mistral-embed", "data": .array(data),
                "usage": ["prompt_tokens": 50_000, "total_tokens": 50_000],
            ])
        }
        #expect((first.status, first.out) == (0, "yes\n"), "\(first.err)")
        #expect((again.status, again.out) == (0, "yes\n"), "\(again.err)")
    }

    /// What was not replayed has not drifted.
    @Test(arguments: ["replay", "resume"])
    func aRunOfACommandThatCannotBeRunAgainIsRefusedAndNotCalledDrift(word: String) async throws {
        try await FakeModelServer.with(reply: { _ in .completion("yes") }) { server in
            let command = try Command(server: server)
            try command.folder.write("return require('agent').new { model = 'openai:x' }", to: "task.lua")
            try command.folder.write("\"one\"\n", to: "in.jsonl")
            let batch = try await command.run(["batch", "--journal", "runs.db", "in.jsonl", "task.lua"])
            #expect(batch.status == 0, "\(batch.err)")
            let refused = try await command.run([word, "last", "--journal", "runs.db"])
            #expect((refused.status, refused.out) == (2, ""))
            #expect(
                refused.err.contains("was made by agent batch, which cannot be run again"), "\(refused.err)")
        }
    }

    @Test func aReplayThatCannotBeginSaysWhy() async throws {
        let command = try Command()
        try command.folder.write("return require('agent').uuid()", to: "task.lua")
        #expect(try await command.run(["run", "task.lua"]).status == 0)
        for (name, says) in [("--nonsense", "--nonsense"), ("--lua-memory=x", "--lua-memory")] {
            let refused = try await command.run(["replay", "last", name])
            #expect(refused.status == 2, "\(refused.err)")
            #expect(refused.err.contains(says) && !refused.err.contains("recorded;"), "\(refused.err)")
        }
    }

    @Test(arguments: ["replay", "resume"])
    func withoutAJournalThereIsNothingToRunAgain(command: String) async throws {
        let refused = try await Command().run([command, "--no-journal"])
        #expect(refused.status == 2)
        #expect(refused.err.contains("--no-journal: what was not recorded cannot be run again"), "\(refused.err)")
    }

    @Test func aFileThatIsNoDatabaseIsNotAJournalAndIsLeftAlone() async throws {
        let command = try Command()
        let script = "return require('agent').uuid()\n" + String(repeating: "-- more\n", count: 1000)
        for text in [script, "x"] {
            try command.folder.write(script, to: "task.lua")
            try command.folder.write(text, to: "other.lua")
            for words in [["run", "--journal", "other.lua", "task.lua"], ["replay", "--journal", "other.lua"]] {
                let refused = try await command.run(words)
                #expect(refused.status == 3)
                #expect(
                    refused.err.contains(
                        "other.lua is not a journal of agent: it is no SQLite database; name another file"),
                    "\(refused.err)")
                #expect(!refused.err.contains("mv"))
            }
            #expect(try command.folder.read("other.lua") == text)
        }
    }

    /// A text that reads as a number stays a text, the first time and later.
    @Test func aKeyGivesATextBackAsItWas() async throws {
        let command = try Command()
        try command.folder.write(
            """
            local agent = require "agent"
            local results = { "42", "true", '{"a":1}', '"quoted"', "plain", 42, 1.0, { a = 1 } }
            local give = agent.tool {
              name = "give", parameters = { n = agent.schema.integer {} },
              once = function(args) return "key-" .. args.n end,
              run = function(args) return results[args.n] end,
            }
            local list = agent.json.array {}
            for n = 1, #results do list[n] = give { n = n } end
            return list
            """, to: "task.lua")
        let wanted = #"["42","true","{\"a\":1}","\"quoted\"","plain",42,1.0,{"a":1}]"# + "\n"
        for words in [["run", "task.lua"], ["run", "task.lua"], ["replay"], ["resume"]] {
            let outcome = try await command.run(words)
            #expect((outcome.status, outcome.out) == (0, wanted), "\(words): \(outcome.err)")
        }
    }

    @Test func aJournalWithoutANameIsAMistakeOfTheCommand() async throws {
        let command = try Command()
        let outcome = try await command.run(["run", "--journal", "", "task.lua"])
        #expect(outcome.status == 2)
        #expect(outcome.err.contains("--journal: expected the name of a file, found an empty one"), "\(outcome.err)")
    }
}
