// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

@Suite struct SecretCommandTests {
    private static let script = """
        local agent = require "agent"
        local key = agent.env "SERVICE_TOKEN"
        local leak = agent.tool { name = "leak", effect = "read", run = function() return { k = key } end }
        local fail = agent.tool { name = "fail", effect = "read", run = function() error("at " .. key) end }
        """

    private func run(
        _ rest: String, _ flags: [String] = [], conversation: FakeConversation
    ) async throws -> Outcome {
        let server = try await FakeModelServer.start(on: .loopback(port: 0), conversation: conversation)
        var command = try Command(server: server)
        command.variables["SERVICE_TOKEN"] = "tok-12345678"
        command.variables["OPENAI_API_KEY"] = "openai-key-1"
        try command.folder.write(Self.script + rest, to: "s.lua")
        let outcome = try await command.run(
            ["run", "--model", "openai:m", "--allow-env=SERVICE_TOKEN"] + flags + ["s.lua", "go"])
        await server.shutdown()
        return outcome
    }

    private let talk = FakeConversation(
        toolTurns: 1, tool: "leak", arguments: #"{"a":"tok-12345678"}"#, text: "It is tok-12345678, openai-key-1.")

    @Test func theAnswerIsTheAnswerAndStderrHasNoSecrets() async throws {
        let outcome = try await run(
            "leak = agent.tool { name = 'leak', parameters = { type = 'object' }, effect = 'read', run = function() return { k = key } end }\n"
                + "return agent.new { tools = { leak } }", ["-v"], conversation: talk)
        #expect(outcome.out == "It is tok-12345678, openai-key-1.\n")
        #expect(!outcome.err.contains("tok-12345678") && outcome.err.contains("[redacted]"), "\(outcome.err)")
    }

    @Test(arguments: ["--json", "--jsonl"]) func eventsHaveNoSecrets(flag: String) async throws {
        let outcome = try await run("return agent.new { tools = { leak } }", [flag], conversation: talk)
        #expect(outcome.status == 0)
        #expect(!outcome.out.contains("tok-12345678") && !outcome.out.contains("openai-key-1"), "\(outcome.out)")
        #expect(outcome.out.contains("It is [redacted], [redacted].") || flag == "--jsonl")
        for line in outcome.out.split(separator: "\n") { _ = try JSONValue(parsing: String(line)) }
    }

    @Test func errorsAndTracebacksHaveNoSecrets() async throws {
        let raised = try await run("error('at ' .. key)", conversation: talk)
        #expect(raised.status == 1)
        #expect(raised.err.contains("at [redacted]") && !raised.err.contains("tok-12345678"), "\(raised.err)")
        let fault = try await run(
            "return agent.new { tools = { fail } }",
            conversation: FakeConversation(toolTurns: 1, tool: "fail", text: "x"))
        #expect(fault.err.contains("at [redacted]") && !fault.err.contains("tok-12345678"), "\(fault.err)")
    }

    @Test func logLinesHaveNoSecrets() async throws {
        let outcome = try await run("agent.log.warn('t ' .. key, { k = key })", conversation: talk)
        #expect(outcome.err == "warn: t [redacted] {\"k\":\"[redacted]\"}\n")
    }

    @Test func whatAScriptPrintsIsItsOwn() async throws {
        let outcome = try await run("print(key) return key", conversation: talk)
        #expect(outcome.out == "tok-12345678\ntok-12345678\n")
    }

    @Test func aDryRunShowsNoSecrets() async throws {
        let outcome = try await run(
            "return agent.new { instructions = 'use ' .. key }", ["--dry-run"], conversation: talk)
        #expect(outcome.out.contains("use [redacted]"), "\(outcome.out)")
        #expect(!outcome.out.contains("tok-12345678"))
    }
}

@Suite struct TerminalOutputTests {
    private func run(_ source: String, _ flags: [String] = []) async throws -> (terminal: String, pipe: String) {
        var command = try Command()
        command.variables["NO_COLOR"] = "1"
        try command.folder.write(source, to: "s.lua")
        let terminal = try PseudoTerminal()
        _ = try await terminal.run(command, ["run"] + flags + ["s.lua"], [])
        return (terminal.text, try await command.run(["run"] + flags + ["s.lua"]).out)
    }

    @Test func whatAScriptPrintsIsSpeltOutOnATerminalAndExactInAPipe() async throws {
        let shown = try await run(#"io = nil print("\27[2Ja\tb\u{202E}c\rd") return "\27]0;t\7""#)
        #expect(shown.terminal == "\\u{1B}[2Ja\tb\\u{202E}c\\u{D}d\n\\u{1B}]0;t\\u{7}\n")
        #expect(shown.pipe == "\u{1B}[2Ja\tb\u{202E}c\rd\n\u{1B}]0;t\u{7}\n")
    }

    @Test func errorsAndLogLinesAreSpeltOut() async throws {
        let shown = try await run(#"require("agent").log.warn("a\27[31mb") error("c\27[8md\u{200B}")"#)
        #expect(shown.terminal.contains(#"warn: a\u{1B}[31mb"#), "\(shown.terminal)")
        #expect(shown.terminal.contains(#"c\u{1B}[8md\u{200B}"#), "\(shown.terminal)")
    }
}
