// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import JSONCore
import Subprocess
import SystemPackage
import Testing

@Suite struct RunCommandTests {
    private let double = """
        local agent = require "agent"
        local double = agent.tool { name = "double", parameters = { n = agent.schema.integer {} }, effect = "read",
          run = function(args) return { n = args.n * 2 } end }
        return agent.new { model = "mistral:mock", tools = { double } }
        """

    private func conversation(turns: Int = 1) -> FakeConversation {
        FakeConversation(toolTurns: turns, tool: "double", arguments: #"{"n":21}"#, text: "It is 42.")
    }

    /// Runs `double` against a server that asks for one call, then answers.
    private func runDouble(_ flags: [String], turns: Int = 1) async throws -> (outcome: Outcome, command: Command) {
        let server = try await FakeModelServer.start(on: .loopback(port: 0), conversation: conversation(turns: turns))
        let command = try Command(server: server)
        try command.folder.write(double, to: "double.lua")
        let outcome = try await command.run(["run"] + flags + ["double.lua", "double", "21"])
        await server.shutdown()
        return (outcome, command)
    }

    @Test func stdoutIsTheAnswerAloneAndStderrShowsTheCalls() async throws {
        let outcome = try await runDouble([]).outcome
        #expect(outcome.status == 0)
        #expect(outcome.out == "It is 42.\n")
        #expect(outcome.err.contains("→ double {\"n\":21}"))
        #expect(outcome.err.contains("← double: {\"n\":42}"))
        #expect(outcome.err.contains("2 turns, 1 tool call, 22 + 14 tokens"))
        #expect(!outcome.err.contains("\u{1B}"), "no colours in a pipe")
    }

    @Test func quietShowsTheAnswerOnly() async throws {
        let outcome = try await runDouble(["-q"]).outcome
        #expect((outcome.out, outcome.err) == ("It is 42.\n", ""))
    }

    @Test func withoutStreamingTheAnswerIsTheSame() async throws {
        #expect(try await runDouble(["--no-stream"]).outcome.out == "It is 42.\n")
    }

    @Test func jsonIsOneObject() async throws {
        let outcome = try await runDouble(["--json"]).outcome
        let reply = try JSONValue(parsing: outcome.out)
        #expect(reply["text"] == "It is 42.")
        #expect(reply["tool_calls"]?[0]?["result"] == ["n": 42])
        #expect(outcome.out.filter { $0 == "\n" }.count == 1)
    }

    @Test func jsonLinesAreEventsThatEndInDone() async throws {
        let lines = try await runDouble(["--jsonl"]).outcome.out.split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
        let types = lines.compactMap { $0["type"]?.stringValue }
        #expect(types.first == "turn")
        #expect(types.last == "done")
        #expect(types.contains("tool_call") && types.contains("tool_result"))
        #expect(types.filter { $0 == "done" || $0 == "error" }.count == 1)
        #expect(lines.first { $0["type"] == "tool_result" }?["result"] == ["n": 42])
    }

    @Test func anOutputFileIsWrittenWhole() async throws {
        let (outcome, command) = try await runDouble(["-o", "answer.txt"])
        #expect(outcome.out.isEmpty)
        #expect(try command.folder.read("answer.txt") == "It is 42.\n")
        #expect(command.folder.names == ["answer.txt", "double.lua"], "no temporary file is left")
    }

    @Test func aDryRunPrintsTheRequestAndSendsNothing() async throws {
        let server = try await FakeModelServer.start { _ in FakeReply(status: 500, text: "never") }
        let command = try Command(server: server)
        try command.folder.write(double, to: "double.lua")
        let outcome = try await command.run(["run", "--dry-run", "double.lua", "hi"])
        #expect(outcome.status == 0)
        let request = try JSONValue(parsing: outcome.out)
        #expect(request["model"] == "mock")
        #expect(request["tools"]?[0]?["function"]?["name"] == "double")
        #expect(!outcome.out.contains("secret-key"))
        #expect(server.requests.isEmpty)
        await server.shutdown()
    }

    /// A script that ran its agent itself sent the request all the same.
    @Test func aDryRunOfAScriptThatWorksItselfSendsNothing() async throws {
        let server = try await FakeModelServer.start { _ in FakeReply(status: 500, text: "never") }
        let command = try Command(server: server)
        try command.folder.write("return require('agent').ask('hi', { model = 'openai:m' }).text", to: "s.lua")
        let outcome = try await command.run(["run", "--dry-run", "s.lua"])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(try JSONValue(parsing: outcome.out)["model"] == "m")
        #expect(server.requests.isEmpty)
        await server.shutdown()
    }

    /// The file that was there was replaced by half an answer.
    @Test func aFailedRunLeavesTheOutputFileAlone() async throws {
        let command = try Command()
        try command.folder.write("print('part') error('boom')", to: "s.lua")
        try command.folder.write("old", to: "out.txt")
        #expect(try await command.run(["run", "-o", "out.txt", "s.lua"]).status == 1)
        #expect(try command.folder.read("out.txt") == "old")
    }

    /// The model was asked and answered before the file turned out to be impossible: the answer was lost.
    @Test(arguments: ["none/answer.txt", "."])
    func anOutputFileThatCannotBeWrittenIsFoundBeforeTheRun(path: String) async throws {
        let server = try await FakeModelServer.start { _ in .completion("never") }
        let outcome = try await Command(server: server).run(["ask", "--model", "openai:m", "-o", path, "hi"])
        #expect(outcome.status == 3)
        #expect(outcome.err.contains("-o \(path)"), "\(outcome.err)")
        #expect(server.requests.isEmpty)
        await server.shutdown()
    }

    @Test func anAnswerThatCannotBeWrittenAfterAllIsShown() async throws {
        let server = try await FakeModelServer.start { _ in .completion("kept") }
        let arguments = ["ask", "--no-stream", "--model", "openai:m", "-o", "/proc/answer.txt", "hi"]
        let outcome = try await Command(server: server).run(arguments)
        #expect(outcome.status == 3)
        // As root the folder looks writable, so the answer comes first; anybody else is told before the run.
        #expect(outcome.out == (server.requests.isEmpty ? "" : "kept\n"))
        await server.shutdown()
    }

    /// These said what was wrong without the name of the file.
    @Test(arguments: ["\u{1B}Lua", "return 0/0", "return { 1, x = 2 }", "return require('agent').env('HOME')"])
    func anErrorWithoutALineStillNamesTheFile(source: String) async throws {
        let command = try Command()
        try command.folder.write(source, to: "s.lua")
        let outcome = try await command.run(["run", "s.lua"])
        #expect(outcome.status != 0)
        #expect(outcome.err.hasPrefix("agent: s.lua: "), "\(outcome.err)")
    }

    @Test func aFullDiskIsNotSuccess() async throws {
        let command = try Command()
        try command.folder.write("return 'text'", to: "s.lua")
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", "\(Command.path) run s.lua > /dev/full"],
            workingDirectory: FilePath(command.folder.path), output: .discarded, error: .string(limit: 4096))
        #expect(Command.code(result.terminationStatus) == 1)
        #expect(result.standardError.contains("No space left"))
    }

    @Test func aMissingKeyInsideARunHasItsExitCode() async throws {
        let command = try Command()
        try command.folder.write(
            "return require('agent').ask('x', { model = 'mistral-small-latest' }).text", to: "s.lua")
        let outcome = try await command.run(["run", "s.lua"])
        #expect(outcome.status == 3, "\(outcome.err)")
    }

    @Test func aLimitExitsWith5AndPrintsTheBestAnswer() async throws {
        let outcome = try await runDouble(["--turns", "1"], turns: 0).outcome
        #expect(outcome.status == 5)
        #expect(outcome.out == "It is 42.\n")
        #expect(outcome.err.contains("stopped by the limit of turns"))
    }

    @Test(arguments: [
        ("return 'text'", "text\n"), ("return { a = 1, b = { 1, 2 } }", "{\"a\":1,\"b\":[1,2]}\n"), ("local x = 1", ""),
        ("print('a', 1) io = nil", "a\t1\n"), ("return 1.0", "1.0\n"), ("return arg[0] .. arg[1] .. #arg", "s.luax2\n"),
    ])
    func aScriptPrintsWhatItReturns(source: String, out: String) async throws {
        let command = try Command()
        try command.folder.write(source, to: "s.lua")
        let outcome = try await command.run(["run", "s.lua", "x", "y"])
        #expect((outcome.status, outcome.out, outcome.err) == (0, out, ""))
    }

    @Test(arguments: [
        ("error('boom')", 1, "s.lua:1: boom"), ("local x =", 1, "s.lua:1:"), ("return nil .. 'x'", 1, "s.lua:1:"),
        ("return require('agent').env('HOME')", 7, "--allow-env=HOME"),
        ("return require('agent').new { model = 'mistral-small-latest' }", 3, "MISTRAL_API_KEY is not set"),
        ("return require('agent').new { model = 'gpt-17' }", 3, "unknown model \"gpt-17\""),
        ("return require('agent').new { model = 'openai:x' }", 3, "OPENAI_BASE_URL"),
    ])
    func aScriptThatFailsHasItsExitCode(source: String, status: Int, says: String) async throws {
        let command = try Command()
        try command.folder.write(source, to: "s.lua")
        let outcome = try await command.run(["run", "s.lua", "hi"])
        #expect(outcome.status == Int32(status), "\(outcome.err)")
        #expect(outcome.err.contains(says), "\(outcome.err)")
        #expect(outcome.out.isEmpty)
    }

    @Test(arguments: [
        [], ["run"], ["run", "none.lua"], ["run", "--no-such-flag", "s.lua"], ["ask"],
        ["run", "--turns", "0", "s.lua"],
        ["run", "--temperature", "9", "s.lua"], ["run", "--timeout", "1e300", "s.lua"],
        ["run", "--json", "--jsonl", "s.lua"], ["nonsense"],
    ])
    func wrongUsageExitsWith2(arguments: [String]) async throws {
        let command = try Command()
        try command.folder.write("return 1", to: "s.lua")
        let outcome = try await command.run(arguments)
        #expect(outcome.status == (arguments.isEmpty ? 0 : 2), "\(outcome.err)")
        if !arguments.isEmpty { #expect(outcome.out.isEmpty && !outcome.err.isEmpty) }
    }

    @Test func helpGoesToStdoutWithExit0() async throws {
        let outcome = try await Command().run(["run", "--help"])
        #expect(outcome.status == 0)
        #expect(outcome.out.contains("--allow-net"))
        #expect(outcome.err.isEmpty)
    }

    @Test func stdinIsReadForADashOnly() async throws {
        let server = try await FakeModelServer.start { request in
            .completion((try? request.json["messages"]?[0]?["content"]?.stringValue) ?? "")
        }
        let command = try Command(server: server)
        try command.folder.write("return require('agent').new { model = 'openai:m' }", to: "s.lua")
        #expect(try await command.run(["run", "--no-stream", "s.lua", "-"], input: "from stdin").out == "from stdin\n")
        #expect(try await command.run(["run", "--no-stream", "s.lua", "words"], input: "from stdin").out == "words\n")
        await server.shutdown()
    }

    @Test func aScriptReadsStdinByLines() async throws {
        let command = try Command()
        try command.folder.write(
            "local i = require('agent').stdin return { i:read 'l', i:read 'a', i:read 'l' == nil }", to: "s.lua")
        #expect(
            try await command.run(["run", "s.lua"], input: "one\ntwo\nthree\n").out
                == "[\"one\",\"two\\nthree\\n\",true]\n")
    }
}
