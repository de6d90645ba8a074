// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONCore
import LuaAgents
import Testing

@Suite(.timeLimit(.minutes(10))) struct ExecTests {
    private func world(_ programs: [String], env: [String] = []) -> World {
        var world = World()
        world.environment.grants.exec = .only(programs)
        world.environment.grants.env = .only(env)
        world.environment.variables = { ["CITY": "Oslo", "KEY": "secret"][$0] }
        return world
    }

    private func result(_ call: String, in world: World) async throws -> JSONValue? {
        try await world.value(
            "local agent = require 'agent' local r, why = agent.exec \(call) return r or { why = why }")
    }

    @Test func aProgramRunsByItsWordsWithoutAShell() async throws {
        let world = world(["echo", "cat", "sh"])
        #expect(
            try await result("{ 'echo', '$HOME; *', 'a  b', 3 }", in: world)
                == ["status": 0, "stdout": "$HOME; * a  b 3\n", "stderr": ""])
        #expect(try await result("{ 'cat', stdin = 'a\\0b' }", in: world)?["stdout"] == "a\0b")
        #expect(
            try await result("{ 'sh', '-c', 'echo out; echo err >&2; exit 3' }", in: world)
                == ["status": 3, "stdout": "out\n", "stderr": "err\n"])
        #expect(try await result("{ 'sh', '-c', 'kill -9 $$' }", in: world)?["status"] == 137)
    }

    /// swift-subprocess 1.0.2 traps when a program ends before it has read what it is sent through a pipe.
    @Test func aProgramNeedNotReadItsInput() async throws {
        let call = "{ 'true', stdin = string.rep('x', 1 << 20) }"
        #expect(try await result(call, in: world(["true"]))?["status"] == 0)
    }

    @Test func theEnvironmentIsCleanButForWhatIsGrantedByName() async throws {
        let world = world(["env"], env: ["CITY"])
        let lines = try await result("{ 'env' }", in: world)?["stdout"]?.stringValue?.split(separator: "\n") ?? []
        #expect(Set(lines.map { $0.prefix { $0 != "=" } }) == ["PATH", "LANG", "CITY"])
        #expect(lines.contains("CITY=Oslo"))
        #expect(!lines.contains { $0.contains("secret") })
    }

    @Test(arguments: [
        "{ 'rm', '-rf', '/' }", "{ './sub/evil.sh' }", "{ '../bin/echo' }", "{ '/bin/../bin/ls' }", "{ 'echo ' }",
        "{ 'ECHO' }",
        "{ '' }", "{ 'ech' }", "{ '/tmp/echo' }",
    ])
    func whatIsNotGrantedIsDenied(call: String) async throws {
        let error = await world(["echo"]).error("local r = require('agent').exec \(call)")
        #expect(error.contains("test.lua:1:") && error.contains("--allow-exec="), "\(error)")
        #expect(await World().error("local r = require('agent').exec \(call)").contains("--allow-exec="))
        #expect(try await result("{ 'echo' }", in: world(["echo"]))?["status"] == 0)
    }

    @Test func aProgramIsFoundOnceAndByPathOnlyWhenGrantedSo() async throws {
        let folder = try TemporaryFolder()
        let program = try folder.write("#!/bin/sh\necho mine $0 $1", to: "mine")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        #expect(
            try await result("{ '\(program)', 'a' }", in: world([program]))?["stdout"] == .string("mine \(program) a\n")
        )
        #expect(
            await world(["mine"]).error("local r = require('agent').exec { '\(program)' }").contains("--allow-exec="))
        let missing = try await result("{ 'no-such-program' }", in: world(["no-such-program"]))
        #expect(missing?["why"] == "no-such-program: no such program")
    }

    @Test func theFolderMustBeGranted() async throws {
        let folder = try TemporaryFolder()
        var world = world(["pwd"])
        let denied = await world.error("local r = require('agent').exec { 'pwd', cwd = '\(folder.path)' }")
        #expect(denied.contains("--allow-read=\(folder.path)"), "\(denied)")
        world.environment.grants.write = .only([folder.path])
        let value = try await result("{ 'pwd', cwd = '\(folder.path)' }", in: world)
        #expect(value?["stdout"] == .string(folder.path + "\n"))
    }

    @Test func timeEndsAProgramWithAllItHasStarted() async throws {
        let folder = try TemporaryFolder()
        let call = """
            { 'sh', '-c', 'sleep 100 & echo $! > \(folder.path)/child; echo $$ > \(folder.path)/self; wait', timeout = 0.5 }
            """
        let value = try await result(call, in: world(["sh"]))
        #expect(value?["why"] == "sh: it did not end within 0.5 seconds")
        for name in ["child", "self"] {
            let text = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
            let number = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            // Killed, though perhaps not yet reaped by whoever adopted it.
            let state = (try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)) ?? " Z "
            #expect(state.contains(") Z ") || state == " Z " || kill(number, 0) != 0, "\(state)")
        }
    }

    @Test func outputHasALimit() async throws {
        let value = try await result("{ 'sh', '-c', 'yes | head -c 40000000' }", in: world(["sh"]))
        #expect(value?["why"] == "sh: it wrote more than 16 MiB")
    }

    @Test(arguments: [
        ("{}", "found no word"), ("{ 'echo', shell = true }", "unknown option 'shell'"),
        ("{ 'echo', {} }", "[2]: expected a string"),
        ("{ 'echo', 'a\\0b' }", "NUL"), ("{ 'echo', timeout = 0 }", "timeout"),
        ("{ 'echo', env = {} }", "unknown option 'env'"),
    ])
    func misuseIsNamed(call: String, says: String) async {
        let error = await world(["echo"]).error("local r = require('agent').exec \(call)")
        #expect(error.contains("test.lua:1:") && error.contains(says), "\(error)")
    }
}
