// SPDX-License-Identifier: Apache-2.0

import AgentCore
import LuaAgents
import ScriptTesting
import Testing

@Suite struct TestFileRunTests {
    private let folder: TestFolder
    init() throws { folder = try TestFolder() }

    @Test func testsAreRegisteredWithTheirPlace() async throws {
        let file = TestFile(
            path: "sub/x_test.lua", folder: folder.path,
            source: Array(
                """
                local agent = require "agent"
                agent.test("one", function(t) end)
                agent.test("two", { skip = "later", timeout = 2 }, function(t) end)
                """.utf8))
        let tests = try await TestFileRun(file, in: TestWorld(live: ScriptEnvironment(models: NoModel()))).tests()
        #expect(tests.map(\.name) == ["one", "two"])
        #expect(tests.map(\.position) == ["sub/x_test.lua:2", "sub/x_test.lua:3"])
        #expect(tests.map(\.skip) == [nil, "later"])
        #expect(tests.map(\.timeout) == [nil, 2])
    }

    @Test(arguments: [
        ("agent.test('a', function() end) agent.test('a', function() end)", "a test 'a' already, at x_test.lua:2"),
        ("agent.test('a b', function() end) agent.test('a-B', function() end)", "would have the same tapes"),
        ("agent.test('', function() end)", "a test needs a name"),
        ("agent.test('a')", "expected a function, found nil"),
        ("agent.test(3, function() end)", "expected a string, found number"),
        ("agent.test('a', { timeout = 0 }, function() end)", "timeout: expected seconds, more than 0, found 0"),
    ])
    func misuseIsNamedWithItsLine(source: String, says: String) async {
        let error = await #expect(throws: ScriptError.self) { try await folder.run(source) }
        #expect(error?.description.contains("x_test.lua:2:") == true, "\(String(describing: error))")
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func eachTestHasALuaStateOfItsOwn() async throws {
        let results = try await folder.run(
            """
            count = 0
            agent.test("one", function(t) count = count + 1 t:equal(count, 1) end)
            agent.test("two", function(t) count = count + 1 t:equal(count, 1) end)
            """)
        #expect(results.map(\.status) == [.passed, .passed])
    }

    @Test func aTestThatChecksNothingFails() async throws {
        let result = try await folder.test("local x = 1")
        #expect(
            result.said == ["x_test.lua:2: it checks nothing, so it could not fail; use t:ok, t:equal, t:called, …"])
    }

    @Test func checksThatFailGoOnAndRequireStops() async throws {
        let result = try await folder.test(
            """
            t:ok(false, "first")
            pcall(function() t:require(nil, "second") end)
            t:ok(false, "third")
            """)
        #expect(result.said == ["x_test.lua:3: first", "x_test.lua:4: second"])
        #expect(result.checks == 2)
    }

    @Test func anErrorFailsTheTestWithItsTraceback() async throws {
        let result = try await folder.test("t:ok(true)\nlocal function f() local x\n return #x end\nlocal y = f() + 1")
        #expect(result.said == ["x_test.lua:5: attempt to get length of a nil value (local 'x')"])
        #expect(result.failures[0].detail.contains("x_test.lua:6"), "\(result.failures[0].detail)")
    }

    @Test func aTestMaySkipItself() async throws {
        let result = try await folder.test("t:skip 'no data'")
        #expect(result.status == .skipped("no data"))
    }

    @Test func aFailureBeforeASkipIsAFailure() async throws {
        let result = try await folder.test("t:ok(false, 'wrong') t:skip 'no data'")
        #expect(result.status == .failed)
    }

    @Test(arguments: ["agent.sleep(100)", "while true do end"]) func aTestThatTakesTooLongFails(body: String)
        async throws
    {
        let results = try await folder.run(
            "agent.test('it', { timeout = 0.05 }, function(t) t:ok(true) \(body) end)")
        #expect(results[0].said.count == 1)
        #expect(results[0].said[0].contains("it took longer than 0.05 seconds"))
    }

    @Test func whatATestPrintsIsKept() async throws {
        let result = try await folder.test("print('hello') t:ok(true)")
        #expect(result.printed == "hello\n")
    }

    @Test func nothingIsGrantedToATestButItsFolder() async throws {
        try folder.write("inside", to: "data.txt")
        let inside = try await folder.test("t:equal(agent.fs.read('\(folder.path)/data.txt'), 'inside')")
        #expect(inside.status == .passed, "\(inside.said)")
        for call in ["agent.fs.read '/etc/hostname'", "agent.http.get 'http://example.org/'", "agent.env 'HOME'"] {
            let outside = try await folder.test("t:ok(true) \(call)")
            #expect(outside.said[0].contains("is not granted"), "\(outside.said)")
        }
        let asked = try await folder.test("t:ok(true) agent.ask('hello')")
        #expect(asked.said[0].contains("a test asks a model through t:run alone"), "\(asked.said)")
    }

    @Test func otherScriptsAreToldWhereTestsBelong() async {
        let error = await #expect(throws: ScriptError.self) {
            try await Script.run(
                Array("require('agent').test('x', function() end)".utf8), name: "a.lua",
                in: ScriptEnvironment(models: NoModel()))
        }
        #expect(error?.description.contains("run it with: agent test FILE") == true, "\(String(describing: error))")
    }
}

@Suite struct RegisteredTestTests {
    @Test(arguments: [
        ("Asks for both cities", "asks-for-both-cities"), ("a/b: c?", "a-b-c"), ("Größe 7", "größe-7"), ("..", "test"),
        (String(repeating: "ab ", count: 60), String(String(repeating: "ab-", count: 27).prefix(80))),
    ])
    func tapesAreNamedAfterTests(name: String, tape: String) {
        let test = RegisteredTest(number: 1, name: name, position: "", skip: nil, timeout: nil)
        #expect(test.tapeName == tape)
    }
}
