// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

@Suite(.inBothStrengths) struct AgentScriptTests {
    private let head = """
        local agent = require "agent"
        local s = agent.schema
        local double = agent.tool { name = "double", parameters = { n = s.integer {} }, effect = "read",
          run = function(args) return { n = args.n * 2 } end }

        """

    @Test func aRunCallsLuaFunctions() async throws {
        let world = World([.call("double", #"{"n":21}"#), .text("42")])
        let value = try await world.value(
            head + """
                local reply = agent.new { tools = { double } }:run("double 21")
                return { reply.text, reply.tool_calls[1].result.n, reply.usage.total_tokens, reply.finish_reason, #reply.messages }
                """)
        #expect(value == ["42", 42, 30, "stop", 4])
    }

    @Test func aFileMayReturnItsAgent() async throws {
        let world = World([.call("double", #"{"n":2}"#), .text("4")])
        guard case .agent(let agent) = try await world.script(head + "return agent.new { tools = { double } }").outcome
        else {
            Issue.record("expected an agent")
            return
        }
        #expect(try await agent.run("double 2").text == "4")
    }

    @Test func aFailedRunIsNilAndAReason() async throws {
        let world = World([.failure(ModelError(.server, "the server is down"))])
        #expect(
            try await world.value("local r, why = require('agent').ask('hi') return { r == nil, why }") == [
                true, "the server is down",
            ])
    }

    @Test func aScriptThatIndexesAFailedReplyIsToldWhy() async {
        let world = World([.failure(ModelError(.server, "the server is down"))])
        let error = await world.error("return require('agent').ask('hi').text")
        #expect(error.contains("test.lua:1:") && error.contains("the server is down"), "\(error)")
    }

    @Test func aChatKeepsTheConversation() async throws {
        let world = World([.text("hello"), .text("again")])
        _ = try await world.value(
            "local chat = require('agent').new { instructions = 'Be nice.' }:chat() chat:run('one') chat:run('two')")
        #expect(world.model.requests[1].messages.map(\.text) == ["Be nice.", "one", "hello", "two"])
    }

    @Test func aStreamGivesEventsAndEndsWithTheReply() async throws {
        let world = World([.call("double", #"{"n":1}"#), .text(["4", "2"])])
        let value = try await world.value(
            head + """
                local types, text = {}, ""
                for event in agent.new { tools = { double } }:stream("?") do
                  types[#types + 1] = event.type
                  if event.type == "text" then text = text .. event.text end
                  if event.type == "done" then text = text .. "|" .. event.reply.text end
                end
                return { table.concat(types, " "), text }
                """)
        #expect(value == ["turn usage tool_call tool_result turn text text usage done", "42|42"])
    }

    @Test func leavingAStreamCancelsTheRun() async throws {
        let world = World([.hang(after: ["a"]), .text("next")])
        let value = try await world.value(
            """
            local agent = require "agent"
            local bot = agent.new {}
            for event in bot:stream("?") do if event.type == "text" then break end end
            return bot:run("?").text
            """)
        #expect(value == "next")
    }

    @Test func structuredOutputIsAValue() async throws {
        let world = World([.text(#"{"name":"Emma","authors":[]}"#)])
        let value = try await world.value(
            """
            local agent = require "agent"
            local s = agent.schema
            return agent.ask("?", { output = s.object { name = s.string {}, authors = s.array(s.string {}) } }).output
            """)
        #expect(value == ["authors": [], "name": "Emma"])
    }

    @Test func theRequestCarriesWhatTheScriptSaid() async throws {
        let world = World([.text("x")])
        _ = try await world.value(
            """
            require("agent").ask("?", { temperature = 0.5, top_p = 1, max_tokens = 9, stop = "END", random_seed = 7,
              presence_penalty = 1, frequency_penalty = -1, safe_prompt = true, parallel_tool_calls = false,
              prompt_mode = "reasoning", reasoning_effort = "high", metadata = { a = 1 }, n = 1 })
            """)
        let options = world.model.requests[0].options
        #expect(
            options
                == ModelOptions(
                    temperature: 0.5, topP: 1, maxTokens: 9, stop: ["END"], randomSeed: 7, presencePenalty: 1,
                    frequencyPenalty: -1, parallelToolCalls: false, promptMode: "reasoning", reasoningEffort: "high",
                    safePrompt: true, metadata: ["a": 1], extra: ["n": 1]))
    }

    @Test(arguments: [
        ("temprature = 1", "unknown field 'temprature'"), ("temperature = 'hot'", "temperature: expected a number"),
        ("temperature = 9", "temperature: expected"), ("limits = { turns = 0 }", "limits.turns: expected 1 or more"),
        ("limits = { laps = 1 }", "unknown limit 'laps'"),
        ("guardrails = { inputs = {} }", "guardrails.inputs: unknown field"),
        ("tools = { 7 }", "tools[1]: expected a tool"), ("tools = { 'no_such' }", "no tool 'no_such'"),
        ("tool_choice = 'perhaps'", "tool_choice"),
        ("output = { type = 'object' }, response_format = 'json_object'", "exclude each other"),
    ])
    func aWrongFieldIsNamedWithItsLine(fields: String, says: String) async {
        let error = await World().error("local agent = require 'agent'\nagent.new { \(fields) }")
        #expect(error.contains("test.lua:2:"), "\(error)")
        #expect(error.contains(says), "\(error)")
    }

    @Test func hostLimitsTightenAndNeverLoosen() async throws {
        var world = World([.text("x"), .text("x")])
        world.environment.overrides.turns = 3
        world.environment.overrides.temperature = 0
        guard
            case .agent(let agent) = try await world.script(
                "return require('agent').new { limits = { turns = 9 }, temperature = 1 }"
            ).outcome
        else { return }
        #expect(agent.limits.turns == 3)
        #expect(agent.options.temperature == 0)
        guard
            case .agent(let strict) = try await world.script("return require('agent').new { limits = { turns = 2 } }")
                .outcome
        else { return }
        #expect(strict.limits.turns == 2)
    }

    /// `safe_prompt = false` in the configuration file switched off what a script had switched on.
    @Test(arguments: [(nil, "true", true), (false, "true", true), (true, "false", true), (false, "nil", false)])
    func theSafetyPromptIsOnlyEverSwitchedOn(host: Bool?, script: String, expected: Bool) async throws {
        var world = World([.text("x")])
        world.environment.overrides.safePrompt = host
        _ = try await world.value("require('agent').ask('hi', { safe_prompt = \(script) })")
        #expect(world.model.requests[0].options.safePrompt == expected)
    }

    @Test func mapRunsSideBySideWithResultsInOrder() async throws {
        let value = try await World().value(
            """
            local agent = require "agent"
            local done = {}
            local out = agent.map({ "a", "b", "c" }, { width = 3 }, function(_, i)
              -- The first can only end after the last, so they must be in hand together.
              while i == 1 and not done[3] do agent.sleep(0) end
              done[i] = true
              return i * 10
            end)
            return { out, #done }
            """)
        #expect(value == [[10, 20, 30], 3])
    }

    @Test func anErrorInMapIsTheScripts() async {
        let error = await World().error(
            "local agent = require 'agent'\nagent.map({ 1, 2 }, function(x) error('bad ' .. x) end)")
        #expect(error.contains("bad 1"), "\(error)")
    }

    @Test func mapCollectsErrorsWhereItIsAskedTo() async throws {
        let value = try await World().value(
            """
            local agent = require "agent"
            local results, errors = agent.map({ 1, 2, 3, 4 }, { width = 2, errors = "collect" }, function(x)
              if x == 2 then error("bad " .. x, 0) end
              if x == 4 then error({ message = "worse" }) end
              agent.sleep(0)
              return x * 10
            end)
            return { results[1], results[2] == nil, results[3], results[4] == nil, errors }
            """)
        #expect(value == [10, true, 30, true, [["index": 2, "message": "bad 2"], ["index": 4, "message": "worse"]]])
    }

    @Test func mapOfThousandsIsBoundedAndInOrder() async throws {
        let value = try await World().value(
            """
            local agent = require "agent"
            local list, running, most = {}, 0, 0
            for i = 1, 3000 do list[i] = i end
            local results, errors = agent.map(list, { width = 16, errors = "collect" }, function(x)
              running = running + 1
              most = math.max(most, running)
              agent.sleep(0)
              running = running - 1
              if x % 1000 == 0 then error("every thousandth", 0) end
              return -x
            end)
            for i = 1, 3000 do assert(results[i] == (i % 1000 ~= 0 and -i or nil)) end
            return { most <= 16, #errors, errors[3].index }
            """)
        #expect(value == [true, 3, 3000])
    }

    @Test func mapRefusesOptionsThatItDoesNotKnow() async {
        for (options, said) in [
            ("errors = 'ignore'", "agent.map: errors: expected"), ("progress = 1", "agent.map: progress"),
        ] {
            let error = await World().error("require('agent').map({}, { \(options) }, print)")
            #expect(error.contains(said), "\(error)")
        }
    }

    @Test func workIsToldByRateTimeAndErrors() {
        var rate = WorkRate("batch", total: 1000, done: 100, errors: 1)
        #expect(rate.text(after: .seconds(1)) == "batch: 100/1000, 1 failed")
        for index in 0..<50 { rate.count(isError: index == 0) }
        #expect(rate.text(after: .seconds(10)) == "batch: 150/1000, 5.0/s, 2 min 50 s left, 2 failed")
        #expect(rate.text(after: .seconds(1)) == "batch: 150/1000, 50/s, 17 s left, 2 failed")
        #expect(rate.text(after: .seconds(1000)) == "batch: 150/1000, 0.1/s, 4 h 43 min left, 2 failed")
    }

    @Test func hostCallsWorkInsideCoroutines() async throws {
        let world = World([.text("a"), .text("b")])
        let value = try await world.value(
            """
            local agent = require "agent"
            local next_text = coroutine.wrap(function() while true do coroutine.yield(agent.ask("?").text) end end)
            return next_text() .. next_text()
            """)
        #expect(value == "ab")
    }

    @Test func jsonSurvivesBothWays() async throws {
        let text = #"{"a":[],"b":{},"c":1.0,"d":1,"e":null,"f":9007199254740993,"g":"é\n"}"#
        let value = try await World().value(
            "local j = require('agent').json return j.encode(j.decode([==[\(text)]==]))")
        #expect(value == .string(text))
    }

    @Test func brokenJSONIsNilAndAReasonWithItsPlace() async throws {
        let value = try await World().value(
            "local v, why = require('agent').json.decode('[1,') return { v == nil, why }")
        #expect(value?[0] == true)
        #expect(value?[1]?.stringValue?.isEmpty == false)
    }
}
