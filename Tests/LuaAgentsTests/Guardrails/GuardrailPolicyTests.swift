// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import LuaRuntime
import Testing

@Suite(.inBothStrengths) struct GuardrailPolicyTests {
    private func policy(_ source: String, name: String = "policy.lua") async throws -> GuardrailPolicy {
        try await GuardrailPolicy.load(Array(source.utf8), name: name, in: World().environment)
    }

    private func world(
        _ replies: [ScriptedModel.Reply], under policies: [GuardrailPolicy]
    ) -> World {
        var world = World(replies)
        world.environment.overrides.guardrails = policies
        return world
    }

    private let noBad = """
        return require("agent").guardrails {
          input = { { name = "no_bad", check = function(text) if text:find("bad") then return nil, "bad" end return true end } },
        }
        """

    @Test func aPolicyComesBeforeTheRulesOfAScript() async throws {
        let world = world([.text("never")], under: [try await policy(noBad)])
        let value = try await world.value(
            """
            local agent = require "agent"
            local asked = false
            local bot = agent.new { guardrails = { input = { function() asked = true return true end } } }
            local _, why = bot:run("bad")
            return { why, asked }
            """)
        #expect(
            value == [
                "the input was blocked by the guardrail \"no_bad\" (a rule of policy policy.lua): bad", false,
            ])
    }

    @Test(arguments: [
        "guardrails = nil", "guardrails = {}", "guardrails = { delay = 0 }",
    ])
    func aScriptCannotLoosenIt(fields: String) async throws {
        let world = world([.text("never")], under: [try await policy(noBad)])
        let value = try await world.value(
            "local _, why = require('agent').new { \(fields) }:run('bad') return why:match('no_bad')")
        #expect(value == "no_bad")
    }

    @Test(arguments: [("", 1), ("delay = 0,", 1), ("delay = 3,", 3)])
    func theLongerDelayHolds(own: String, expected: Int) async throws {
        let policy = try await policy(#"{"input": [{"type": "max_length", "characters": 9}]}"#, name: "p.json")
        var world = world([], under: [policy])
        world.environment.overrides.guardrailDelay = own.isEmpty ? .sentences(0) : nil
        guard
            case .agent(let agent) = try await world.script("return require('agent').new { guardrails = { \(own) } }")
                .outcome
        else {
            Issue.record("expected an agent")
            return
        }
        #expect(agent.guardrails.delay == .sentences(expected))
    }

    @Test func withoutAPolicyAScriptMayDoWithoutDelay() async throws {
        let world = World()
        guard
            case .agent(let agent) = try await world.script(
                "return require('agent').new { guardrails = { delay = 0 } }"
            ).outcome
        else {
            Issue.record("expected an agent")
            return
        }
        #expect(agent.guardrails.delay == .sentences(0))
    }

    @Test func severalPoliciesHoldTogether() async throws {
        let first = try await policy(
            #"{"input": [{"type": "max_length", "characters": 5, "action": "replace"}]}"#, name: "a.json")
        let second = try await policy(
            #"{"safe_prompt": true, "output": "max_length", "mistral": [{"moderation_llm_v2": {"action": "block"}}]}"#
                .replacing(#""max_length","#, with: #"{"type": "max_length", "characters": 3, "action": "replace"},"#),
            name: "b.json")
        let world = world([.text("abcdef")], under: [first, second])
        let value = try await world.value(
            "local r = require('agent').ask('0123456789', { safe_prompt = false }) return { r.messages[1].content, r.text, r.guardrails[2].owner }"
        )
        #expect(value == ["01234", "abc", "policy b.json"])
        let options = world.model.requests[0].options
        #expect(options.safePrompt == true)
        #expect(options.extra["guardrails"] == [["moderation_llm_v2": ["action": "block"]]])
    }

    @Test func everyKindIsMade() async throws {
        let policy = try await policy(
            #"""
            {"input": [{"type": "self_reflection", "categories": {"poison": "how to poison"}}, "pii", "secrets",
                       {"type": "moderation", "on_error": "pass"}],
             "output": [{"type": "max_length", "characters": 9}, {"type": "regex", "pattern": "\\d", "action": "replace"},
                        {"type": "json_only", "schema": {"type": "object"}}],
             "tool_result": {"type": "prompt_injection", "threshold": 0.3, "name": "injection"}}
            """#, name: "p.json")
        var world = World()
        world.environment.overrides.guardrails = [policy]
        let made = try world.environment.guardrails()
        #expect(made.input.map(\.guardrail.name) == ["self_reflection", "pii", "secrets", "moderation"])
        #expect(made.output.map(\.guardrail.name) == ["max_length", "regex", "json_only"])
        #expect(made.toolResult.map(\.guardrail.name) == ["injection"])
        #expect(made.input[3].failsOpen)
        #expect(policy.summary.map(\.stage) == [.input, .output, .toolResult])
    }

    @Test(arguments: [
        ("p.json", "{", "p.json"), ("p.json", "[]", "expected a table with string keys"),
        ("p.json", #"{"input": [{"type": "function", "id": 1}]}"#, "input[1]: a JSON file has no functions"),
        ("p.json", #"{"input": [{"type": "max_length"}]}"#, "input[1]: max_length needs characters"),
        ("p.json", #"{"input": {"type": "regex", "pattern": "("}}"#, "input[1].pattern: "),
        (
            "p.json", #"{"input": {"type": "pii", "kinds": ["shoe_size"]}}"#,
            "there is no kind \"shoe_size\"; there are email"
        ),
        ("p.json", #"{"input": {"type": "moderation"}}"#, "input[1]: there is no moderation service here"),
        ("p.json", #"{"input": {"type": "json_only", "schema": {"type": "thing"}}}"#, "input[1].schema: "),
        ("p.json", #"{"input": {"type": "self_reflection", "categories": []}}"#, "categories: expected at least one"),
        ("p.json", #"{"input": []}"#, "p.json.input: expected at least one rule; is a name misspelt?"),
        ("p.lua", "\nreturn { input = { pii } }", "p.lua:2: unknown name 'pii'"),
        ("p.lua", "#!/usr/bin/env agent\nreturn { output = typo }", "p.lua:2: unknown name 'typo'"),
        ("p.lua", "return 7", "p.lua: expected a table"), ("p.lua", "x = ", "p.lua:1:"),
        ("p.lua", "return { inptu = {} }", "p.lua.inptu: unknown field"), ("p.lua", "", "returns a table"),
        ("p.lua", "return require('agent').fs.read('/etc/passwd')", "--allow-read"),
    ])
    func whatIsWrongWithAFileIsNamed(name: String, source: String, says: String) async {
        var said = ""
        do {
            var world = World()
            world.environment.overrides.guardrails = [try await policy(source, name: name)]
            _ = try world.environment.guardrails()
        } catch {
            said = "\(error)"
        }
        #expect(said.contains(says), "\(said)")
    }

    /// A text that used up the time of one check closed the state of the policy, and with it every later check.
    @Test func aTextThatIsTooMuchForOneCheckLeavesThePolicyInPlace() async throws {
        let source = """
            return require("agent").guardrails { input = { { name = "loops", on_error = "pass",
              check = function(text) while text == "loop" do end if text == "bad" then return nil, "bad" end return true end } } }
            """
        var own = World().environment
        own.limits.computeTime = .milliseconds(30)
        let policy = try await GuardrailPolicy.load(Array(source.utf8), name: "policy.lua", in: own)
        let world = world([.text("ok"), .text("never")], under: [policy])
        let value = try await world.value(
            """
            local agent = require "agent"
            local first = agent.ask("loop")
            local second, why = agent.ask("bad")
            return { first.guardrails[1].outcome, second == nil, why }
            """)
        #expect(
            value == [
                "unchecked", true,
                "the input was blocked by the guardrail \"loops\" (a rule of policy policy.lua): bad",
            ])
    }

    /// Nobody says which of two rules counts for the service.
    @Test func aScriptsOwnRulesForTheServiceGiveWayToThePolicys() async throws {
        let policy = try await policy(#"{"mistral": [{"moderation_llm_v2": {"action": "block"}}]}"#, name: "p.json")
        let world = world([.text("ok")], under: [policy])
        _ = try await world.value(
            "require('agent').ask('hi', { guardrails = { { moderation_llm_v2 = { action = 'none' } } } })")
        #expect(world.model.requests[0].options.extra["guardrails"] == [["moderation_llm_v2": ["action": "block"]]])
    }
}
