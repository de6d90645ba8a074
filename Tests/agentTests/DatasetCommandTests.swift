// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import JSONCore
import Testing

@Suite struct DatasetCommandTests {
    private let good = (0..<12).map {
        #"{"messages":[{"role":"user","content":"question \#($0)"},{"role":"assistant","content":"answer"}]}"# + "\n"
    }.joined()

    private func check(_ text: String, _ flags: [String] = []) async throws -> Outcome {
        let command = try Command()
        try command.folder.write(text, to: "a.jsonl")
        return try await command.run(["dataset", "check"] + flags + ["a.jsonl"])
    }

    @Test func validDataExitsWith0AndSaysWhatThereIs() async throws {
        let outcome = try await check(good)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out == "a.jsonl: 12 lines (instruct), 24 messages, 12 of them trained, valid\n")
    }

    @Test func faultsHaveTheirLineAndPlace() async throws {
        let outcome = try await check(good + #"{"messages":[{"role":"user","content":null}]}"# + "\n{\n")
        #expect(outcome.status == 4)
        let lines = outcome.out.split(separator: "\n")
        #expect(lines[0] == "a.jsonl:13: /messages/0: a message of the user without text in 'content' or 'text'")
        #expect(lines.contains { $0.hasPrefix("a.jsonl:14: not JSON: ") }, "\(lines)")
        #expect(lines.last?.hasSuffix("errors in 2 lines") == true, "\(lines)")
    }

    @Test func warningsAreToldApartAndDoNotCount() async throws {
        let outcome = try await check(good + good)
        #expect(outcome.status == 0)
        #expect(outcome.out.contains("a.jsonl:13: warning: the same as line 1\n"))
        #expect(try await check(good + good, ["-q"]).out.isEmpty)
    }

    @Test func jsonIsOneObjectAFile() async throws {
        let value = try JSONValue(parsing: try await check(good + "{}\n", ["--json"]).out)
        #expect(value["valid"] == false)
        #expect(value["errors"]?[0]?["line"] == 13)
        #expect(value["counts"]?["lines"] == 13)
        #expect(value["counts"]?["valid_lines"] == 12)
    }

    @Test func stdinAndAKindCanBeGiven() async throws {
        let command = try Command()
        let outcome = try await command.run(["dataset", "check", "--kind", "pretrain", "-"], input: good)
        #expect(outcome.status == 4)
        #expect(
            outcome.out.contains("-:1: a line of the kind instruct in a file of the kind pretrain"), "\(outcome.out)")
        #expect(try await command.run(["dataset", "check", "--kind", "x", "-"]).status == 2)
        #expect(try await command.run(["dataset", "check", "none.jsonl"]).status == 2)
    }

    @Test func aRecordedRunIsExportedAndFoundValid() async throws {
        let double = """
            local agent = require "agent"
            local double = agent.tool { name = "double", parameters = { n = agent.schema.integer {} }, effect = "read",
              run = function(args) return { n = args.n * 2 } end }
            return agent.new { model = "mistral:mock", instructions = "Be brief.", tools = { double } }
            """
        let conversation = FakeConversation(toolTurns: 1, tool: "double", arguments: #"{"n":21}"#, text: "It is 42.")
        let server = try await FakeModelServer.start(on: .loopback(port: 0), conversation: conversation)
        let command = try Command(server: server)
        try command.folder.write(double, to: "double.lua")
        for flag in ["--json", "--jsonl"] {
            let recorded = try await command.run(["run", flag, "double.lua", "double", "21"])
            try command.folder.write(recorded.out, to: "run\(flag)")
        }
        await server.shutdown()
        let outcome = try await command.run(
            ["dataset", "export", "./run--json", "./run--jsonl", "-o", "train.jsonl", "--system", "Be brief."])
        #expect(outcome.status == 0, "\(outcome.err)")
        let lines = try command.folder.read("train.jsonl").split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == lines[1])
        let messages = try JSONValue(parsing: String(lines[0]))["messages"]?.arrayValue ?? []
        #expect(messages.map { $0["role"] } == ["system", "user", "assistant", "tool", "assistant"])
        let checked = try await command.run(["dataset", "check", "train.jsonl"])
        #expect(checked.status == 0, "\(checked.out)")
    }

    @Test func aRunThatCannotBecomeALineIsNamedAndLeftOut() async throws {
        let command = try Command()
        let run =
            #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"finish_reason":"stop"}"#
        try command.folder.write(run + "\n" + run.replacing("stop", with: "length") + "\n", to: "runs.jsonl")
        let outcome = try await command.run(["dataset", "export", "runs.jsonl"])
        #expect(outcome.status == 4)
        #expect(outcome.out.split(separator: "\n").count == 1)
        #expect(outcome.err.contains("runs.jsonl:2: left out: the answer was not finished"), "\(outcome.err)")
    }
}
