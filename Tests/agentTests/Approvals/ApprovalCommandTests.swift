// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

@testable import agent

/// The command with a person at a terminal.
@Suite struct ApprovalCommandTests {
    private static let tools = """
        local agent = require "agent"
        local s = agent.schema
        return agent.tool { name = "save", approve = true, parameters = { path = s.string {}, n = s.integer { default = 1 } },
          run = function(args) return { saved = args.path, n = args.n } end }
        """

    /// Runs `agent ask -t tools.lua` against a model that calls `save` so many times, then says "done".
    private func ask(
        _ turns: [PseudoTerminal.Turn], flags: [String] = [], calls: Int = 1, arguments: String = #"{"path":"a.txt"}"#,
        tools: String = tools, in command: Command? = nil, variables: [String: String] = [:],
        typedAhead: String = ""
    ) async throws -> (status: Int32, text: String, command: Command) {
        let server = try await FakeModelServer.start(
            on: .loopback(port: 0),
            conversation: FakeConversation(toolTurns: calls, tool: "save", arguments: arguments, text: "done"))
        var command = try command ?? Command(server: server)
        command.variables["OPENAI_BASE_URL"] = server.url + "/v1"
        command.variables["NO_COLOR"] = "1"
        for (name, value) in variables { command.variables[name] = value }
        try command.folder.write(tools, to: "tools.lua")
        let terminal = try PseudoTerminal()
        let status = try await terminal.run(
            command, ["ask", "--model", "openai:m", "-t", "tools.lua"] + flags + ["go"], typedAhead: typedAhead, turns)
        await server.shutdown()
        return (status, terminal.text, command)
    }

    @Test func aPersonAllowsACallOnce() async throws {
        let run = try await ask([.init("view all > ", "y\n"), .init("view all > ", "y\n")], calls: 2)
        #expect(run.status == 0, "\(run.text)")
        #expect(
            run.text.contains(
                "Allow save? (write: changes something, of tools.lua)\n  {\n    \"path\": \"a.txt\",\n    \"n\": 1\n  }\n"
            ))
        #expect(run.text.contains("← save: {\"n\":1,\"saved\":\"a.txt\"}"))
        #expect(run.text.hasSuffix("done\n") || run.text.contains("done\n"))
        #expect(!run.command.folder.exists(".local/state/agent/approvals.json"), "nothing is remembered")
    }

    @Test func aPersonDeniesWithAReasonThatTheModelReads() async throws {
        let asked = try await ask([.init("view all > ", "n\n"), .init("(empty: none) > ", "wrong folder\n")])
        #expect(asked.status == 0)
        #expect(
            asked.text.contains("← save: the call was not approved: the user said no: wrong folder"), "\(asked.text)")
        let given = try await ask([.init("view all > ", "no not \u{7}now\n")])
        #expect(given.text.contains(#"the user said no: not \u{7}now"#), "\(given.text)")
    }

    @Test func alwaysInThisRunAsksOnce() async throws {
        let run = try await ask([.init("view all > ", "a\n")], calls: 2)
        #expect(run.status == 0, "\(run.text)")
        #expect(run.text.components(separatedBy: "Allow save?").count == 2)
    }

    @Test func nothingElseThanAnAnswerAllows() async throws {
        let run = try await ask([
            .init("view all > ", "\n"), .init("view all > ", "ok\n"), .init("view all > ", "v\n"),
            .init("view all > ", "n x\n"),
        ])
        #expect(run.text.contains("the user said no: x"), "\(run.text)")
    }

    @Test func theEndOfInputDenies() async throws {
        let run = try await ask([.init("view all > ", "\u{4}")])
        #expect(run.status == 0)
        #expect(run.text.contains("the call was not approved: the user gave no answer"), "\(run.text)")
    }

    @Test func controlCInterrupts() async throws {
        let run = try await ask([.init("view all > ", "\u{3}")])
        #expect(run.status == 130, "\(run.text)")
        #expect(!run.text.contains("saved"))
    }

    @Test func argumentsAreEditedAsALineAndValidatedAgain() async throws {
        let run = try await ask([
            .init("view all > ", "e\n"), .init("(empty: unchanged) > ", "{\"path\":7}\n"),
            .init("with edited arguments", ""), .init("view all > ", "y\n"),
            .init("The edited arguments are not valid:", ""), .init("view all > ", "e\n"),
            .init("(empty: unchanged) > ", "not json\n"), .init("not JSON", ""), .init("view all > ", "e\n"),
            .init("(empty: unchanged) > ", "{\"path\":\"b.txt\"}\n"),
            .init("[y] once  [n] no  [e] edit  [v] view all > ", "y\n"),
        ])
        #expect(run.status == 0, "\(run.text)")
        #expect(run.text.contains("← save: {\"n\":1,\"saved\":\"b.txt\"}"), "\(run.text)")
    }

    @Test func argumentsAreEditedInAnEditor() async throws {
        let run = try await ask(
            [.init("view all > ", "e\n"), .init("\"c.txt\"", ""), .init("view all > ", "y\n")],
            variables: ["EDITOR": "sed -i s/a.txt/c.txt/"])
        #expect(run.text.contains("← save: {\"n\":1,\"saved\":\"c.txt\"}"), "\(run.text)")
        let failed = try await ask(
            [.init("view all > ", "e\n"), .init("the editor failed", ""), .init("view all > ", "y\n")],
            variables: ["EDITOR": "false", "VISUAL": ""])
        #expect(failed.text.contains("← save: {\"n\":1,\"saved\":\"a.txt\"}"), "\(failed.text)")
    }

    @Test func alwaysForThisFileIsRememberedUntilTheFileChanges() async throws {
        let first = try await ask([.init("view all > ", "f\n")], calls: 2)
        #expect(first.status == 0, "\(first.text)")
        let store = first.command.folder.path + "/.local/state/agent/approvals.json"
        let mode = try FileManager.default.attributesOfItem(atPath: store)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let again = try await ask([], in: first.command)
        #expect(again.status == 0 && !again.text.contains("Allow save?"), "\(again.text)")
        let strict = try await ask([.init("view all > ", "n no\n")], flags: ["--ask"], in: first.command)
        #expect(strict.text.contains("Allow save?"), "--ask asks all the same")
        let listed = try await first.command.run(["approvals", "list"])
        #expect(listed.out.hasPrefix("save\t\(first.command.folder.path)/tools.lua\t"), "\(listed)")
        let changed = try await ask([.init("view all > ", "n no\n")], tools: Self.tools + " ", in: first.command)
        #expect(changed.text.contains("Allow save?"), "\(changed.text)")
        let cleared = try await first.command.run(["approvals", "clear", "tools.lua"])
        #expect(cleared.err == "forgot 1 approval\n")
        #expect(try await first.command.run(["approvals", "list", "--json"]).out == "{\"approvals\":[]}\n")
    }

    @Test func whatCannotBeUndoneIsNotRemembered() async throws {
        let tools = Self.tools.replacing("approve = true", with: "effect = \"final\"")
        let run = try await ask(
            [.init("[a] always in this run  [n] no", ""), .init("> ", "f\n"), .init("> ", "y\n")], tools: tools)
        #expect(run.status == 0, "\(run.text)")
        #expect(!run.command.folder.exists(".local/state/agent/approvals.json"))
    }

    @Test func whatWasTypedBeforeTheQuestionIsNoAnswer() async throws {
        let run = try await ask([.init("view all > ", "n early\n")], typedAhead: "y\ny\n")
        #expect(run.text.contains("the user said no: early"), "\(run.text)")
    }

    @Test func severalRunsAskOneAtATimeAndOneAnswerCanDoForAll() async throws {
        let source = """
            local agent = require "agent"
            local save = agent.tool { name = "save", approve = true, run = function() return "saved" end }
            local bot = agent.new { tools = { save } }
            local texts = agent.map({ 1, 2, 3, 4 }, { width = 4 }, function() return bot:run("go").tool_calls[1].result end)
            return table.concat(texts, " ")
            """
        let server = try await FakeModelServer.start(
            on: .loopback(port: 0), conversation: FakeConversation(toolTurns: 1, tool: "save", text: "done"))
        var command = try Command(server: server)
        command.variables["NO_COLOR"] = "1"
        try command.folder.write(source, to: "work.lua")
        let terminal = try PseudoTerminal()
        let status = try await terminal.run(
            command, ["run", "--model", "openai:m", "work.lua"], [.init("view all > ", "a\n")])
        await server.shutdown()
        #expect(status == 0, "\(terminal.text)")
        #expect(terminal.text.contains("saved saved saved saved"))
        #expect(terminal.text.components(separatedBy: "Allow save?").count == 2)
    }
}

/// The command without anybody to ask.
@Suite struct UnattendedApprovalTests {
    private func ask(_ flags: [String], tool: String = "approve = true", config: String? = nil) async throws -> Outcome
    {
        let source = """
            local agent = require "agent"
            return agent.tool { name = "save", \(tool), parameters = { n = agent.schema.integer {} },
              run = function(args) return "saved " .. args.n end }
            """
        let server = try await FakeModelServer.start(
            on: .loopback(port: 0),
            conversation: FakeConversation(toolTurns: 1, tool: "save", arguments: #"{"n":4711}"#, text: "done"))
        let command = try Command(server: server)
        try command.folder.write(source, to: "tools.lua")
        if let config {
            let folder = command.folder.path + "/.config/agent"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(config.utf8).write(to: URL(fileURLWithPath: folder + "/config.toml"))
        }
        let outcome = try await command.run(
            ["ask", "--model", "openai:m", "-t", "tools.lua"] + flags + ["go"], input: "y\ny\ny\n")
        await server.shutdown()
        return outcome
    }

    @Test func theCommandPausesAndSaysWhatWaitsAndHowToGoOn() async throws {
        let outcome = try await ask(["-q"])
        #expect(outcome.status == 6)
        #expect(outcome.out.isEmpty)
        #expect(
            outcome.err
                == "agent: paused: tool \"save\" of tools.lua (effect write, call call00001) waits for an approval, and nobody "
                + "can be asked; run it at a terminal to be asked, with --yes to allow, or with --no-ask to deny\n")
    }

    @Test func withNoAskTheModelIsToldAndTheRunGoesOn() async throws {
        let outcome = try await ask(["--no-ask"])
        #expect((outcome.status, outcome.out) == (0, "done\n"))
        #expect(outcome.err.contains("← save: the call was not approved: nobody is there"), "\(outcome.err)")
    }

    @Test(arguments: ["--ask=read,write", "--ask", "--ask=tool:save", "--ask=tool:other,write"])
    func aFlagAsksBeforeToolsThatDoNot(flag: String) async throws {
        #expect(try await ask([flag], tool: "approve = false").status == 6)
    }

    @Test func aFlagForOtherToolsChangesNothing() async throws {
        let outcome = try await ask(["--ask=final,tool:other"], tool: "approve = false")
        #expect((outcome.status, outcome.out) == (0, "done\n"))
    }

    @Test func thePolicyOfTheUserHolds() async throws {
        let denied = try await ask(["--yes"], config: "[approvals]\nwrite = \"deny\"\n")
        #expect(denied.status == 0)
        #expect(denied.err.contains("the call was not approved: the user's policy denies it"), "\(denied.err)")
        let allowed = try await ask([], config: "[approvals]\n\"tool:save\" = \"allow\"\n")
        #expect(allowed.err.contains("← save: saved 4711"), "\(allowed.err)")
        let asked = try await ask([], tool: "approve = false", config: "[approvals]\nwrite = \"ask\"\n")
        #expect(asked.status == 6)
        let tightened = try await ask(["--ask"], config: "[approvals]\n\"tool:save\" = \"allow\"\n")
        #expect(tightened.status == 6, "a flag tightens what the file allows")
    }

    @Test(arguments: [["--yes", "--no-ask"], ["--yes", "--ask"], ["--ask=exec"], ["--ask=tool:"], ["--ask="]])
    func flagsThatMakeNoSenseAreRefused(flags: [String]) async throws {
        #expect(try await ask(flags).status == 2)
    }
}
