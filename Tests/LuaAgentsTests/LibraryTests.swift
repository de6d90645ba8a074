// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import HTTPCore
import HTTPTypes
import JSONCore
import LuaAgents
import Testing

/// Tools of the library in the world they need; those that need none are tested in Lua, by `tools/tests/*_test.lua`.
@Suite(.inBothStrengths) struct LibraryTests {
    private func run(_ tool: String, arguments: [String] = [], in world: World = World()) async throws {
        let test = String(decoding: try contents(of: "tools/tests/\(tool).lua"), as: UTF8.self)
        let source = String(decoding: try contents(of: "tools/\(tool).lua"), as: UTF8.self)
        let script = """
            local made = (function() \(source)
            end)()
            if made.name then made = { made } end
            local test = assert(load(\(Self.quoted(test)), "=tests/\(tool).lua"))
            test(table.unpack(made))
            """
        _ = try await world.script(script, arguments: arguments)
    }

    private static func quoted(_ text: String) -> String { "[====[\n" + text + "]====]" }

    @Test func theIndexIsSearchedWithCitations() async throws {
        let shelf = try IndexShelf()
        var world = World()
        world.environment.indexes = shelf.indexes
        world.environment.grants = Grants(read: .only([shelf.folder.path]), write: .only([shelf.folder.path]))
        _ = try await world.value("return require('agent').index():add('\(shelf.folder.path)')")
        world.environment.grants.write = .nothing
        try await run("search_index", arguments: [shelf.folder.path], in: world)
    }

    @Test func everyToolIsUsableByName() async throws {
        for name in BuiltinTools.names {
            var world = World([.text("ok")])
            world.environment.grants = .all
            let value = try await world.value("return require('agent').ask('?', { tools = { '\(name)' } }).text")
            #expect(value == "ok")
            #expect(world.model.requests[0].tools.isEmpty == false)
        }
    }

    @Test func theFolderAndTheLibraryHoldTheSameTools() throws {
        for name in BuiltinTools.names {
            #expect(BuiltinTools.source(named: name)?.source == (try contents(of: "tools/\(name).lua")))
        }
    }
}

/// Answers requests from a table of paths.
struct CannedTransport: HTTPTransport {
    private let pages: [String: (type: String, text: String)]

    init(_ pages: [String: (String, String)]) { self.pages = pages.mapValues { ($0.0, $0.1) } }

    func withResponse<Value>(
        to request: HTTPTransportRequest, timeouts: HTTPTimeouts,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value {
        guard let page = pages[request.url.path] else {
            return try await body(HTTPResponse(status: .notFound), HTTPBody([]))
        }
        if page.type == "redirect" {
            return try await body(HTTPResponse(status: .found, headerFields: [.location: page.text]), HTTPBody([]))
        }
        let response = HTTPResponse(status: .ok, headerFields: [.contentType: page.type])
        return try await body(response, HTTPBody(Array(page.text.utf8)))
    }
}

@Suite(.inBothStrengths) struct ScriptHTTPTests {
    private func world(_ pages: [String: (String, String)], hosts: [String] = ["example.test"]) -> World {
        var world = World()
        world.environment.grants.net = .only(hosts)
        world.environment.transport = CannedTransport(pages)
        return world
    }

    @Test func aResponseHasStatusHeadersAndJSON() async throws {
        let value = try await world(["/d": ("application/json", #"{"n":1}"#)]).value(
            "local r = require('agent').http.get('http://example.test/d') return { r.status, r.headers['content-type'], r:json().n }"
        )
        #expect(value == [200, "application/json", 1])
    }

    @Test func aRedirectToAHostThatIsNotGrantedIsDenied() async {
        let error = await world(["/r": ("redirect", "http://127.0.0.1/secret")]).error(
            "return require('agent').http.get('http://example.test/r')")
        #expect(error.contains("--allow-net=127.0.0.1"), "\(error)")
    }

    @Test(arguments: [
        ("{ url = 'ftp://x/' }", "http"), ("{}", "url: expected a string"),
        ("{ url = 'http://a/', bdy = '' }", "unknown option 'bdy'"),
        ("{ url = 'http://a/', headers = { ['a b'] = 'c' } }", "header name"), ("{ url = 'http://user:pw@a/' }", "url"),
        ("{ url = 'http://a/', body = '', json = {} }", "body and json exclude each other"),
    ])
    func misuseIsNamed(options: String, says: String) async {
        let error = await World().error("require('agent').http.request(\(options))")
        #expect(error.contains("test.lua:1:"), "\(error)")
        #expect(error.contains(says), "\(error)")
    }
}
