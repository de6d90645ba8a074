// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// `agent batch FILE.jsonl task.lua`: each item once, whatever ends the command meanwhile.
@Suite struct BatchRunCommandTests {
    private static let agent = #"return require("agent").new { model = "openai:x" }"#
    private static let files = [
        "task.lua": agent,
        "in.jsonl": "\"say a\"\n\n{\"id\":\"b\",\"prompt\":\"break\"}\n{\"id\":7,\"input\":\"say c\"}\n"
            + "{\"messages\":[{\"role\":\"user\",\"content\":\"say d\"}]}\n",
    ]

    /// `say X` is answered with X, `break` with an error.
    private static func answer(_ request: FakeRequest) -> FakeReply {
        let text = (try? request.json)?["messages"]?.arrayValue?.last?["content"]?.stringValue ?? ""
        if text == "break" { return .json(["message": "no such thing"], status: 400) }
        return .completion(String(text.dropFirst(4)))
    }

    private func items(_ output: String) throws -> [JSONValue] {
        try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    // MARK: - Results

    @Test func resultsComeInTheOrderOfTheInputWithTheirErrors() async throws {
        let (outcome, requests, _) = try await Command.served(["batch", "in.jsonl", "task.lua"], files: Self.files) {
            Self.answer($0)
        }
        #expect(outcome.status == 1)
        #expect(requests.count == 4)
        let lines = try items(outcome.out)
        #expect(lines.map { $0["index"] } == [0, 1, 2, 3])
        #expect(lines.map { $0["id"] } == [nil, "b", 7, nil])
        #expect(lines.map { $0["text"] } == ["a", nil, "c", "d"])
        #expect(lines[0]["usage"]?["total_tokens"] == 18)
        #expect(lines[1]["error"]?["code"] == "model")
        #expect(lines[1]["error"]?["message"]?.stringValue?.contains("no such thing") == true)
        #expect(outcome.err.contains("batch: 4/4"), "\(outcome.err)")
        #expect(outcome.err.hasSuffix("agent: 1 of 4 items failed; do them again with --retry-errors\n"))
    }

    @Test func whatIsFinishedIsNotDoneAgainAndErrorsOnlyOnDemand() async throws {
        try await FakeModelServer.with(reply: { Self.answer($0) }) { server in
            let command = try Command(server: server)
            for (name, text) in Self.files { try command.folder.write(text, to: name) }
            let first = try await command.run(["batch", "in.jsonl", "task.lua", "-q"])
            let second = try await command.run(["batch", "in.jsonl", "task.lua", "-q", "-o", "out.jsonl"])
            #expect(second.status == 1 && second.out == "")
            #expect(try command.folder.read("out.jsonl") == first.out)
            #expect(server.requests.count == 4)
            let third = try await command.run(["batch", "in.jsonl", "task.lua", "--retry-errors"])
            #expect(third.out == first.out)
            #expect(third.err.hasPrefix("agent: doing 1 failed item again\nagent: going on: 3 of 4"), "\(third.err)")
            #expect(server.requests.count == 5)
            let fresh = try await command.run(["batch", "in.jsonl", "task.lua", "--fresh"])
            #expect(fresh.out == first.out)
            #expect(server.requests.count == 9)
        }
    }

    @Test func aTaskThatWorksItselfGetsTheLineAndAStateOfItsOwn() async throws {
        let task = """
            local agent = require "agent"
            print("working on " .. arg[1])
            count = (count or 0) + 1
            local item = agent.json.decode(arg[1])
            if not item then return arg[1] .. count end
            if item.bad then error("bad item", 0) end
            return { n = item.n, count = count }
            """
        let command = try Command()
        try command.folder.write(task, to: "task.lua")
        try command.folder.write("\"x\"\n{\"n\":5}\n{\"bad\":true}\n", to: "in.jsonl")
        let outcome = try await command.run(["batch", "in.jsonl", "task.lua", "--width", "1"])
        #expect(outcome.status == 1)
        #expect(
            outcome.out == """
                {"index":0,"output":"x1"}
                {"index":1,"output":{"count":1,"n":5}}
                {"index":2,"error":{"code":"script","message":"task.lua: bad item"}}

                """, "\(outcome.out)")
        #expect(outcome.err.contains("working on {\"n\":5}"))
    }

    @Test func whatWouldEndEachItemEndsTheBatch() async throws {
        let command = try Command()
        try command.folder.write("\"x\"\n\"y\"\n", to: "in.jsonl")
        for (task, status, message) in [
            ("return (", 1, "unexpected symbol"),
            ("return require 'agent'.http.get 'http://x.test/'", 7, "--allow-net"),
            (#"return require("agent").new { model = "mistral-small-latest" }"#, 3, "MISTRAL_API_KEY"),
            (#"return require("agent").tool { name = "t", run = print }"#, 2, "holds tools"),
        ] {
            try command.folder.write(task, to: "task.lua")
            let outcome = try await command.run(["batch", "in.jsonl", "task.lua", "--fresh"])
            #expect(outcome.status == status, "\(outcome.err)")
            #expect(outcome.err.contains(message) && outcome.out.isEmpty, "\(outcome.err)")
            #expect(outcome.err.contains("0 of 2 items are finished"), "\(outcome.err)")
        }
    }

    @Test func wrongLinesStopItBeforeAnythingIsSent() async throws {
        let (outcome, requests, _) = try await Command.served(
            ["batch", "in.jsonl", "task.lua"],
            files: [
                "task.lua": Self.agent,
                "in.jsonl": "\"x\"\n5\n{\"prompt\":1}\n{\"prompt\":\"a\",\"input\":\"b\"}\nno\n",
            ]
        ) { Self.answer($0) }
        #expect(outcome.status == 2 && requests.isEmpty)
        #expect(
            outcome.err.hasPrefix(
                """
                agent: nothing was sent:
                in.jsonl:2: expected a prompt or an object, found integer
                in.jsonl:3: /prompt: expected a string, found integer
                in.jsonl:4: expected one of /prompt, /input, found both
                in.jsonl:5: 
                """), "\(outcome.err)")
    }

    @Test(arguments: [("in.jsonl", "\"say z\"\n"), ("task.lua", agent + " -- other")])
    func anotherInputOrTaskIsRefused(name: String, content: String) async throws {
        try await FakeModelServer.with(reply: { Self.answer($0) }) { server in
            let command = try Command(server: server)
            for (name, text) in Self.files { try command.folder.write(text, to: name) }
            _ = try await command.run(["batch", "in.jsonl", "task.lua"])
            try command.folder.write(content, to: name)
            let refused = try await command.run(["batch", "in.jsonl", "task.lua"])
            #expect(refused.status == 2 && refused.out.isEmpty)
            #expect(refused.err.contains("\(name) has changed since this batch began, and 4 items are finished"))
            #expect(refused.err.contains("--fresh"))
            let other = try await command.run(["batch", "in.jsonl", "task.lua", "--state", "own.sqlite"])
            #expect(other.status != 2 && command.folder.names.contains("own.sqlite"))
        }
    }

    @Test func otherSettingsAreRefusedByName() async throws {
        let command = try Command()
        try command.folder.write("return arg[1]", to: "task.lua")
        try command.folder.write("\"x\"\n", to: "in.jsonl")
        _ = try await command.run(["batch", "in.jsonl", "task.lua", "--turns", "3"])
        let refused = try await command.run(["batch", "in.jsonl", "task.lua", "--temperature", "1"])
        #expect(refused.status == 2)
        #expect(refused.err.contains("other settings (temperature, turns)"), "\(refused.err)")
    }

    // MARK: - Ends

    @Test(arguments: [(Signal.kill, Int32(-1)), (.interrupt, 130)])
    func eachItemIsInTheOutputOnceHoweverOftenItIsEnded(signal: Signal, status: Int32) async throws {
        let count = 60, width = 4
        let stops = Stops(at: [20, 40])
        try await FakeModelServer.with(reply: {
            await stops.pass()
            return Self.answer($0)
        }) { server in
            let command = try Command(server: server)
            try command.folder.write(Self.agent, to: "task.lua")
            let lines = (0..<count).map { "{\"id\":\($0),\"prompt\":\"say \($0)\"}\n" }
            try command.folder.write(lines.joined(), to: "in.jsonl")
            let arguments = ["batch", "in.jsonl", "task.lua", "--width", String(width)]
            for _ in 0..<2 {
                let ended = try await command.run(arguments, ending: signal) { await stops.reached() }
                #expect(ended == status)
                await stops.goOn()
            }
            let outcome = try await command.run(arguments)
            #expect(outcome.status == 0, "\(outcome.err)")
            let results = try items(outcome.out)
            #expect(results.map { $0["index"] } == (0..<count).map { .integer(Int64($0)) })
            #expect(results.map { $0["text"]?.stringValue } == (0..<count).map { String($0) })
            // Only what was in hand is asked again.
            #expect(server.requests.count <= count + 2 * width, "\(server.requests.count)")
            #expect(outcome.err.contains("items were finished before"), "\(outcome.err)")
        }
    }

    @Test func twoAtOnceAreOneTooMany() async throws {
        let stops = Stops(at: [1])
        try await FakeModelServer.with(reply: {
            await stops.pass()
            return Self.answer($0)
        }) { server in
            let command = try Command(server: server)
            for (name, text) in Self.files { try command.folder.write(text, to: name) }
            let arguments = ["batch", "in.jsonl", "task.lua"]
            let refused = Mutex<Outcome?>(nil)
            _ = try await command.run(arguments, ending: .kill) {
                await stops.reached()
                let second = try await command.run(arguments)
                refused.withLock { $0 = second }
            }
            await stops.goOn()
            let found = refused.withLock { $0 }
            let second = try #require(found)
            #expect(second.status == 2)
            #expect(second.err.contains("another agent batch is at work on it"), "\(second.err)")
        }
    }
}
