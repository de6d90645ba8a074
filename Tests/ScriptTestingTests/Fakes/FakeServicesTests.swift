// SPDX-License-Identifier: Apache-2.0

import LuaAgents
import ScriptTesting
import Testing

/// Services, indexes and programs of a run, as a test makes them up. How they answer well is shown by docs/examples/*_test.lua.
@Suite struct FakeServicesTests {
    private let folder: TestFolder
    init() throws { folder = try TestFolder() }

    private func run(_ task: String, _ fakes: String, _ checks: String = "t:ok(true)") async throws -> TestResult {
        try folder.write("local agent = require 'agent'\n\(task)", to: "task.lua")
        return try await folder.test(
            "local run = t:run('task.lua', nil, { model = t.scripted {}, fakes = { \(fakes) } })\n\(checks)")
    }

    private func expectPass(_ task: String, _ fakes: String, _ checks: String) async throws {
        let result = try await run(task, fakes, checks)
        #expect(result.status == .passed, "\(result.said)")
    }

    @Test(arguments: [
        (
            "agent.embed('b', { model = 'm' })", "embed = { a = { 1 } }",
            "fakes.embed: \"b\": no fake answers there; there are fakes for a"
        ),
        ("agent.moderate { 'b' }", "moderate = { a = {} }", "fakes.moderate: \"b\""),
        ("agent.ocr('https://e.test/b')", "ocr = { ['https://e.test/a'] = '' }", "fakes.ocr: \"https://e.test/b\""),
        ("agent.transcribe('https://e.test/b')", "transcribe = { a = '' }", "fakes.transcribe: \"https://e.test/b\""),
        ("agent.index.open():search('b')", "index = { a = {} }", "fakes.index: \"b\""),
        ("agent.index.open():info()", "index = { a = {} }", "index:info"),
        (
            "agent.ocr('https://e.test/a')", "embed = { a = { 1 } }",
            "agent.ocr: no fake answers there; there are fakes for agent.embed"
        ),
        ("agent.files.list()", "batch = { a = '' }", "agent.files.list"),
        (
            "agent.exec { 'git', 'push' }", "exec = { ['git log'] = '' }",
            "agent.exec 'git push': no fake answers there; there are fakes for git log"
        ),
    ])
    func whatHasNoFakeFailsTheTestWhateverTheScriptDoes(task: String, fakes: String, says: String) async throws {
        let result = try await run("pcall(function() \(task) end) return 1", fakes)
        #expect(result.said.count == 1)
        #expect(result.said.first?.contains(says) == true, "\(result.said)")
    }

    @Test(arguments: [
        ("embed = { a = 'x' }", "fakes.embed['a']: expected a list of numbers"),
        ("embed = { a = {} }", "fakes.embed['a']: expected a list of numbers"),
        ("moderate = { a = { pii = 2 } }", "fakes.moderate['a']: expected scores from 0 to 1"),
        ("ocr = { a = { page = 1 } }", "fakes.ocr['a']: expected a page's text"),
        ("transcribe = { a = 1 }", "fakes.transcribe['a']: expected what is said"),
        ("batch = { a = 1 }", "fakes.batch['a']: expected a text, or the body"),
        ("index = { a = { { path = 'x' } } }", "fakes.index['a']: expected a text or { text"),
        ("index = { a = { { text = 'x', line = 1 } } }", "fakes.index['a']: unknown field 'line'"),
        ("exec = { a = { code = 1 } }", "fakes.exec['a']: expected { status, stdout, stderr }"),
        ("exec = { a = 1 }", "fakes.exec['a']: expected what it prints"),
        ("embed = 1", "fakes.embed: expected a table"),
        ("dance = {}", "unknown fake 'dance'; there are batch, classify"),
    ])
    func whatIsNoAnswerIsSaidBeforeAnythingRuns(fakes: String, says: String) async throws {
        let result = try await run("agent.log.info 'runs'", fakes)
        #expect(result.said.first?.contains(says) == true, "\(result.said)")
    }

    @Test func aServiceFailsAsTheTestSays() async throws {
        try await expectPass(
            """
            local _, a = agent.embed("a", { model = "m" })
            local _, b = agent.embed("b", { model = "m" })
            return { a, b }
            """,
            "embed = { a = t.fails('rate_limited', 'slow down'), b = false }",
            """
            t:contains(run.output[1], "slow down")
            t:contains(run.output[2], "the fake of embed fails")
            """)
    }

    @Test func programsPrintWhatTheTestSays() async throws {
        try await expectPass(
            """
            local log = agent.exec { "git", "log", "-1" }
            local other = agent.exec { "git", "status", stdin = "in" }
            local none, why = agent.exec { "gone" }
            return { log.stdout, log.status, other.status, other.stderr, none == nil, why }
            """,
            """
            exec = { ["git log -1"] = "a1 first\\n", git = { status = 128, stderr = "no" }, gone = false }
            """,
            """
            t:equal(run.output, { "a1 first\\n", 0, 128, "no", true, "gone: no such program" })
            t:equal(run.asked[2], { service = "exec", input = "git status", words = { "git", "status" }, stdin = "in" })
            """)
    }

    @Test func aProgramThatIsNotFakedIsNotGranted() async throws {
        try await expectPass("agent.exec { 'sh', '-c', 'true' }", "exec = { git = '' }", "t:failed(run, 'denied')")
    }

    @Test func whatAToolDeclaresAsItsNeedsHoldsForFakesToo() async throws {
        try await expectPass(
            """
            local tool = agent.tool { name = "f", needs = {}, run = function() return agent.exec({ "git" }).stdout end }
            return tool {}
            """, "exec = { git = 'out' }", "t:failed(run, 'denied')")
    }

    @Test func filesOfServicesAreThoseOfTheTestAndNoneIsWritten() async throws {
        try folder.write("real", to: "a.pdf")
        try await expectPass(
            """
            local doc = assert(agent.ocr("a.pdf", { save_images = "out" }))
            local none, why = agent.ocr "b.pdf"
            return { doc.pages[1].images[1].path, none == nil, why }
            """,
            """
            fs = { ["a.pdf"] = "%PDF", ["out/i.png"] = false },
            ocr = { ["*"] = { pages = { { markdown = "", images = { { id = "i.png", image_base64 = "aGk=" } } } } } }
            """,
            """
            t:equal(run.output, { "out/i.png", true, "b.pdf: No such file or directory" })
            t:equal(run.files["out/i.png"], "hi")
            """)
        #expect(folder.exists("out") == false)
    }

    @Test func toolsOfAFileSeeFakesToo() async throws {
        try folder.write(
            """
            local agent = require 'agent'
            return agent.tool { name = "near", run = function() return agent.embed("a", { model = "m" })[1] end }
            """, to: "tools.lua")
        let result = try await folder.test(
            "t:equal(t:load('tools.lua', { fakes = { embed = { a = { 1, 2 } } } }).near {}, { 1.0, 2.0 })")
        #expect(result.status == .passed, "\(result.said)")
    }

    @Test func anAnnotationIsHeldToItsForm() async throws {
        try await expectPass(
            """
            local s = agent.schema
            local doc = assert(agent.ocr("https://e.test/a", { document_annotation = s.object { title = s.string {} } }))
            return { doc.document_annotation == nil, #doc.problems }
            """,
            "ocr = { ['*'] = { pages = { { markdown = '' } }, document_annotation = { title = 1 } } }",
            "t:equal(run.output, { true, 1 })")
    }
}
