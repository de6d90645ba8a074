// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import Testing

@testable import LuaAgents

@Suite struct NeedsTests {
    private func tool(_ needs: String, _ body: String) -> String {
        """
        local agent = require "agent"
        local t = agent.tool { name = "t", description = "d", needs = \(needs), run = function() \(body) end }

        """
    }

    @Test func anAgentWhoseToolsLackGrantsIsRefusedBeforeAModelIsAsked() async throws {
        let world = World([.text("never")])
        let source =
            tool("{ net = { 'api.test' }, read = { '/etc' }, env = { 'A', 'B' }, exec = { 'git' } }", "")
            + "local u = agent.tool { name = 'u', run = print, needs = { net = { 'b.test' }, write = true } }\n"
        let flags = "--allow-net=api.test,b.test --allow-read=/etc --allow-write --allow-env=A,B --allow-exec=git"
        for end in ["local r = agent.new { tools = { t, u } }:run('hi')", "return agent.new { tools = { t, u } }"] {
            let error = await #expect(throws: (any Error).self) { _ = try await world.script(source + end) }
            let denial = error as? DeniedError ?? (error as? ScriptError)?.denial
            #expect(
                denial?.description.contains("the tools t, u need what is not granted; allow it with \(flags)") == true)
            #expect(denial?.flags == flags.split(separator: " ").map(String.init))
        }
        #expect(world.model.requests.isEmpty)
    }

    @Test func withItsGrantsAnAgentRuns() async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "sub/a")
        var world = World([.call("t", "{}"), .text("done")])
        world.environment.grants = Grants(
            net: .only(["*.test", "b.org:81"]), read: .only([folder.path]), env: .only(["A"]), exec: .everything)
        let needs =
            "{ net = { 'api.test', '*.a.test', 'b.org:81' }, read = { '\(folder.path)/sub' }, env = { 'A' }, exec = { 'ls' } }"
        let value = try await world.value(
            tool(needs, "return agent.fs.read('\(folder.path)/sub/a')")
                + "local r = agent.new { tools = { t } }:run('hi') return { r.text, r.tool_calls[1].result }")
        #expect(value == ["done", "x"])
    }

    /// A run that may do much does not lend it to a tool that asks for little.
    @Test(arguments: [
        ("agent.fs.read('ROOT/other')", "needs.read"), ("agent.fs.read('/etc/hostname')", "needs.read"),
        ("agent.fs.write('ROOT/sub/b', '')", "needs.write"), ("agent.env('KEY')", "needs.env"),
        ("agent.http.get('http://b.test/')", "needs.net"), ("agent.exec { 'ls' }", "needs.exec"),
        ("agent.ocr('ROOT/other')", "needs.read"), ("agent.fs.read('ROOT/sub/link')", "needs.read"),
        ("agent.map({ 1 }, function() return agent.env('KEY') end)", "needs.env"), ("other {}", "needs.env"),
        (
            "agent.new { model = { provider = 'openai', name = 'm', base_url = 'http://b.test/' } }:run('x')",
            "needs.net"
        ),
    ])
    func aToolIsHeldToWhatItDeclares(call: String, says: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "sub/a")
        try folder.write("y", to: "other")
        symlinkForTest("../other", at: folder.path + "/sub/link")
        var world = World()
        world.environment.grants = .all
        world.environment.transport = SpyTransport()
        world.environment.services = FakeServices()
        world.environment.variables = { _ in "value" }
        let call = call.replacing("ROOT", with: folder.path)
        let needs = "{ read = { '\(folder.path)/sub' }, net = { 'a.test' }, env = { 'A' }, exec = { 'echo' } }"
        let other =
            "local agent = require 'agent' other = agent.tool { name = 'o', run = function() return agent.env('KEY') end }\n"
        let error = await world.error(other + tool(needs, "local r = \(call) return 'reached'") + "local r = t {}")
        #expect(error.contains("the tool 't'") && error.contains(says), "\(error)")
        // The same, outside of the tool, is what the run may do.
        #expect(!(await world.error(other + tool("{}", "") + "local r = \(call)").contains("needs.")))
        let allowed = tool(
            needs,
            "return { agent.fs.read('\(folder.path)/sub/a'), agent.env('A'), agent.http.get('http://a.test/').body, agent.exec { 'echo' }.status }"
        )
        #expect(try await world.value(allowed + "return t {}") == ["x", "value", "ok", 0])
    }

    @Test func noNeedsDeclaredIsWhatTheRunMayAndNoneIsNothing() async throws {
        var world = World()
        world.environment.grants.env = .everything
        world.environment.variables = { _ in "value" }
        let body = "function() return agent.env('A') end"
        let source = "local agent = require 'agent' local t = agent.tool { name = 't', run = \(body)"
        #expect(try await world.value(source + " } return t {}") == "value")
        #expect(try await world.value(source + ", needs = { env = true } } return t {}") == "value")
        #expect(await world.error(source + ", needs = {} } local r = t {}").contains("needs.env"))
    }

    /// A script cannot widen its grants by what a tool says it needs.
    @Test func needsGrantNothing() async {
        let needs = "{ read = { '/' }, env = { 'KEY' } }"
        #expect(
            await World().error(tool(needs, "return agent.env('KEY')") + "local r = t {}").contains("--allow-env=KEY"))
        #expect(
            await World().error(tool(needs, "return agent.fs.read('/etc/hostname')") + "local r = t {}")
                .contains("--allow-read=/etc/hostname"))
        var world = World()
        world.environment.grants.read = .everything
        #expect(
            await world.error(
                tool("{ read = { '/proc' } }", "return agent.fs.read('/proc/self/environ')") + "local r = t {}"
            ).contains("--allow-read=/proc/self/environ"))
    }

    @Test(arguments: [
        ("{ disk = {} }", "unknown kind 'disk'"), ("{ net = 3 }", "needs.net"), ("{ net = { 3 } }", "needs.net"),
        ("{ read = { '' } }", "needs.read"),
    ])
    func wrongNeedsAreNamed(needs: String, says: String) async {
        let error = await World().error(tool(needs, "") + "return 1")
        #expect(error.contains("test.lua:2:") && error.contains(says), "\(error)")
    }

    @Test func anInspectionTellsWhatIsMissing() async throws {
        var world = World()
        world.environment.grants.net = .only(["a.test"])
        let source = tool("{ net = { 'a.test', 'b.test' }, env = { 'K' } }", "") + "return agent.new { tools = { t } }"
        let found = try await ScriptInspection.inspect(Array(source.utf8), name: "t.lua", in: world.environment)
        #expect(found.tools[0].needs?.flags == ["--allow-net=a.test,b.test", "--allow-env=K"])
        #expect(found.missing.flags == ["--allow-net=b.test", "--allow-env=K"])
    }

    @Test(arguments: [
        ("a b", "'a b'"), ("a'b", "'a'\\''b'"), ("--allow-net=*.a", "'--allow-net=*.a'"), ("/a-b_c.d", "/a-b_c.d"),
    ])
    func flagsAreWordsOfAShell(word: String, quoted: String) { #expect(ShellWord.quoted(word) == quoted) }
}
