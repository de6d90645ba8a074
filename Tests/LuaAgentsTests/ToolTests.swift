// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

@Suite(.inBothStrengths) struct ToolTests {
    private let weather = """
        local agent = require "agent"
        local s = agent.schema
        local tool = agent.tool {
          name = "weather", description = "Weather.", effect = "read",
          parameters = { city = s.string { description = "City" }, unit = s.enum { "c", "f", default = "c" } },
          run = function(args, ctx)
            if args.city == "Atlantis" then return nil, "no such city" end
            if args.city == "Boom" then error("kaput") end
            return { city = args.city, unit = args.unit, id = ctx.id, turn = ctx.turn }
          end,
        }

        """

    private func tool(_ source: String) async throws -> any Tool {
        guard case .tools(let tools) = try await World().script(source).outcome, let tool = tools.first else {
            throw RunError(.host, "no tool")
        }
        return tool
    }

    @Test func aToolIsMadeOfATable() async throws {
        let tool = try await tool(weather + "return tool")
        #expect(tool.definition.name == "weather")
        #expect(tool.definition.effect == .read)
        #expect(
            tool.definition.parameters == [
                "type": "object", "additionalProperties": false, "required": ["city"],
                "properties": [
                    "city": ["type": "string", "description": "City"], "unit": ["enum": ["c", "f"], "default": "c"],
                ],
            ])
    }

    @Test func aTableComesBackAsAValue() async throws {
        let tool = try await tool(weather + "return tool")
        let output = try await tool.call(["city": "Oslo", "unit": "c"], context: .init(callID: "x", turn: 3))
        #expect(output == .value(["city": "Oslo", "unit": "c", "id": "x", "turn": 3]))
    }

    @Test func nilAndAReasonIsForTheModel() async throws {
        let tool = try await tool(weather + "return tool")
        let output = try await tool.call(["city": "Atlantis", "unit": "c"], context: .init(callID: "x", turn: 1))
        #expect(output == .failure("no such city"))
    }

    @Test func anErrorIsForTheOperatorWithFileAndLine() async throws {
        let tool = try await tool(weather + "return tool")
        let error = await #expect(throws: (any Error).self) {
            try await tool.call(["city": "Boom", "unit": "c"], context: .init(callID: "x", turn: 1))
        }
        #expect("\(try #require(error))".contains("test.lua:8: kaput"))
    }

    @Test(arguments: [
        ("return 'text'", ToolOutput.text("text")), ("return 7", .value(7)), ("return 1.0", .value(1.0)),
        ("return {}", .value([:])), ("return require('agent').json.array {}", .value([])),
        ("return nil", .value(.null)),
        ("return true", .value(true)), ("return { 1, 2 }", .value([1, 2])),
        ("return 9007199254740993", .value(9_007_199_254_740_993)),
    ])
    func eachKindOfResultIsExact(body: String, expected: ToolOutput) async throws {
        let source = "local agent = require 'agent' return agent.tool { name = 't', run = function() \(body) end }"
        #expect(try await tool(source).call([:], context: .init(callID: "x", turn: 1)) == expected)
    }

    @Test func callingAToolDirectlyValidatesAndFillsDefaults() async throws {
        #expect(try await World().value(weather + "return tool { city = 'Oslo' }.unit") == "c")
        let error = await World().error(weather + "local value = tool { town = 'Oslo' }")
        #expect(error.contains("test.lua:12:"), "\(error)")
        #expect(error.contains("city"), "\(error)")
    }

    @Test(arguments: [
        ("agent.tool { run = print }", "name"), ("agent.tool { name = 'a b', run = print }", "expected 1 to 64"),
        ("agent.tool { name = 'a' }", "run: expected a function, found nil"),
        ("agent.tool { name = 'a', run = print, colour = 1 }", "unknown field 'colour'"),
        ("agent.tool { name = 'a', run = print, effect = 'maybe' }", "effect"),
        ("agent.tool { name = 'a', run = print, timeout = 'soon' }", "timeout: expected a number, found string"),
        ("agent.tool { name = 'a', run = print, parameters = { type = 'nonsense' } }", "type"),
        ("agent.tool { name = 'a', run = print, recover = print }", "only a tool with once"),
        ("agent.schema.string { lenght = 3 }", "unknown option 'lenght'"),
        ("agent.schema.enum {}", "at least one value"), ("agent.schema.array(7)", "expected a schema, found number"),
        ("return agent.nonsense", "agent has no 'nonsense'"),
    ])
    func misuseNamesTheLineAndTheMistake(source: String, says: String) async {
        let error = await World().error("local agent = require 'agent'\n" + source)
        #expect(error.contains("test.lua:2:"), "\(error)")
        #expect(error.contains(says), "\(error)")
    }

    @Test func schemasCanRecur() async throws {
        let source = """
            local agent = require "agent"
            local s = agent.schema
            s.define("node", s.object { value = s.integer {}, next = s.optional(s.ref "node") })
            local function ok(v) return (agent.validate(s.ref "node", v)) == true end
            return { ok { value = 1, next = { value = 2 } }, ok { value = 1, next = { value = "x" } } }
            """
        #expect(try await World().value(source) == [true, false])
    }

    @Test func validationErrorsHavePathsAndSentences() async throws {
        let source = """
            local agent = require "agent"
            local s = agent.schema
            local ok, errors = agent.validate(s.object { n = s.integer { min = 1 } }, { n = 0 })
            return { ok = ok == nil, path = errors[1].path, keyword = errors[1].keyword }
            """
        #expect(try await World().value(source) == ["keyword": "minimum", "ok": true, "path": "/n"])
    }

    @Test func approvalMayDependOnTheArguments() async throws {
        let tool = try await tool(
            """
            local agent = require "agent"
            return agent.tool { name = "rm", run = print, parameters = { n = agent.schema.integer {} },
              approve = function(args) return args.n > 3 end }
            """)
        #expect(try await tool.needsApproval(for: ["n": 1]) == false)
        #expect(try await tool.needsApproval(for: ["n": 4]))
    }

    @Test(arguments: [
        "{ type = 'object', properties = { a = s.integer {} } }", "s.object { a = { anyOf = { s.integer {} } } }",
        "{ type = 'object', additionalProperties = s.integer {} , properties = {} }",
    ])
    func aSchemaInsideAPlainSchemaCounts(schema: String) async throws {
        let value = try await World().value(
            "local agent = require 'agent' local s = agent.schema return agent.validate(\(schema), { a = 'x' }) == nil")
        #expect(value == true)
    }

    @Test(arguments: [
        ("s.object { a = { street = s.string {} } }", "'street' is no keyword"), ("s.object(5)", "expected a table"),
        ("agent.json.encode({ 1 }, { indent = -1 })", "indent"),
        ("agent.json.encode { f = print }", "agent.json.encode: argument 1 at .f: a function cannot leave the script"),
        ("agent.json.decode(5)", "agent.json.decode: text: expected a string"),
        ("agent.map({}, 5, print)", "options: expected a table"),
        ("agent.json.encode({ 1 }, { indent = 1 << 62 })", "indent"),
        ("agent.new { tools = { 'clock', 'clock' } }", "two tools have the name \"clock\""),
        ("agent.new { tool_choice = { name = 'x' } }", "not one of the agent's tools"),
        ("(function() local t = {} t.t = t return agent.validate(t, 1) end)()", "nested more than 100 deep"),
    ])
    func misuseIsNamedWithItsPlace(call: String, says: String) async {
        let error = await World().error("local agent = require 'agent' local s = agent.schema\nlocal x = \(call)")
        #expect(error.contains("test.lua:2:"), "\(error)")
        #expect(error.contains(says), "\(error)")
    }

    @Test func theOperatorSeesTheTracebackOfAFailedTool() async throws {
        let tool = try await tool(
            """
            local function inner() error("deep") end
            return require("agent").tool { name = "t", run = function() inner() return 1 end }
            """)
        let error = await #expect(throws: (any Error).self) {
            _ = try await tool.call([:], context: .init(callID: "x", turn: 1))
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("test.lua:1: deep\n"), "\(text)")
        #expect(text.contains("test.lua:2"), "\(text)")
    }

    @Test(arguments: [
        "return agent.tool { name = 't', run = function() return 1 end }",
        "return agent.new { tools = { agent.tool { name = 't', run = function() return 1 end } } }",
        "local bot = agent.new { tools = { 'clock' } } bot:run('a') for e in bot:stream('b') do break end return bot",
        "local next = agent.new { tools = { 'clock' } }:stream('b') next() return agent.map({ 1, 2 }, tostring)",
    ])
    func aScriptIsFreedWithItsTools(source: String) async throws {
        final class Token: Sendable {}
        weak var weakToken: Token?
        do {
            let token = Token()
            weakToken = token
            var world = World([.text("one"), .text("two"), .text("three")])
            world.environment.log = { [token] _, _, _ in _ = token }
            _ = try await world.script("local agent = require 'agent' " + source)
        }
        // A run that was left behind ends by itself.
        for _ in 0..<10_000 where weakToken != nil { await Task.yield() }
        #expect(weakToken == nil)
    }

    @Test func schemasReadFromJSONKeepTheirLists() async throws {
        let world = World([])
        let source = """
            local agent = require "agent"
            local schema = agent.json.decode '{"type":"object","required":["a"],"properties":{"a":{"enum":["x","y"]}}}'
            local ok, errors = agent.validate(schema, { a = "z" })
            return { agent.validate(schema, { a = "x" }), ok == nil, errors[1].keyword }
            """
        guard
            case .value(let value) = try await Script.run(Array(source.utf8), name: "s.lua", in: world.environment)
                .outcome
        else { throw RunError(.host, "no value") }
        #expect(value == [true, true, "enum"])
    }
}
