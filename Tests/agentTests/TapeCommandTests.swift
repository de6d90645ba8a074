// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

/// `agent test --record`, and what becomes of tapes.
@Suite struct TapeCommandTests {
    private static let tape = "tapes/shop/tells-the-price.jsonl"

    private static let task = """
        local agent = require "agent"
        local price = agent.tool {
          name = "price", effect = "read", parameters = { what = agent.schema.string {} },
          run = function(args)
            return { euros = agent.json.decode(agent.fs.read("prices.json"))[args.what], at = agent.now(), n = agent.random(1, 1000000) }
          end,
        }
        return agent.new { model = "mistral-small-latest", tools = { price } }
        """
    private static let test = """
        local agent = require "agent"
        agent.test("tells the price", { allow = { read = { "prices.json" } } }, function(t)
          local run = t:run("shop.lua", "What is tea?")
          t:called(run, "price", { what = "tea" })
          t:equal(run.tool_calls[1].result.euros, 4)
          t:equal(run.text, "It is 4 euros.")
        end)
        """

    /// Asks for the tool once, then answers.
    @Sendable private static func answer(_ request: FakeRequest) -> FakeReply {
        let json = try? request.json
        let streams = json?["stream"] == true
        let messages = json?["messages"]?.arrayValue ?? []
        if messages.last?["role"] == "tool" {
            return streams ? .stream(["It is ", "4 euros."]) : .completion("It is 4 euros.")
        }
        let calls = [FakeCall(name: "price", arguments: #"{"what":"tea"}"#)]
        return streams ? .stream(calls: calls) : .completion(calls: calls)
    }

    /// A folder with the task, its test and its tape, and what recording it said and asked.
    private func recorded(
        task: String = task, test: String = test
    ) async throws -> (command: Command, outcome: Outcome, requests: Int) {
        let server = try await FakeModelServer.start { Self.answer($0) }
        var command = try Command(server: server)
        try command.folder.write(task, to: "shop.lua")
        try command.folder.write(test, to: "shop_test.lua")
        try command.folder.write(#"{"tea":4,"tin":9}"#, to: "prices.json")
        let outcome = try await command.run(["test", "--record", "--timeout", "3600"])
        await server.shutdown()
        // From now on there is neither a server nor a key.
        for name in ["OPENAI_BASE_URL", "MISTRAL_SERVER_URL", "MISTRAL_API_KEY"] { command.variables[name] = nil }
        return (command, outcome, server.requests.count)
    }

    @Test func aTapeIsRecordedOnceAndReplayedWithoutServerKeyOrFiles() async throws {
        let (command, outcome, requests) = try await recorded()
        #expect(outcome.status == 0, "\(outcome.out)\(outcome.err)")
        #expect(outcome.out.contains("      recorded \(Self.tape)\n"), "\(outcome.out)")
        #expect(requests == 2)
        try FileManager.default.removeItem(atPath: command.folder.path + "/prices.json")
        for _ in 0..<3 {
            let replayed = try await command.run(["test"])
            #expect(replayed.status == 0, "\(replayed.out)\(replayed.err)")
            #expect(replayed.out.contains("1 passed (3 checks"))
        }
        let tape = try command.folder.read(Self.tape)
        #expect(tape.contains("secret-key") == false)
        #expect(tape.contains(command.folder.path) == false)
    }

    @Test func aScriptThatAsksForTheSameMayChange() async throws {
        let (command, _, _) = try await recorded()
        try command.folder.write("-- a comment\n" + Self.task, to: "shop.lua")
        #expect(try await command.run(["test"]).status == 0)
    }

    @Test func aMissShowsTheNearestRecordingAndWhatToDo() async throws {
        let (command, _, _) = try await recorded()
        try command.folder.write(Self.test.replacing("What is tea?", with: "What is a tin?"), to: "shop_test.lua")
        let outcome = try await command.run(["test"])
        #expect(outcome.status == 1)
        #expect(
            outcome.out.contains(
                """
                      shop_test.lua:3: \(Self.tape): the run asks for
                """.trimmingCharacters(in: .whitespaces)), "\(outcome.out)")
        #expect(outcome.out.contains(#"recorded "What is tea?", now "What is a tin?""#), "\(outcome.out)")
        #expect(outcome.out.contains("if that is meant, record it again: agent test --record=all"), "\(outcome.out)")
    }

    @Test func anotherModelIsAMiss() async throws {
        let (command, _, _) = try await recorded()
        try command.folder.write(Self.task.replacing("mistral-small", with: "mistral-large"), to: "shop.lua")
        let outcome = try await command.run(["test"])
        #expect(outcome.status == 1)
        #expect(outcome.out.contains(#"recorded "mistral-small-latest", now "mistral-large-latest""#), "\(outcome.out)")
    }

    @Test func aTapeThatIsNotUsedUpFails() async throws {
        let (command, _, _) = try await recorded()
        let shorter = Self.task.replacing(", at = agent.now(), n = agent.random(1, 1000000)", with: "")
        try command.folder.write(shorter, to: "shop.lua")
        let outcome = try await command.run(["test"])
        #expect(outcome.status == 1)
        #expect(outcome.out.contains(Self.tape), "\(outcome.out)")
    }

    @Test func withoutATapeNothingIsAsked() async throws {
        let served = try await Command.served(
            ["test"], files: ["shop.lua": Self.task, "shop_test.lua": Self.test, "prices.json": "{}"],
            reply: { Self.answer($0) })
        #expect(served.outcome.status == 1)
        #expect(
            served.outcome.out.contains("there is no tape \(Self.tape); record it with: agent test --record"),
            "\(served.outcome.out)")
        #expect(served.requests.isEmpty)
        #expect(served.folder.names.contains("tapes") == false)
    }

    @Test func aBrokenTapeIsNamedWithItsLine() async throws {
        let (command, _, _) = try await recorded()
        try command.folder.write("{}\n{", to: Self.tape)
        let outcome = try await command.run(["test"])
        #expect(outcome.status == 1)
        #expect(outcome.out.contains("\(Self.tape):1"), "\(outcome.out)")
    }

    @Test func recordingKeepsTapesThatAreThereUnlessAllAreMeant() async throws {
        let server = try await FakeModelServer.start { Self.answer($0) }
        let command = try Command(server: server)
        try command.folder.write(Self.task, to: "shop.lua")
        try command.folder.write(Self.test, to: "shop_test.lua")
        try command.folder.write(#"{"tea":4}"#, to: "prices.json")
        var counts: [Int] = []
        for arguments in [["--record"], ["--record=missing"], ["--record=all"], ["--live"], []] {
            let before = server.requests.count
            let outcome = try await command.run(["test"] + arguments)
            #expect(outcome.status == 0, "\(arguments): \(outcome.out)")
            counts.append(server.requests.count - before)
        }
        await server.shutdown()
        #expect(counts == [2, 0, 2, 2, 0])
    }

    @Test func whatAProviderCouldNotDoIsNotRecorded() async throws {
        let served = try await Command.served(
            ["test", "--record"], files: ["shop.lua": Self.task, "shop_test.lua": Self.test, "prices.json": "{}"]
        ) { _ in .json(["message": "no such key"], status: 401) }
        #expect(served.outcome.status == 1)
        #expect(served.outcome.out.contains("not recorded, because the run failed"), "\(served.outcome.out)")
        #expect(served.folder.names.contains("tapes") == false)
    }

    @Test func approvalsAndStreamsAreOnTheTape() async throws {
        let task = Self.task.replacing(#"effect = "read""#, with: "approve = true")
        let test = """
            local agent = require "agent"
            agent.test("tells the price", { allow = { read = { "prices.json" } }, approvals = "allow", stream = true }, function(t)
              local run = t:run("shop.lua", "What is tea?")
              t:approved(run, "price")
              t:equal(run.text, "It is 4 euros.")
            end)
            """
        let (command, outcome, _) = try await recorded(task: task, test: test)
        #expect(outcome.status == 0, "\(outcome.out)")
        try command.folder.write(test.replacing(#"approvals = "allow", "#, with: ""), to: "shop_test.lua")
        let replayed = try await command.run(["test"])
        #expect(replayed.status == 0, "\(replayed.out)")
    }
}
