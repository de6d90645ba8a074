// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import Testing

/// `agent test` as a program.
@Suite struct TestCommandTests {
    private static let passing = """
        local agent = require "agent"
        agent.test("one", function(t) t:ok(true) end)
        agent.test("two", function(t) t:equal(1, 1) t:equal(2, 2) end)
        """
    private static let failing = """
        local agent = require "agent"
        agent.test("three", function(t) print("look") t:equal(1, 2) end)
        agent.test("four", function(t) t:ok(true) end)
        """

    private func run(_ arguments: [String], _ files: [String: String]) async throws -> (Outcome, Folder) {
        let command = try Command()
        for (name, text) in files {
            let folder = URL(fileURLWithPath: command.folder.path + "/" + name).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try command.folder.write(text, to: name)
        }
        return (try await command.run(["test"] + arguments), command.folder)
    }

    /// Without the time, which no two runs share.
    private func steady(_ text: String) -> String {
        text.replacing(#/, \d+(\.\d+)? m?s\)/#, with: ")")
    }

    @Test func testsOfTheFolderAreFoundAndRunInOrder() async throws {
        let (outcome, _) = try await run(
            [], ["b_test.lua": Self.passing, "sub/a_test.lua": Self.passing, "a.lua": "error()"])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.err.isEmpty)
        #expect(
            steady(outcome.out) == """
                b_test.lua
                  ok    one
                  ok    two
                sub/a_test.lua
                  ok    one
                  ok    two
                4 passed (6 checks)

                """)
    }

    @Test func aFailureIsShownWithItsLineAndExitsWith1() async throws {
        let (outcome, _) = try await run(["-j", "4"], ["a_test.lua": Self.passing, "sub/b_test.lua": Self.failing])
        #expect(outcome.status == 1)
        #expect(outcome.err.isEmpty, "\(outcome.err)")
        #expect(
            steady(outcome.out).hasSuffix(
                """
                sub/b_test.lua
                  FAIL  three
                      sub/b_test.lua:2: expected 2, found 1
                      printed:
                        look
                  ok    four
                3 passed, 1 failed (5 checks)

                """), "\(outcome.out)")
    }

    @Test func aFileThatCannotBeLoadedIsAFailure() async throws {
        let (outcome, _) = try await run([], ["a_test.lua": "agent.test(", "b_test.lua": Self.passing])
        #expect(outcome.status == 1)
        #expect(outcome.out.contains("  FAIL  (loading the file)\n      a_test.lua:1:"), "\(outcome.out)")
        #expect(outcome.out.contains("2 passed, 1 failed"))
    }

    @Test(arguments: [
        ([], "no tests: there is no file named *_test.lua in ."),
        (["none"], "none: No such file or directory"),
        (["--filter", "x", "a_test.lua"], "no tests: --filter selects none"),
        (["--filter", "/(/", "a_test.lua"], "--filter:"), (["--jobs", "0"], "--jobs: expected 1 to 10000, found 0"),
        (["--record", "--live"], "--record and --live exclude each other"),
        (["--watch", "--list"], "--watch excludes"), (["--pass-rate", "0"], "--pass-rate: expected"),
        (["empty.lua"], "no tests: no file registers one with agent.test"),
    ])
    func wrongUsageAndNoTestsExitWith2(arguments: [String], says: String) async throws {
        let name = arguments.contains("a_test.lua") ? "a_test.lua" : "a.lua"
        let (outcome, _) = try await run(arguments, [name: Self.passing, "empty.lua": "return 1"])
        #expect(outcome.status == 2, "\(outcome.out)")
        #expect(outcome.err.contains(says), "\(outcome.err)")
    }

    @Test func testsAreListedAndFiltered() async throws {
        let files = ["a_test.lua": Self.passing, "b_test.lua": Self.failing]
        #expect(
            try await run(["--list"], files).0.out
                == "a_test.lua: one\na_test.lua: two\nb_test.lua: three\nb_test.lua: four\n")
        #expect(
            try await run(["--list", "--filter", "/(one|four)$/"], files).0.out == "a_test.lua: one\nb_test.lua: four\n"
        )
        let filtered = try await run(["--filter", "four"], files).0
        #expect(filtered.status == 0)
        #expect(steady(filtered.out) == "b_test.lua\n  ok    four\n1 passed (1 check)\n")
    }

    @Test func failFastStopsAtTheFirstFailure() async throws {
        let (outcome, _) = try await run(
            ["--fail-fast", "-j", "1", "--format", "tap"], ["a_test.lua": Self.failing, "b_test.lua": Self.passing])
        #expect(outcome.status == 1)
        #expect(outcome.out.contains("1..4\nnot ok 1 - a_test.lua: three\n"), "\(outcome.out)")
        #expect(outcome.out.hasSuffix("Bail out! stopped at the first failure\n"), "\(outcome.out)")
        #expect(outcome.out.contains("ok 2") == false)
    }

    @Test func jUnitGoesToAFileBesideTheText() async throws {
        let (outcome, folder) = try await run(["--junit", "out.xml"], ["sub/b_test.lua": Self.failing])
        #expect(outcome.status == 1)
        let xml = try folder.read("out.xml")
        #expect(xml.contains(#"<testsuites name="agent test" tests="2" failures="1""#), "\(xml)")
        #expect(
            xml.contains(#"<testcase name="three" classname="sub.b_test" file="sub/b_test.lua" line="2""#), "\(xml)")
        #expect(outcome.out.contains("FAIL  three"))
    }

    @Test func aTestIsTriedAsOftenAsIsAsked() async throws {
        let (outcome, _) = try await run(["--repeat", "5"], ["a_test.lua": Self.passing])
        #expect(outcome.out.contains("  ok    one 5 of 5 passed\n"), "\(outcome.out)")
        let flaky = """
            local agent = require "agent"
            agent.test("coin", function(t) t:ok(agent.random(1, 1000000) ~= 7, "seven") end)
            agent.test("never", function(t) t:ok(false, "no") end)
            """
        let (other, _) = try await run(["--repeat", "4", "--pass-rate", "0.5"], ["a_test.lua": flaky])
        #expect(other.status == 1)
        #expect(other.out.contains("  FAIL  never 0 of 4 passed\n"), "\(other.out)")
    }

    @Test func filesOfAFolderAreReadFromThere() async throws {
        let task = "return require('agent').fs.read('data.txt')"
        let test = """
            local agent = require "agent"
            agent.test("it", { allow = { read = { "data.txt" } } }, function(t)
              t:equal(t:run("task.lua", nil, { model = t.scripted {} }).output, arg[0])
            end)
            """
        let (outcome, _) = try await run(
            [],
            [
                "one/a_test.lua": test, "one/task.lua": task, "one/data.txt": "one/a_test.lua",
                "two/a_test.lua": test, "two/task.lua": task, "two/data.txt": "two/a_test.lua",
            ])
        #expect(outcome.status == 0, "\(outcome.out)")
    }

    @Test func grantsAreNamedFromWhereTheCommandWasStarted() async throws {
        let files = [
            "data.txt": "data",
            "sub/a_test.lua": """
            local agent = require "agent"
            agent.test("it", { allow = { read = { "../data.txt" } } }, function(t)
              t:equal(t:run("task.lua", nil, { model = t.scripted {} }).output, "data")
            end)
            """,
            "sub/task.lua": "return require('agent').fs.read('../data.txt')",
        ]
        let denied = try await run(["sub"], files).0
        #expect(denied.status == 1)
        #expect(
            denied.out.contains("the test asks for what is not granted; allow it with --allow-read=../data.txt"),
            "\(denied.out)")
        let allowed = try await run(["sub", "--allow-read=data.txt"], files).0
        #expect(allowed.status == 0, "\(allowed.out)")
    }

    @Test func whatAsksTheRealModelIsSkippedUntilItIsMeant() async throws {
        let test = """
            local agent = require "agent"
            agent.test("it", { tape = false }, function(t)
              t:contains(t:run("task.lua", "say cheese").text, "cheese")
            end)
            """
        let files = ["a_test.lua": test, "task.lua": "return require('agent').new { model = 'mistral-small-latest' }"]
        let skipped = try await Command.served(["test"], files: files) { _ in .completion("Cheese: cheese") }
        #expect(skipped.outcome.status == 0, "\(skipped.outcome.out)")
        #expect(skipped.outcome.out.contains("  skip  it: it asks the real model: run it with --live\n"))
        #expect(skipped.requests.isEmpty)
        let live = try await Command.served(["test", "--live"], files: files) { _ in .completion("Cheese: cheese") }
        #expect(live.outcome.status == 0, "\(live.outcome.out)")
        #expect(live.requests.count == 1)
    }

    /// The first prompt opens one gate, the prompt after the change another.
    @Test(.timeLimit(.minutes(15))) func aChangeOfATaskRunsItsTestsAgain() async throws {
        let (first, second) = (Gate(), Gate())
        let server = try await FakeModelServer.start { request in
            let prompt = (try? request.json)?["messages"]?[0]?["content"]?.stringValue
            (prompt == "after" ? second : first).open()
            return .completion("yes")
        }
        let command = try Command(server: server)
        let task = { (system: String) in
            "return require('agent').new { model = 'mistral-small-latest', instructions = '\(system)' }"
        }
        try command.folder.write(task("before"), to: "task.lua")
        try command.folder.write(
            """
            local agent = require "agent"
            agent.test("it", { tape = false }, function(t) t:equal(t:run("task.lua", "?").text, "yes") end)
            """, to: "a_test.lua")
        let status = try await command.run(["test", "--live", "--watch"], ending: .interrupt) {
            await first.pass()
            try command.folder.write(task("after"), to: "task.lua")
            await second.pass()
        }
        #expect(status == 130)
        await server.shutdown()
    }

    // MARK: - The project's own

    private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../.."

    @Test(arguments: ["tools/tests", "docs/examples"], [[], ["--isolate"]])
    func theToolsAndExamplesPassTheirTests(folder: String, walls: [String]) async throws {
        let command = try Command()
        let outcome = try await command.run(["test", Self.checkout + "/" + folder, "-q"] + walls)
        #expect(outcome.status == 0, "\(outcome.out)\(outcome.err)")
    }
}
