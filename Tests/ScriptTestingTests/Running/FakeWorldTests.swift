// SPDX-License-Identifier: Apache-2.0

import LuaAgents
import ScriptTesting
import Testing

/// Files, addresses, variables and the clock of a run, as a test makes them up; and what may really be touched.
@Suite struct FakeWorldTests {
    private let folder: TestFolder
    init() throws { folder = try TestFolder() }

    private func run(_ task: String, _ options: String, _ checks: String = "t:ok(true)") async throws -> TestResult {
        try folder.write("local agent = require 'agent'\n\(task)", to: "task.lua")
        return try await folder.test("local run = t:run('task.lua', nil, { \(options) })\n\(checks)")
    }

    private func expectPass(_ task: String, _ options: String, _ checks: String) async throws {
        let result = try await run(task, options, checks)
        #expect(result.status == .passed, "\(result.said)")
    }

    private static let scripted = "model = t.scripted {}, "

    @Test func addressesAnswerWhatTheTestSays() async throws {
        try await expectPass(
            """
            local a = agent.http.get("https://api.example.test/a?x=1")
            local b = agent.http.post("https://api.example.test/b", { json = { n = 1 } })
            local c, why = agent.http.get("https://down.example.test/")
            return { a.body, b:json().ok, b.status, c == nil, why }
            """,
            Self.scripted + """
                fakes = { http = {
                  ["https://api.example.test/a?x=1"] = "plain",
                  ["POST https://api.example.test/b"] = { status = 201, json = { ok = true } },
                  ["https://down.example.test/"] = false,
                } }
                """,
            """
            t:equal(run.output, { "plain", true, 201, true, "down.example.test: no connection to down.example.test" })
            t:equal(run.http[2], { method = "POST", url = "https://api.example.test/b", body = '{"n":1}' })
            """)
    }

    @Test func repliesOfAListComeOneAfterTheOther() async throws {
        try await expectPass(
            "local r = {} for i = 1, 3 do r[i] = agent.http.get('https://a.test/').status end return r",
            Self.scripted + "fakes = { http = { ['https://a.test/'] = { { status = 503 }, { status = 200 } } } }",
            "t:equal(run.output, { 503, 200, 200 })")
    }

    @Test func anAddressWithoutAFakeFailsTheTestWhateverTheScriptDoes() async throws {
        let result = try await run(
            "pcall(agent.http.get, 'https://a.test/other') return 1",
            Self.scripted + "fakes = { http = { ['https://a.test/'] = 'x' } }", "t:ok(true)")
        #expect(result.said.count == 1)
        #expect(
            result.said[0].contains(
                "GET https://a.test/other: no fake answers there; there are fakes for https://a.test/"),
            "\(result.said)")
    }

    @Test func otherHostsStayForbidden() async throws {
        try await expectPass(
            "return agent.http.get('https://b.test/')",
            Self.scripted + "fakes = { http = { ['https://a.test/'] = 'x' } }",
            "t:failed(run, 'denied', 'b.test')")
    }

    @Test func aFakeDoesNotLoosenWhatAToolDeclares() async throws {
        try await expectPass(
            """
            local get = agent.tool { name = "get", needs = { net = { "a.test" } },
              run = function() return agent.http.get("https://b.test/").body end }
            return get {}
            """,
            Self.scripted + "fakes = { http = { ['https://a.test/'] = 'a', ['https://b.test/'] = 'b' } }",
            "t:failed(run, 'denied', 'not among what the tool')")
    }

    @Test func filesAreThoseOfTheTestAndNothingIsWritten() async throws {
        try await expectPass(
            """
            agent.fs.write("out.txt", agent.fs.read("./notes/a.txt") .. "!")
            agent.fs.append("out.txt", "?")
            local none, why = agent.fs.read("notes/none.txt")
            return { agent.fs.list("notes"), agent.fs.list("."), agent.fs.exists("out.txt"), agent.fs.exists("b"), why }
            """,
            Self.scripted
                + "fakes = { fs = { ['notes/a.txt'] = 'hello', ['notes/sub/b.txt'] = '', ['out.txt'] = false } }",
            """
            t:equal(run.output, { { "a.txt", "sub/" }, { "notes/", "out.txt" }, true, false,
              "notes/none.txt: No such file or directory" })
            t:equal(run.files["out.txt"], "hello!?")
            """)
        #expect(folder.exists("out.txt") == false)
    }

    @Test func aFileThatIsNotListedMayNotBeWritten() async throws {
        try await expectPass(
            "agent.fs.write('other.txt', '')", Self.scripted + "fakes = { fs = { ['a.txt'] = '' } }",
            "t:failed(run, 'denied')")
    }

    @Test func theClockStandsUntilSomebodySleeps() async throws {
        try await expectPass(
            "local a = agent.now() agent.sleep(3600) return { a, agent.now() }",
            Self.scripted + "fakes = { now = 1000 }",
            "t:equal(run.output, { 1000.0, 4600.0 })")
    }

    @Test func variablesAndInputAreThoseOfTheTest() async throws {
        try await expectPass(
            "return { agent.env('TOKEN'), agent.stdin:read('l'), agent.stdin:read('a'), arg[1] }",
            Self.scripted + "fakes = { env = { TOKEN = 'abcdef' } }, stdin = 'one\\ntwo\\nthree', args = { 'word' }",
            "t:equal(run.output, { 'abcdef', 'one', 'two\\nthree', 'word' })")
    }

    @Test func whatATestAllowsIsHeldToWhatTheCommandWasGranted() async throws {
        let task = "return agent.fs.read('\(folder.path)/data.txt')"
        try folder.write("data", to: "data.txt")
        try await expectPass(
            task, Self.scripted + "allow = { read = { '\(folder.path)/data.txt' } }", "t:equal(run.output, 'data')")
        try await expectPass(task, Self.scripted, "t:failed(run, 'denied')")
        for allow in [
            "read = { '/etc' }", "write = true", "net = { 'example.org' }", "exec = { 'sh' }", "env = { 'HOME' }",
        ] {
            let result = try await run(task, Self.scripted + "allow = { \(allow) }")
            #expect(
                result.said.first?.contains("the test asks for what is not granted; allow it with --allow-") == true,
                "\(result.said)")
        }
    }

    @Test func whatTheCommandWasGrantedCanBeAllowed() async throws {
        let other = try TestFolder(["data.txt": "data"])
        try folder.write("return require('agent').fs.read('\(other.path)/data.txt')", to: "task.lua")
        let world = TestWorld(live: ScriptEnvironment(models: NoModel()), limit: Grants(read: .only([other.path])))
        let result = try await folder.test(
            "t:equal(t:run('task.lua', nil, { model = t.scripted {}, allow = { read = true } }).output, 'data')",
            in: world)
        #expect(result.status == .passed, "\(result.said)")
    }

    @Test func toolsAreCalledWithoutAModel() async throws {
        try folder.write(
            """
            local agent = require "agent"
            local s = agent.schema
            return { agent.tool { name = "double", parameters = { n = s.integer { default = 2 } },
              run = function(args) if args.n > 9 then return nil, "too big" end if args.n < 0 then error("negative") end
                return { n = args.n * 2 } end } }
            """, to: "tools.lua")
        let result = try await folder.test(
            """
            local tools = t:load "tools.lua"
            t:equal(tools.double { n = 4 }, { n = 8 })
            t:equal(tools.double {}, { n = 4 })
            local none, why = tools.double { n = 10 }
            t:equal(none, nil) t:equal(why, "too big")
            t:raises(function() tools.double { n = "x" } end, "integer")
            t:raises(function() tools.double { n = -1 } end, "tools.lua:4: negative")
            t:raises(function() return tools.triple end, "tools.lua has no tool 'triple' (it has: double)")
            """)
        #expect(result.status == .passed, "\(result.said)")
    }
}
