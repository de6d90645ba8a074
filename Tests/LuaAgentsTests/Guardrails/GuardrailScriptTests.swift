// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import LuaRuntime
import Testing

@Suite(.inBothStrengths) struct GuardrailScriptTests {
    private let head = """
        local agent = require "agent"
        local function no_bad(text, ctx)
          if text:find("bad") then return nil, "it says bad" end
          return true
        end
        local act = agent.tool { name = "act", run = function(args) return "a bad result" end }

        """

    @Test func aFunctionBlocksAndTheScriptIsToldWhy() async throws {
        let world = World([.text("never")])
        let value = try await world.value(
            head + """
                local reply, why, block = agent.new { guardrails = { input = { no_bad } } }:run("a bad thing")
                return { reply == nil, why, block }
                """)
        let why = "the input was blocked by the guardrail \"function\" (a rule of test.lua): it says bad"
        #expect(
            value == [
                true, .string(why),
                [
                    "stage": "input", "guardrail": "function", "outcome": "blocked", "reason": "it says bad",
                    "owner": "test.lua",
                ],
            ])
        #expect(world.model.requests.isEmpty)
    }

    @Test func aScriptThatEndsInABlockSaysSo() async throws {
        let world = World([])
        let error = await #expect(throws: ScriptError.self) {
            _ = try await world.script(
                head + "assert(agent.new { guardrails = { input = { no_bad } } }:run(\"a bad thing\"))")
        }
        #expect(error?.block?.guardrail == "function")
    }

    @Test func aFunctionReplacesAndTellsMore() async throws {
        let world = World([.text("Call 555. Then go.")])
        let value = try await world.value(
            head + """
                local bot = agent.new { guardrails = {
                  input = { { name = "polite", check = function(text) return text .. ", please", "be polite" end } },
                  output = {
                    function(text) return { action = "replace", text = (text:gsub("%d+", "[number]")), reason = "a number",
                      category = "numbers", score = 0.9, threshold = 0.5 } end,
                    { name = "seen", check = function(text, ctx) return { action = "flag", reason = ctx.stage .. " " .. ctx.before } end },
                  } } }
                local reply = bot:run("do it")
                return { reply.text, reply.messages[1].content, reply.guardrails }
                """)
        #expect(value?.arrayValue?[0] == "Call [number]. Then go.")
        #expect(value?.arrayValue?[1] == "do it, please")
        let reports = value?.arrayValue?[2].arrayValue ?? []
        #expect(reports.map { $0["outcome"] } == ["replaced", "replaced", "flagged"])
        #expect(reports[1]["score"] == 0.9 && reports[1]["category"] == "numbers")
        #expect(reports[2]["reason"] == "output ")
    }

    @Test func aStreamIsJudgedSentenceBySentence() async throws {
        let world = World([.text(["One is fi", "ne. Two is b", "ad. Three is fine."])])
        let value = try await world.value(
            head + """
                local bot, said, last = agent.new { guardrails = { output = { no_bad } } }, {}, nil
                for event in bot:stream("go") do
                  if event.type == "text" then said[#said + 1] = event.text end
                  last = event
                end
                return { said, last.type, last.guardrail.shown_characters }
                """)
        #expect(value == [["One is fine. "], "error", 13])
    }

    @Test func aRuleForTheWholeHoldsTheStreamBack() async throws {
        let world = World([.text(["One is fine. ", "Two is fine."])])
        let value = try await world.value(
            head + """
                local bot, said = agent.new { guardrails = { output = { { check = no_bad, whole = true } } } }, {}
                for event in bot:stream("go") do if event.type == "text" then said[#said + 1] = event.text end end
                return said
                """)
        #expect(value == ["One is fine. Two is fine."])
    }

    @Test func callsAndResultsOfToolsAreJudged() async throws {
        let world = World([.call("act", #"{"to":"bob"}"#), .text("done")])
        let value = try await world.value(
            head + """
                local seen = {}
                local bot = agent.new { tools = { act }, guardrails = {
                  tool_call = { { messages = true, check = function(text, ctx)
                    seen[1] = { ctx.tool, ctx.arguments.to, #ctx.messages }
                    return { action = "replace", arguments = { to = "eve" }, reason = "wrong person" }
                  end } },
                  tool_result = { function(text, ctx) seen[2] = { ctx.tool, ctx.arguments.to, ctx.is_error, text } return "clean" end },
                } }
                local reply = bot:run("go")
                return { seen, reply.tool_calls[1].arguments.to, reply.tool_calls[1].result }
                """)
        #expect(
            value == [[["act", "bob", 1], ["act", "eve", false, "a bad result"]], "eve", "clean"])
    }

    @Test(arguments: [
        ("function() end", "a guardrail must return true, a text, a table, or nil and a reason; it returned nil"),
        ("function() return 7 end", "it returned number"), ("function() error('oops') end", "oops"),
        ("function() return { action = 'allow' } end", "action: expected"),
        ("function() return { action = 'replace' } end", "text: expected a string"),
        ("function() return { action = 'block', score = 2 } end", "score: expected 0.0 to 1.0"),
        ("function() while true do end end", "could not judge"),
    ])
    func aFunctionThatGivesNoVerdictBlocks(function: String, says: String) async throws {
        var world = World([.text("never")])
        world.environment.limits.computeTime = .milliseconds(50)
        let value = try? await world.value(
            head
                + "local r, why = agent.new { guardrails = { input = { \(function) } } }:run('hi') return { r == nil, why }"
        )
        if let value {
            #expect(value.arrayValue?[0] == true)
            #expect(value.arrayValue?[1].stringValue?.contains(says) == true, "\(value)")
        } else {
            // A loop uses up the script's own time.
            #expect(function.contains("while"))
        }
        #expect(world.model.requests.isEmpty)
    }

    @Test func aRuleMayLetPassWhatItCannotJudge() async throws {
        let world = World([.text("ok")])
        let value = try await world.value(
            head + """
                local rule = { name = "broken", check = function() error("oops") end, on_error = "pass" }
                local reply = agent.new { guardrails = { input = { rule } } }:run("hi")
                return { reply.text, reply.guardrails[1].outcome, reply.guardrails[1].failed }
                """)
        #expect(value == ["ok", "unchecked", true])
    }

    @Test(arguments: [
        ("input = { 'moderation', nil, 'pii' }", "expected a list without gaps"),
        ("input = { { type = 'pii', name = '' } }", "input[1].name: expected 1 to 64 characters on one line"),
        ("input = { { type = 'pii', name = 'a\\nb' } }", "input[1].name: expected 1 to 64"),
        ("input = {}", "input: expected at least one rule"),
        ("output = { undefined_name }", "expected at least one rule"),
        ("input = { 7 }", "input[1]: expected a name, a table or a function, found number"),
        ("input = { 'modration' }", "input[1]: there is no guardrail \"modration\"; there are moderation"),
        ("input = { { type = 'pii', colour = 1 } }", "the guardrail \"pii\" has no field 'colour'"),
        ("input = { { type = 'pii', check = print } }", "type and check exclude each other"),
        ("input = { { check = 7 } }", "input[1].check: expected a function"),
        ("output = { { type = 'pii', parallel = true } }", "only input can be judged beside the model"),
        ("output = { { type = 'pii', history = true } }", "only input and tool results"),
        ("input = { { type = 'pii', timeout = 0 } }", "timeout: expected"),
        ("input = { { type = 'pii', on_error = 'ignore' } }", "on_error: expected one of \"block\", \"pass\""),
        ("delay = -1", "delay: expected 0 or more"), ("delay = 'soon'", "delay"),
    ])
    func whatIsWrongIsNamedWithItsLine(fields: String, says: String) async {
        let error = await World().error("local agent = require 'agent'\nagent.new { guardrails = { \(fields) } }")
        #expect(error.contains("test.lua:2:"), "\(error)")
        #expect(error.contains(says), "\(error)")
    }

    /// The newer request field of the Mistral API is a list, in its own words.
    @Test func aListIsWhatTheProviderJudgesBy() async throws {
        let world = World([.text("ok")])
        _ = try await world.value(
            head
                + "agent.ask('hi', { guardrails = { { block_on_error = true, moderation_llm_v2 = { action = 'block' } } } })"
        )
        #expect(
            world.model.requests[0].options.extra["guardrails"] == [
                ["block_on_error": true, "moderation_llm_v2": ["action": "block"]]
            ])
    }

    @Test func anEmptyTableIsNone() async throws {
        let world = World([.text("ok")])
        let value = try await world.value(head + "return agent.ask('hi', { guardrails = {} }).text")
        #expect(value == "ok")
    }

    /// `block` was lost on its way through a chat; a handled block of an earlier stream ended a script with 7.
    @Test func aChatTellsOfABlockAndAStreamForgetsIt() async throws {
        let world = World([.text("bad."), .text("bad."), .text("fine.")])
        let value = try await world.value(
            head + """
                local bot = agent.new { guardrails = { output = { no_bad } } }
                local _, _, block = bot:chat():run("go")
                for _ in bot:stream("go") do end
                return block.guardrail
                """)
        #expect(value == "function")
        let error = await #expect(throws: ScriptError.self) {
            _ = try await World([.text("bad."), .text("fine.")]).script(
                head + """
                    local bot = agent.new { guardrails = { output = { no_bad } } }
                    for _ in bot:stream("go") do end
                    for _ in bot:stream("go") do end
                    error("other")
                    """)
        }
        #expect(error?.block == nil)
    }
}
