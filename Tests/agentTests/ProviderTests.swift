// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import JSONCore
import Subprocess
import SystemPackage
import Testing

@Suite struct ProviderTests {
    private func ask(_ reply: FakeReply, _ flags: [String] = []) async throws -> Outcome {
        let server = try await FakeModelServer.start { _ in reply }
        let outcome = try await Command(server: server).run(["ask", "--model", "openai:m"] + flags + ["hi"])
        await server.shutdown()
        return outcome
    }

    @Test(arguments: [
        (401, #"{"detail":"Unauthorized"}"#, 3, "Unauthorized"), (400, #"{"message":"bad field"}"#, 8, "bad field"),
        (422, #"{"detail":[{"loc":["body","x"],"msg":"extra"}]}"#, 8, "extra"), (413, "<html>too big</html>", 8, "413"),
    ])
    func aRefusalIsSaidWithItsStatus(status: Int, body: String, exit: Int, says: String) async throws {
        let outcome = try await ask(FakeReply(status: status, text: body))
        #expect(outcome.status == Int32(exit), "\(outcome.err)")
        #expect(outcome.err.contains(says), "\(outcome.err)")
        #expect(outcome.out.isEmpty)
    }

    @Test func nobodyListeningExitsWith8() async throws {
        var command = try Command()
        command.variables["OPENAI_BASE_URL"] = "http://127.0.0.1:1/v1"
        let outcome = try await command.run(["ask", "--model", "openai:m", "--timeout", "20", "-q", "hi"])
        #expect(outcome.status == 8, "\(outcome.err)")
    }

    @Test func structuredOutputIsPrintedAsItCame() async throws {
        let schema = #"{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}"#
        let outcome = try await ask(.completion(#"{"n":1}"#), ["--no-stream", "--schema", schema])
        #expect((outcome.status, outcome.out) == (0, "{\"n\":1}\n"))
    }

    @Test func invalidOutputExitsWith4AndShowsBothAttempts() async throws {
        let schema = #"{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}"#
        let outcome = try await ask(.completion(#"{"n":"one"}"#), ["--no-stream", "-q", "--schema", schema])
        #expect(outcome.status == 4)
        #expect(outcome.out.isEmpty, "what is not valid is not printed as an answer")
        #expect(
            outcome.err.contains("attempt 1: {\"n\":\"one\"}") && outcome.err.contains("attempt 2:"), "\(outcome.err)")
        #expect(outcome.err.contains("/n"), "\(outcome.err)")
    }

    /// The first attempt was streamed to stdout before it was found to be invalid.
    @Test func anInvalidAttemptIsNeverStreamed() async throws {
        let server = try await FakeModelServer.start { request in
            .stream([#"{"n":"#, request.index == 0 ? #""one"}"# : "1}"])
        }
        let schema = #"{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}"#
        let outcome = try await Command(server: server).run(["ask", "--model", "openai:m", "--schema", schema, "hi"])
        #expect((outcome.status, outcome.out) == (0, "{\"n\":1}\n"))
        await server.shutdown()
    }

    @Test func aToolOfTheLibraryIsUsedByName() async throws {
        let server = try await FakeModelServer.start(
            on: .loopback(port: 0),
            conversation: FakeConversation(
                toolTurns: 1, tool: "calculator", arguments: #"{"expression":"6*7"}"#, text: "42"))
        let outcome = try await Command(server: server).run(["ask", "--model", "openai:m", "-t", "calculator", "6*7?"])
        #expect(outcome.out == "42\n")
        #expect(outcome.err.contains("{\"result\":42}"))
        await server.shutdown()
    }

    @Test func aToolThatNeedsApprovalExitsWith6WithoutATerminalAndRunsWithYes() async throws {
        let tool = """
            local agent = require "agent"
            return agent.tool { name = "launch", approve = true, effect = "final", run = function() return "launched" end }
            """
        let server = try await FakeModelServer.start(
            on: .loopback(port: 0), conversation: FakeConversation(toolTurns: 1, tool: "launch", text: "done"))
        let command = try Command(server: server)
        try command.folder.write(tool, to: "launch.lua")
        let asked = try await command.run(["ask", "--model", "openai:m", "-t", "launch.lua", "go"])
        #expect(asked.status == 6, "\(asked.err)")
        let allowed = try await command.run(["ask", "--model", "openai:m", "-t", "launch.lua", "--yes", "go"])
        #expect((allowed.status, allowed.out) == (0, "done\n"))
        await server.shutdown()
    }

    @Test func controlCharactersOfAToolAreEscapedOnStderr() async throws {
        let tool = """
            local agent = require "agent"
            return agent.tool { name = "evil", effect = "read", run = function() return "\\27[31mred" end }
            """
        let server = try await FakeModelServer.start(
            on: .loopback(port: 0), conversation: FakeConversation(toolTurns: 1, tool: "evil", text: "done"))
        let command = try Command(server: server)
        try command.folder.write(tool, to: "evil.lua")
        let outcome = try await command.run(["ask", "--model", "openai:m", "-t", "evil.lua", "go"])
        #expect(outcome.err.contains("\\u{1B}[31mred"), "\(outcome.err)")
        #expect(!outcome.err.contains("\u{1B}"))
        await server.shutdown()
    }

    @Test func chatInAPipeAnswersLineByLine() async throws {
        let server = try await FakeModelServer.start { request in
            .stream(["\((try? request.json["messages"]?.arrayValue?.count) ?? 0) messages"])
        }
        let outcome = try await Command(server: server).run(
            ["chat", "--model", "openai:m", "-q"], input: "one\ntwo\n/reset\nthree\n")
        #expect(outcome.out == "1 messages\n3 messages\n1 messages\n")
        await server.shutdown()
    }

    @Test(arguments: [(Signal.interrupt, Int32(130)), (.terminate, 143)])
    func aSignalClosesTheConnectionAndHasItsExitCode(signal: Signal, status: Int32) async throws {
        let server = try await FakeModelServer.start { _ in .silence }
        let command = try Command(server: server)
        let result = try await Subprocess.run(
            .path(FilePath(Command.path)), arguments: ["ask", "--model", "openai:m", "hi"],
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: command.variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            await server.received(1)
            try execution.send(signal: signal)
            await server.connectionsClosed()
        }
        #expect(Command.code(result.terminationStatus) == status)
        await server.shutdown()
    }
}
