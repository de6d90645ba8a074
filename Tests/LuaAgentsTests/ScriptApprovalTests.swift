// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Synchronization
import Testing

@Suite struct ScriptApprovalTests {
    private let launching = """
        local agent = require "agent"
        local launch = agent.tool { name = "launch", effect = "final", run = function() return "launched" end }
        local bot = agent.new { tools = { launch } }

        """

    private static let replies: [ScriptedModel.Reply] = [.call("launch"), .text("done")]

    @Test func whatCannotBeUndoneNeedsApproval() async throws {
        let world = World()
        guard
            case .tools(let tools) = try await world.script(
                """
                local agent = require "agent"
                local function tool(name, effect, approve)
                  return agent.tool { name = name, effect = effect, approve = approve, run = function() end }
                end
                return { tool("a", "final"), tool("b", "final", false), tool("c", "write"), tool("d", "read", true) }
                """
            ).outcome
        else { return }
        #expect(tools.map(\.definition.needsApproval) == [true, false, false, true])
    }

    /// A script had gone on with `nil, reason`, and the command had ended with 0.
    @Test(arguments: [
        "local r, why = bot:run('go') return why", "pcall(bot.run, bot, 'go') return 1",
        "for event in bot:stream('go') do end return 1", "agent.map({ 1 }, function() bot:run('go') end) return 1",
    ])
    func aCallThatWaitsEndsTheScript(body: String) async {
        let world = World(Self.replies)
        let error = await #expect(throws: RunError.self) { try await world.script(launching + body) }
        #expect(error?.code == .approval)
        #expect(error?.message.contains("tool \"launch\" of test.lua (effect final") == true)
    }

    @Test func aPolicyOfTheHostHoldsInScripts() async throws {
        var world = World(Self.replies)
        world.environment.approvals = ApprovalPolicy([.effect(.final, .deny)])
        world.environment.approver = ApproveAll()
        let text = try await world.value(launching + "return bot:run('go').tool_calls[1].error")
        #expect(text?.stringValue?.contains("policy") == true)
    }

    @Test func anApproveFunctionThatFailsLetsNothingThrough() async throws {
        let world = World(Self.replies)
        let source = """
            local agent = require "agent"
            local ran = false
            local launch = agent.tool { name = "launch", approve = function(args) return args.x.y > 1 end,
              run = function() ran = true end }
            local reply = agent.new { tools = { launch } }:run("go")
            return { ran, reply.tool_calls[1].error }
            """
        #expect(try await world.value(source) == [false, "the tool failed; its operator was told why"])
    }

    @Test func theOriginChangesWithTheCodeAndTheLibrary() async throws {
        func origin(_ source: String) async throws -> ToolOrigin? {
            guard case .tools(let tools) = try await World().script(source).outcome else { return nil }
            return tools[0].origin
        }
        let source = "local agent = require 'agent' return agent.tool { name = 'f', run = function() end }"
        let first = try await origin(source)
        #expect(first?.file == "test.lua")
        #expect(first?.digest.utf8.count == 64)
        let (again, changed) = (try await origin(source), try await origin(source + " "))
        #expect(again == first)
        #expect(changed?.digest != first?.digest)
        let library = "local agent = require 'agent' agent.library 'clock' "
        let loaded = "return agent.tool { name = 'f', run = function() end }"
        let loading = try await origin(library + loaded)
        let withoutLibrary = try await origin("local agent = require 'agent'" + loaded)
        #expect(loading?.digest != withoutLibrary?.digest)
    }
}

@Suite struct SecretTests {
    private func world() -> World {
        let world = World([.call("f"), .text("the key is hunter22"), .text("x")])
        world.environment.secrets.note("hunter22")
        return world
    }

    @Test func logLinesAreRedacted() async throws {
        var world = world()
        let seen = Mutex<[String]>([])
        world.environment.log = { _, message, fields in
            seen.withLock { $0 += [message, (try? JSONValue.object(fields).serialized()) ?? ""] }
        }
        _ = try await world.script(
            "require('agent').log.info('key hunter22', { k = 'hunter22', list = { 'a hunter22' } })")
        #expect(seen.withLock(\.self) == ["key [redacted]", #"{"k":"[redacted]","list":["a [redacted]"]}"#])
    }

    @Test(arguments: [
        "error('hunter22')", "local t = nil; local k = 'hunter22' error({ k })", "error('aHVudGVyMjI=')",
        "load('x = hunter22 hunter22')()", "local s = 'hunter22' .. nil",
    ])
    func errorsAreRedacted(source: String) async {
        let said = await world().error(source)
        #expect(!said.isEmpty && !said.contains("hunter22") && !said.contains("aHVudGVyMjI"), "\(said)")
    }

    @Test func eventsThatAreObservedAreRedactedAndTheScriptsOwnAreNot() async throws {
        var world = world()
        let seen = Mutex("")
        world.environment.observe = { event in seen.withLock { $0 += "\(event)" } }
        let source = """
            local agent = require "agent"
            local f = agent.tool { name = "f", run = function() return "hunter22" end }
            local bot = agent.new { tools = { f } }
            local text = ""
            for event in bot:stream("go") do if event.type == "text" then text = text .. event.text end end
            return text
            """
        #expect(try await world.value(source) == "the key is hunter22")
        let shown = seen.withLock(\.self)
        #expect(!shown.contains("hunter22") && shown.contains("[redacted]"))
    }

    @Test func faultsOfToolsAreRedacted() async throws {
        let world = world()
        guard
            case .tools(let tools) = try await world.script(
                "return require('agent').tool { name = 'f', run = function() error('at hunter22') end }"
            ).outcome
        else { return }
        let error = await #expect(throws: (any Error).self) {
            try await tools[0].call([:], context: .init(callID: "1", turn: 1))
        }
        #expect("\(error as Any)".contains("at [redacted]"))
        #expect(!"\(error as Any)".contains("hunter22"))
    }
}
