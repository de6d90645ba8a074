// SPDX-License-Identifier: Apache-2.0

import AgentTesting
import Foundation
import JSONCore
import Testing

@testable import LuaAgents

@Suite struct GrantTests {
    @Test(arguments: [
        "agent.fs.read('/etc/hostname')", "agent.fs.list('/')", "agent.fs.exists('/etc')",
        "agent.fs.write('/tmp/x', 'y')",
        "agent.env('HOME')", "agent.http.get('http://127.0.0.1:1/')",
    ])
    func nothingIsGrantedByDefault(call: String) async {
        let error = await World().error("local agent = require 'agent'\nlocal value = " + call)
        #expect(error.contains("test.lua:2:"), "\(error)")
        #expect(error.contains("allow it with --allow-"), "\(error)")
    }

    @Test func aDenialIsAnErrorOfItsOwnKind() async {
        let error = await #expect(throws: ScriptError.self) {
            _ = try await World().script("require('agent').env('HOME')")
        }
        #expect(error?.denial != nil)
    }

    @Test func aGrantedFolderIsReadWithAllThatIsInIt() async throws {
        let folder = try TemporaryFolder()
        try folder.write("hello", to: "a/b.txt")
        var world = World()
        world.environment.grants.read = .only([folder.path])
        let value = try await world.value(
            "local fs = require('agent').fs return { fs.read('\(folder.path)/a/b.txt'), fs.list('\(folder.path)'), fs.exists('\(folder.path)/no') }"
        )
        #expect(value == ["hello", ["a/"], false])
    }

    @Test(arguments: ["..", "link", "a/../../", "link/.."])
    func nothingLeadsOutOfAGrantedFolder(path: String) async throws {
        let outer = try TemporaryFolder()
        try outer.write("secret", to: "secret.txt")
        try outer.write("x", to: "inner/a/x.txt")
        symlinkForTest("..", at: outer.path + "/inner/link")
        let access = FileAccess(grants: Grants(read: .only([outer.path + "/inner"])))
        #expect(throws: DeniedError.self) { try access.read(outer.path + "/inner/" + path + "/secret.txt") }
    }

    @Test func outsideTheGrantsNobodyLearnsWhatExists() throws {
        let folder = try TemporaryFolder()
        let access = FileAccess(grants: Grants(read: .only([folder.path])))
        #expect(throws: DeniedError.self) { try access.exists("/etc/hostname") }
        #expect(throws: DeniedError.self) { try access.exists("/etc/no-such-file") }
    }

    @Test func aMissingFileIsAReasonNotAnError() async throws {
        let folder = try TemporaryFolder()
        var world = World()
        world.environment.grants.read = .only([folder.path])
        let value = try await world.value(
            "local t, why = require('agent').fs.read('\(folder.path)/none') return { t == nil, why }")
        #expect(value == [true, .string("\(folder.path)/none: No such file or directory")])
    }

    @Test func writingIsWholeAndStaysInside() async throws {
        let folder = try TemporaryFolder()
        var world = World()
        world.environment.grants.write = .only([folder.path])
        world.environment.grants.read = .only([folder.path])
        let path = folder.path + "/new.bin"
        let value = try await world.value(
            "local fs = require('agent').fs fs.write('\(path)', 'a\\0b') return #fs.read('\(path)')")
        #expect(value == 3)
        let access = FileAccess(grants: world.environment.grants)
        #expect(throws: DeniedError.self) { try access.write(folder.path + "/../outside", []) }
        #expect(throws: (any Error).self) { try access.write("", []) }
        #expect(throws: (any Error).self) { try access.write(folder.path + "/a\0b", []) }
        #expect(try access.list(folder.path) == ["new.bin"])
    }

    /// A script without grants could send its prompts, and any variable as a key, to any server.
    @Test(arguments: [
        ("base_url = 'http://evil.test/v1'", "--allow-net=evil.test"),
        ("base_url = 'http://localhost:1/v1', api_key_env = 'AWS_SECRET'", "--allow-env=AWS_SECRET"),
    ])
    func aModelIsHeldToTheGrants(fields: String, flag: String) async {
        for reference in [
            "{ provider = 'openai', name = 'm', \(fields) }",
            "{ 'local', { provider = 'openai', name = 'm', \(fields) } }",
        ] {
            let error = await World().error("local reply = require('agent').ask('hi', { model = \(reference) })")
            #expect(error.contains(flag), "\(error)")
        }
    }

    /// A script without grants could ask any port of this machine, and send any key there.
    @Test func theOperatorsServerAndAProvidersKeyNeedNoGrant() async throws {
        let source = """
            return require('agent').ask('hi', { model = { provider = 'openai', name = 'm',
              base_url = 'http://127.0.0.1:8080/v1', api_key_env = 'OTHER_API_KEY' } }).text
            """
        var world = World([.text("ok")])
        #expect(await world.error(source).contains("--allow-env=OTHER_API_KEY"))
        world.environment.grants.env = .only(["OTHER_API_KEY"])
        #expect(await world.error(source).contains("--allow-net=127.0.0.1:8080"))
        world.environment.grants = .none
        world.environment.variables = { $0 == "OPENAI_BASE_URL" ? "http://127.0.0.1:8080/v1" : nil }
        #expect(try await world.value(source) == "ok")
    }

    @Test func onlyGrantedVariablesAreSeen() async throws {
        var world = World()
        world.environment.grants.env = .only(["CITY"])
        world.environment.variables = { $0 == "CITY" ? "Oslo" : "secret" }
        #expect(try await world.value("return require('agent').env('CITY')") == "Oslo")
        #expect(await world.error("return require('agent').env('KEY')").contains("--allow-env=KEY"))
    }

    @Test func aVariableThatIsNotSetIsNil() async throws {
        var world = World()
        world.environment.grants.env = .everything
        #expect(try await world.value("return require('agent').env('NONE') or 'default'") == "default")
    }

    @Test func writingFollowsLinksAndKeepsPermissions() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("old", to: "file")
        symlinkForTest("file", at: folder.path + "/link")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try AtomicFile.write(Array("new".utf8), to: folder.path + "/link")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "new")
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
    }

    @Test func whatIsNoFileIsNotReplacedByOne() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: FileProblem.self) { try AtomicFile.write([1], to: pipe) }
        let reader = open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try AtomicFile.write([7], to: pipe)
        var byte: UInt8 = 0
        #expect(read(reader, &byte, 1) == 1 && byte == 7)
    }

    @Test(arguments: [
        ("example.org", 443, true, ["example.org"], true), ("example.org", 8080, false, ["example.org"], false),
        ("example.org", 8080, false, ["example.org:8080"], true), ("a.example.org", 443, true, ["*.example.org"], true),
        ("example.org", 443, true, ["*.example.org"], false), ("evil-example.org", 443, true, ["*.example.org"], false),
        ("EXAMPLE.org", 443, true, ["example.ORG"], true), ("example.org.evil.test", 443, true, ["example.org"], false),
    ])
    func hostsAreMatchedWhole(host: String, port: Int, isDefault: Bool, patterns: [String], allowed: Bool) {
        let grants = Grants(net: .only(patterns))
        #expect(grants.allowsHost(host, port: port, isDefaultPort: isDefault) == allowed)
    }
}
