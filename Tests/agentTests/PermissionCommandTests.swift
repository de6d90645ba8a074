// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import JSONCore
import Testing

@Suite struct PermissionCommandTests {
    private func run(_ source: String, _ flags: [String] = [], _ words: [String] = ["hi"]) async throws -> Outcome {
        let command = try Command()
        try command.folder.write("hello", to: "a.txt")
        try command.folder.write(source, to: "s.lua")
        return try await command.run(["run"] + flags + ["s.lua"] + words)
    }

    private let needy = """
        local agent = require "agent"
        local t = agent.tool { name = "t", run = print, needs = { read = { "a.txt" }, net = { "b.org" } } }
        return agent.new { model = "openai:m", tools = { t } }
        """

    @Test func aFileThatAsksForMoreSaysSoWithTheWholeCommand() async throws {
        let outcome = try await run(needy, ["--allow-env=CITY"])
        #expect(outcome.status == 7)
        #expect(outcome.out.isEmpty)
        #expect(
            outcome.err.contains(
                "the tool 't' needs what is not granted; allow it with --allow-net=b.org --allow-read=a.txt"),
            "\(outcome.err)")
        #expect(
            outcome.err.contains(
                "if you trust it with that, run: agent run --allow-env=CITY --allow-net=b.org --allow-read=a.txt s.lua …\n"
            ),
            "\(outcome.err)")
    }

    @Test func withTheFlagsItRuns() async throws {
        let server = try await FakeModelServer.start { _ in .completion("fine") }
        let command = try Command(server: server)
        try command.folder.write(needy, to: "s.lua")
        let flags = ["--allow-net=b.org", "--allow-read=a.txt"]
        let outcome = try await command.run(["run", "--no-stream"] + flags + ["s.lua", "hi"])
        #expect((outcome.status, outcome.out) == (0, "fine\n"), "\(outcome.err)")
        await server.shutdown()
    }

    @Test func anAskWithAToolThatLacksItsGrantSaysSo() async throws {
        let outcome = try await Command().run(["ask", "-t", "http_get", "hi"])
        #expect(outcome.status == 7)
        #expect(outcome.err.contains("run: agent ask --allow-net -t http_get …"), "\(outcome.err)")
    }

    @Test(arguments: [
        ("agent.fs.read('a.txt')", "--allow-read=a.txt"), ("agent.fs.write('b', '')", "--allow-write=b"),
        ("agent.exec { 'echo' }", "--allow-exec=echo"),
        ("agent.fs.read('/proc/self/environ')", "--allow-read=/proc/self/environ"),
    ])
    func aDenialExitsWith7AndItsFlagHelps(call: String, flag: String) async throws {
        let source = "local agent = require 'agent' local r = \(call)"
        let denied = try await run(source)
        #expect(denied.status == 7 && denied.err.contains("agent run \(flag) s.lua …"), "\(denied.err)")
        let granted = try await run(source, [flag])
        #expect(granted.status == 0, "\(granted.err)")
    }

    @Test func aServerOfThisMachineIsReachedWhenItIsNamed() async throws {
        let server = try await FakeModelServer.start { _ in .completion("x") }
        let source = "return require('agent').http.get('http://127.0.0.1:\(server.port)/').status"
        let denied = try await run(source, ["--allow-net"])
        #expect(denied.status == 7, "\(denied.err)")
        #expect(denied.err.contains("--allow-net=127.0.0.1:\(server.port)"), "\(denied.err)")
        #expect(try await run(source, ["--allow-net=127.0.0.1:\(server.port)"]).out == "200\n")
        let named = source.replacing("127.0.0.1", with: "localhost")
        #expect(try await run(named, ["--allow-net=localhost:\(server.port)"]).out == "200\n")
        #expect(try await run(named, ["--allow-net"]).status == 7)
        #expect(try await run(named, ["-A"]).out == "200\n")
        await server.shutdown()
    }

    /// Its prompts are data that leaves, and a port of this machine may belong to anything.
    @Test func aModelThatAScriptDescribesIsHeldToTheGrants() async throws {
        let server = try await FakeModelServer.start { _ in .completion("fine") }
        let model = "{ provider = 'openai', name = 'm', base_url = 'http://localhost:\(server.port)/v1' }"
        let source = "local r, why = require('agent').ask('hi', { model = \(model) }) return r and r.text or why"
        let flag = "--allow-net=localhost:\(server.port)"
        for flags in [[], ["--allow-net"]] {
            let denied = try await run(source, flags)
            #expect(denied.status == 7 && denied.err.contains(flag), "\(denied.err)")
        }
        #expect(server.requests.isEmpty)
        #expect(try await run(source, [flag]).out == "fine\n")
        await server.shutdown()
    }

    /// What lies in a folder runs only when it is named.
    @Test func nothingOfTheFolderIsLoadedByItself() async throws {
        let command = try Command()
        for name in ["agent.lua", "init.lua", "calculator.lua", "agent/schema.lua", "config.toml", ".agent.lua"]
        where !name.contains("/") {
            try command.folder.write("error('loaded')", to: name)
        }
        try command.folder.write(
            "local ok = pcall(require, 'init') return { ok, require('agent').library ~= nil, package == nil, dofile == nil, loadfile == nil }",
            to: "s.lua")
        let outcome = try await command.run(["run", "s.lua"])
        #expect(outcome.out == "[false,true,true,true,true]\n", "\(outcome.err)")
        let tool = try await command.run(["check", "s.lua"])
        #expect(tool.status == 0 && !tool.err.contains("loaded"))
    }

    @Test(arguments: ["https://example.org", "10.0.0.0/8", "example.org,user@example.org"])
    func aHostThatIsNoneIsWrongUse(host: String) async throws {
        let command = try Command()
        try command.folder.write("print(1)", to: "task.lua")
        let outcome = try await command.run(["run", "--allow-net=\(host)", "task.lua"])
        #expect(outcome.status == 2)
        #expect(outcome.err.contains("--allow-net: expected HOST or HOST:PORT"), "\(outcome.err)")
    }
}
