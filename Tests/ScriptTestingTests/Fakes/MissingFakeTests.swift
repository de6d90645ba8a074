// SPDX-License-Identifier: Apache-2.0

import LuaAgents
import ScriptTesting
import Testing

/// What has no fake fails the test, also where something between the script and the test makes something else of the error.
@Suite struct MissingFakeTests {
    private let folder: TestFolder
    init() throws { folder = try TestFolder() }

    private static let asks = [
        (
            "agent.exec { 'git', 'push' }", "exec = { ['git log'] = '' }",
            "agent.exec 'git push': no fake answers there; there are fakes for git log"
        ),
        ("agent.embed('b', { model = 'm' })", "embed = { a = { 1 } }", "fakes.embed: \"b\": no fake answers there"),
        (
            "agent.ocr('https://e.test/a')", "embed = { a = { 1 } }",
            "agent.ocr: no fake answers there; there are fakes for agent.embed"
        ),
        (
            "agent.http.get('https://a.test/other')", "http = { ['https://a.test/'] = 'x' }",
            "GET https://a.test/other: no fake answers there; there are fakes for https://a.test/"
        ),
        ("agent.index.open():search('b')", "index = { a = {} }", "fakes.index: \"b\": no fake answers there"),
        ("agent.index.open():info()", "index = { a = {} }", "index:info: no fake answers there"),
        ("agent.files.list()", "batch = { a = '' }", "agent.files.list: no fake answers there"),
    ]

    /// The test's only failure is the first thing that is missing.
    private func expectMissing(_ says: String, _ task: String, _ test: String) async throws {
        try folder.write("local agent = require 'agent'\n" + task, to: "task.lua")
        let result = try await folder.test(test)
        #expect(result.status == .failed)
        #expect(result.said.count == 1)
        #expect(result.said.first?.contains(says) == true, "\(result.said)")
    }

    @Test(arguments: asks, ["%", "pcall(function() % end)"])
    func insideATool(ask: (call: String, fakes: String, says: String), form: String) async throws {
        let call = form.split(separator: "%", omittingEmptySubsequences: false).joined(separator: ask.call)
        try await expectMissing(
            ask.says,
            """
            local look = agent.tool { name = "look", run = function() \(call) return "seen" end }
            return agent.new { tools = { look } }
            """,
            """
            local run = t:run('task.lua', 'go', {
              model = t.scripted { t.calls('look', {}), 'done' }, fakes = { \(ask.fakes) } })
            t:equal(run.text, 'done')
            """)
    }

    @Test(arguments: asks)
    func insideAToolThatATestHasLoaded(ask: (call: String, fakes: String, says: String)) async throws {
        try await expectMissing(
            ask.says,
            """
            return agent.tool { name = "look", run = function() pcall(function() \(ask.call) end) return "seen" end }
            """,
            """
            local tools = t:load('task.lua', { fakes = { \(ask.fakes) } })
            pcall(tools.look, {})
            t:ok(true)
            """)
    }

    @Test func whileAFileIsLoadedForItsTools() async throws {
        try await expectMissing(
            "fakes.embed: \"b\"",
            """
            pcall(agent.embed, "b", { model = "m" })
            return agent.tool { name = "look", run = function() return "seen" end }
            """, "t:load('task.lua', { fakes = { embed = { a = { 1 } } } }) t:ok(true)")
    }

    @Test func insideAGuardrailThatLetsEverythingPass() async throws {
        try await expectMissing(
            "fakes.embed: \"b\"",
            """
            local function check() pcall(agent.embed, "b", { model = "m" }) return true end
            return agent.new { guardrails = { output = { { name = "near", check = check } } } }
            """,
            """
            t:run('task.lua', 'go', { model = t.scripted { 'done' }, fakes = { embed = { a = { 1 } } } })
            t:ok(true)
            """)
    }

    @Test func theFirstOfSeveralIsNamed() async throws {
        try await expectMissing(
            "fakes.embed: \"b\"",
            """
            local look = agent.tool { name = "look", parameters = { text = agent.schema.string {} },
              run = function(args) pcall(agent.embed, args.text, { model = "m" }) return "seen" end }
            return agent.new { tools = { look } }
            """,
            """
            t:run('task.lua', 'go', { fakes = { embed = { a = { 1 } } }, model = t.scripted {
              t.calls('look', { text = 'a' }), t.calls('look', { text = 'b' }), t.calls('look', { text = 'c' }), 'done' } })
            """)
    }

    /// A script may speak of fakes as it likes.
    @Test func anErrorOfTheSameWordsIsTheScriptsOwn() async throws {
        try folder.write("error('no fake answers there')", to: "task.lua")
        let result = try await folder.test(
            "t:failed(t:run('task.lua', nil, { model = t.scripted {} }), 'script', 'no fake answers')")
        #expect(result.status == .passed, "\(result.said)")
    }
}
