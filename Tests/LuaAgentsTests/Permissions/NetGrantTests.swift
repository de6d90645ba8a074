// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import HTTPCore
import HTTPTypes
import JSONCore
import LuaAgents
import Synchronization
import Testing

/// Answers "ok", or with a redirect by path, and keeps what it was asked.
final class SpyTransport: HTTPTransport {
    private let redirects: [String: String]
    private let refusing: Set<String>
    private let seen = Mutex<[(url: String, address: String?)]>([])

    init(redirects: [String: String] = [:], refusing: Set<String> = []) {
        (self.redirects, self.refusing) = (redirects, refusing)
    }

    var requests: [String] { seen.withLock { $0.map(\.url) } }
    var addresses: [String?] { seen.withLock { $0.map(\.address) } }

    func withResponse<Value>(
        to request: HTTPTransportRequest, timeouts: HTTPTimeouts,
        _ body: (HTTPResponse, HTTPBody) async throws -> Value
    ) async throws -> Value {
        let address = request.address?.description
        seen.withLock { $0.append((request.url.description, address)) }
        if let address, refusing.contains(address) { throw HTTPTransportError(.connect, "refused") }
        if let location = redirects[request.url.path] {
            return try await body(HTTPResponse(status: .found, headerFields: [.location: location]), HTTPBody([]))
        }
        return try await body(HTTPResponse(status: .ok), HTTPBody(Array("ok".utf8)))
    }
}

@Suite struct NetGrantTests {
    private func world(_ net: Grants.Scope, _ transport: SpyTransport, names: [String: [String]] = [:]) -> World {
        var world = World()
        world.environment.grants.net = net
        world.environment.transport = transport
        world.environment.lookUp = { name in
            guard let found = names[name] else { throw HTTPTransportError(.connect, "\(name) was not found") }
            return found.compactMap { IPAddress($0) }
        }
        return world
    }

    private func get(_ url: String) -> String {
        "local r, why = require('agent').http.get('\(url)') return r and r.body or why"
    }

    @Test func aGrantedHostIsAskedAtTheAddressThatWasChecked() async throws {
        let transport = SpyTransport()
        let world = world(.only(["api.test"]), transport, names: ["api.test": ["93.184.216.34", "2606:4700::1"]])
        #expect(try await world.value(get("https://api.test/x")) == "ok")
        #expect(transport.addresses == ["93.184.216.34"])
    }

    @Test func theNextAddressIsTriedWhenOneDoesNotAnswer() async throws {
        let transport = SpyTransport(refusing: ["2606:4700::1"])
        let world = world(.everything, transport, names: ["api.test": ["2606:4700::1", "93.184.216.34"]])
        #expect(try await world.value(get("http://api.test/")) == "ok")
        #expect(transport.addresses == ["2606:4700::1", "93.184.216.34"])
    }

    /// Names that are granted, and everything, do not mean what is not of the public internet.
    @Test(arguments: [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::",
        "fc00::1", "fe80::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ])
    func aNameThatLeadsToAPrivateAddressIsDenied(address: String) async throws {
        for scope in [Grants.Scope.everything, .only(["evil.test"]), .only(["*.test", "evil.test"])] {
            let transport = SpyTransport()
            let error = await world(scope, transport, names: ["evil.test": ["93.184.216.34", address]])
                .error(get("http://evil.test/"))
            #expect(error.contains("no address of the public internet"), "\(error)")
            #expect(error.contains("--allow-net="), "\(error)")
            #expect(transport.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://[::1]/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://[fc00::1]/", "http://[2002:7f00:1::]/", "http://[fd00:ec2::254]/",
        // Other spellings of the C library.
        "http://127.1/", "http://0/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
        "http://017700000001/",
        "http://0177.0.0.1/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
        "http://127.0.0.1./",
        "http://a.0x/",
        // Other schemes and tricks.
        "file:///etc/passwd", "gopher://127.0.0.1:6379/", "unix:///var/run/docker.sock", "data:text/plain,hi",
        "HTTP+UNIX://%2Fvar%2Frun%2Fdocker.sock/", "http://[fe80::1%25lo]/", "http://api.test@127.0.0.1/",
        "http://api.test\\\\@127.0.0.1/", "http://localhost/",
    ])
    func withAllHostsGrantedNothingPrivateIsReached(url: String) async throws {
        let transport = SpyTransport()
        let world = world(.everything, transport, names: ["localhost": ["127.0.0.1"], "api.test": ["93.184.216.34"]])
        let error = await world.error("local r, why = require('agent').http.get('\(url)') assert(r, why)")
        #expect(error.contains("test.lua:1:"), "\(error)")
        #expect(transport.requests.isEmpty)
        #expect(try await world.value(get("http://api.test/")) == "ok")
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"), ("http://localhost:3000/", "localhost:3000"),
        ("http://[::1]/", "::1"),
        ("http://[::1]:81/", "[::1]:81"), ("http://10.0.0.5/", "10.0.0.5"), ("http://db.corp/", "db.corp,10.0.0.5"),
        ("http://[0:0:0:0:0:0:0:1]/", "[::1]"),
    ])
    func whatIsNamedIsReached(url: String, net: String) async throws {
        let names = ["localhost": ["127.0.0.1"], "db.corp": ["10.0.0.5"]]
        let entries = net.split(separator: ",").map(String.init)
        #expect(try await world(.only(entries), SpyTransport(), names: names).value(get(url)) == "ok")
        let error = await world(.only(["other.test", "127.0.0.1:9"]), SpyTransport(), names: names).error(get(url))
        #expect(error.contains("--allow-net="), "\(error)")
    }

    @Test func theFlagThatIsNamedAllowsIt() async throws {
        let names = ["localhost": ["127.0.0.1"], "db.corp": ["10.0.0.5"]]
        for (url, flag) in [
            ("http://localhost:3000/", "--allow-net=localhost:3000"),
            ("http://127.0.0.1:1/", "--allow-net=127.0.0.1:1"),
            ("http://db.corp:81/", "--allow-net=10.0.0.5:81"),
        ] {
            let error = await world(.everything, SpyTransport(), names: names).error(get(url))
            #expect(error.contains("allow it with \(flag)"), "\(error)")
        }
    }

    /// The name localhost is not a way to what a server of names makes of it.
    @Test func localhostIsThisMachineAlone() async {
        let error = await world(.only(["localhost"]), SpyTransport(), names: ["localhost": ["10.0.0.1"]])
            .error(get("http://localhost/"))
        #expect(error.contains("no address of the public internet"), "\(error)")
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://internal.test/", "http://[::1]:6379/", "http://other.test/", "http://2130706433/",
    ])
    func eachRedirectIsChecked(location: String) async throws {
        let transport = SpyTransport(redirects: ["/r": location, "/ok": "http://api.test/end"])
        let names = ["api.test": ["93.184.216.34"], "internal.test": ["10.0.0.1"], "other.test": ["93.184.216.35"]]
        var world = world(.only(["api.test", "internal.test"]), transport, names: names)
        // The operator's server is for models, and no way around the grants.
        world.environment.variables = { $0 == "OPENAI_BASE_URL" ? location : nil }
        let error = await world.error(get("http://api.test/r"))
        #expect(error.contains("test.lua:1:"), "\(error)")
        #expect(transport.requests == ["http://api.test/r"])
        #expect(try await world.value(get("http://api.test/ok")) == "ok")
    }

    @Test func redirectsEndAndStayInTheirScheme() async throws {
        let transport = SpyTransport(redirects: [
            "/loop": "/loop", "/file": "file:///etc/passwd", "/down": "http://api.test/",
        ])
        let world = world(.everything, transport, names: ["api.test": ["93.184.216.34"]])
        for url in ["http://api.test/loop", "http://api.test/file", "https://api.test/down"] {
            let value = try await world.value(
                "local r, why = require('agent').http.get('\(url)') return { r == nil, why }")
            #expect(value?[0] == true, "\(url)")
        }
    }

    @Test func noNameIsLookedUpThatIsNotGranted() async {
        let asked = Mutex<[String]>([])
        var world = World()
        world.environment.transport = SpyTransport()
        world.environment.grants.net = .only(["api.test"])
        world.environment.lookUp = { name in
            asked.withLock { $0.append(name) }
            return []
        }
        #expect(await world.error(get("http://secret.evil.test/")).contains("--allow-net=secret.evil.test"))
        #expect(asked.withLock(\.self) == [])
    }

    @Test func withAllGrantedEverythingIsReached() async throws {
        var world = World()
        world.environment.transport = SpyTransport()
        world.environment.grants = .all
        #expect(try await world.value(get("http://127.0.0.1:8080/")) == "ok")
    }
}
