// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPCore
import JSONCore
import LuaAgents
import LuaRuntime
import Testing

/// The cases of the abuse corpus that reach for files, hosts and programs, through the door that scripts have.
@Suite(.timeLimit(.minutes(10))) struct CapabilityCorpusTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let mayReturn: Bool
        var testDescription: String { file }
    }

    private static let folder = checkout + "/Tests/Sandbox/corpus/lua/"

    static let cases: [Case] = {
        let text = (try? String(contentsOfFile: folder + "index.json", encoding: .utf8)) ?? ""
        let index = (try? JSONValue(parsing: text)).flatMap { $0["cases"] ?? $0 }?.arrayValue ?? []
        return index.compactMap { entry in
            guard let file = entry["file"]?.stringValue, let category = entry["cat"]?.stringValue,
                ["fs", "net", "exec", "escape"].contains(category)
            else { return nil }
            let kinds = entry["kind"]?.stringValue?.split(separator: "|") ?? []
            return Case(file: String(file.split(separator: "/").last ?? ""), mayReturn: kinds.contains("ok"))
        }
    }()

    /// The names of the corpus for the calls of this house; a relative path lies in the fixture.
    private static func prelude(_ root: String) -> String {
        """
        local agent = require "agent" \
        local function at(p) if type(p) == "string" and p ~= "" and p:sub(1, 1) ~= "/" then return "\(root)/" .. p end return p end \
        local function sure(v, why) if v == nil then error(why, 0) end return v end \
        local fs = { read = function(p) return sure(agent.fs.read(at(p))) end, write = function(p, d) return sure(agent.fs.write(at(p), d)) end } \
        local http = { get = function(u) return sure(agent.http.get(u)).body end } \
        local env = { get = agent.env } \
        local exec = { run = function(...) return sure(agent.exec { ... }).status == 0 end } \

        """.replacing("\n", with: " ")
    }

    private static func world(_ fixture: Fixture) -> World {
        var world = World()
        // Generous but for what the cases are after.
        world.environment.grants = Grants(
            net: .everything, read: .only([fixture.root]), write: .only([fixture.root]), exec: .only(["true"]))
        world.environment.transport = SpyTransport(redirects: [
            "/redirect-to-loopback": "http://127.0.0.1/", "/redirect-chain-20": "/redirect-chain-20",
            "/redirect-to-file": "file:///etc/passwd",
        ])
        world.environment.lookUp = { name in
            guard name.hasSuffix(".test") else { throw HTTPTransportError(.connect, "\(name) was not found") }
            return [IPAddress("93.184.216.34")].compactMap(\.self)
        }
        world.environment.limits.computeTime = .seconds(20)
        return world
    }

    @Test(arguments: cases) func aCaseEndsInsideItsAcceptedKinds(entry: Case) async throws {
        let fixture = try Fixture()
        let before = fixture.everything
        let source = try String(contentsOfFile: Self.folder + entry.file, encoding: .utf8)
        let world = Self.world(fixture)
        do {
            let script = try await world.script(Self.prelude(fixture.root) + source)
            guard case .value(let value) = script.outcome else { return }
            #expect(entry.mayReturn, "\(String(describing: value))")
            #expect(value?.stringValue?.contains("LEAK") != true)
        } catch {
            #expect(error is ScriptError, "\(error)")
        }
        #expect(fixture.everything == before)
        #expect(try String(contentsOfFile: fixture.victim, encoding: .utf8) == "secret")
    }

    @Test func theCorpusIsThere() { #expect(Self.cases.count >= 30) }

    /// The same calls, where they are granted, do what they are for.
    @Test func whatIsGrantedWorks() async throws {
        let fixture = try Fixture()
        let value = try await Self.world(fixture).value(
            Self.prelude(fixture.root)
                + "fs.write('sub/new.txt', 'x') return { fs.read('sub/ok.txt'), fs.read('sub/new.txt'), http.get('http://allowed.test/'), exec.run('true') }"
        )
        #expect(value == ["hello", "x", "ok", true])
    }
}
