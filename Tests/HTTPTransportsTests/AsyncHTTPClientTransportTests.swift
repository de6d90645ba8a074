// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import HTTPCore
import HTTPTransports
import HTTPTypes
import Testing

@Suite(.timeLimit(.minutes(10))) struct AsyncHTTPClientTransportTests {
    @Test func sendsAndReceives() async throws {
        try await withServer { request in
            FakeReply(status: 201, headers: [("x-test", "yes")], body: request.body + [0x21])
        } _: { server, transport in
            var request = try server.request("/a/b?c=d", body: Array("héllo".utf8))
            request.headerFields[.authorization] = "Bearer KEY"
            let (response, body) = try await transport.fetch(request)
            #expect(response.status.code == 201)
            #expect(response.headerFields[try #require(HTTPField.Name("x-test"))] == "yes")
            #expect(String(decoding: body, as: UTF8.self) == "héllo!")
            let seen = try #require(server.requests.first)
            #expect(seen.method == "POST")
            #expect(seen.path == "/a/b?c=d")
            #expect(seen.header("authorization") == "Bearer KEY")
            #expect(seen.header("host") == "127.0.0.1:\(server.port)")
            #expect(seen.header("content-length") == "6")
        }
    }

    @Test func keepsTheConnectionAlive() async throws {
        try await withServer { request in
            request.index == 1 ? .stream(["a", "b"]) : .completion("hi")
        } _: { server, transport in
            for _ in 0..<4 { _ = try await transport.fetch(try server.request()) }
            #expect(server.requests.count == 4)
            #expect(server.acceptedConnections == 1)
        }
    }

    @Test func keepsTheConnectionWhenOnlyTheEndIsUnread() async throws {
        try await withServer { _ in
            .chunks([[1]])
        } _: { server, transport in
            for _ in 0..<3 {
                try await transport.withResponse(to: server.request(), timeouts: .init()) { _, body in
                    var pieces = body.makeAsyncIterator()
                    _ = try await pieces.next()
                }
            }
            #expect(server.acceptedConnections <= 3)
            #expect(server.requests.count == 3)
        }
    }

    @Test func takesABodyByteByByte() async throws {
        try await withServer { _ in
            FakeReply.chunks([Array("one".utf8), Array("two".utf8)]).byteByByte()
        } _: {
            server, transport in
            let body = try await transport.fetch(try server.request()).1
            #expect(body == Array("onetwo".utf8))
        }
    }

    @Test func givesPiecesAsTheyCome() async throws {
        let gate = Gate()
        let steps: [FakeReply.Step] = [
            .bytes(FakeReply.streamHead()), .bytes(FakeReply.chunk([1])), .wait(gate), .bytes(FakeReply.chunk([2])),
            .bytes(FakeReply.lastChunk),
        ]
        try await withServer { _ in
            FakeReply(steps: steps)
        } _: { server, transport in
            try await transport.withResponse(to: server.request(), timeouts: .init()) { _, body in
                var pieces = body.makeAsyncIterator()
                let first = try await pieces.next()
                gate.open()
                let second = try await pieces.next()
                let end = try await pieces.next()
                #expect(first == [1])
                #expect(second == [2])
                #expect(end == nil)
            }
        }
    }

    @Test func twoReadersShareTheBody() async throws {
        let pieces = (0..<50).map { [UInt8($0)] }
        try await withServer { _ in
            .chunks(pieces)
        } _: { server, transport in
            let request = try server.request()
            let bytes = try await transport.withResponse(to: request, timeouts: .init()) { _, body in
                async let first = body.collect(upTo: 50)
                async let second = body.collect(upTo: 50)
                return try await first + second
            }
            #expect(bytes.sorted() == Array(0..<50))
        }
    }

    @Test func takesALargeBodyFromASlowReader() async throws {
        let piece = [UInt8](repeating: 7, count: 1 << 16)
        try await withServer { _ in
            .chunks(Array(repeating: piece, count: 100))
        } _: { server, transport in
            let body = try await transport.fetch(try server.request()).1
            #expect(body.count == 100 << 16)
        }
    }

    @Test func talksToAUnixSocket() async throws {
        let path = "/tmp/agent test \(UInt32.random(in: 0 ... .max)).sock"
        try await withServer(on: .unixSocket(path)) { _ in
            .completion("hi")
        } _: { server, transport in
            var request = HTTPTransportRequest(url: try HTTPURL(parsing: "http://localhost/v1/models?a=b"))
            request.socketPath = path
            #expect(try await transport.fetch(request).0.status.code == 200)
            #expect(server.requests.first?.path == "/v1/models?a=b")
            #expect(server.requests.first?.header("host") == "localhost")
        }
    }

    @Test func takesNoKeyToAnotherPort() async throws {
        try await withServer { _ in
            .completion("hi")
        } _: { target, transport in
            let location = target.url + "/there"
            try await FakeModelServer.with { _ in
                FakeReply(status: 307, headers: [("location", location)])
            } _: { server in
                var request = try server.request(body: [1, 2])
                request.headerFields[.authorization] = "Bearer KEY"
                #expect(try await transport.fetch(request).0.status.code == 200)
            }
            let seen = try #require(target.requests.first)
            #expect(seen.path == "/there")
            #expect(seen.method == "POST")
            #expect(seen.body == [1, 2])
            #expect(seen.header("authorization") == nil)
        }
    }

    @Test func handsARedirectOverThatIsNotToBeFollowed() async throws {
        try await withServer { _ in
            FakeReply(status: 307, headers: [("location", "/x")])
        } _: { server, transport in
            var request = try server.request()
            request.followsRedirects = false
            let response = try await transport.fetch(request).0
            #expect(response.status.code == 307)
            #expect(server.requests.count == 1)
        }
    }

    @Test func followsFiveRedirectsAtMost() async throws {
        try await withServer { request in
            FakeReply(status: 308, headers: [("location", "/\(request.index)")])
        } _: { server, transport in
            await #expect(throws: HTTPTransportError.self) { try await transport.fetch(try server.request()) }
            #expect(server.requests.count == 6)
        }
    }

    @Test func unpacksGzip() async throws {
        // gzip of "hello"
        let packed: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0,
        ]
        try await withServer { _ in
            FakeReply(headers: [("content-encoding", "gzip")], body: packed)
        } _: {
            server, transport in
            let body = try await transport.fetch(try server.request()).1
            #expect(body == Array("hello".utf8))
            #expect(server.requests.first?.header("accept-encoding") == "gzip, deflate")
        }
    }

    @Test func shutDownTransportRefusesRequests() async throws {
        try await withServer { _ in
            .completion("hi")
        } _: { server, transport in
            _ = try await transport.fetch(try server.request())
            await transport.shutdown()
            await transport.shutdown()
            await #expect(throws: HTTPTransportError.self) { try await transport.fetch(try server.request()) }
        }
    }

    @Test func transportThatIsDroppedClosesItsConnections() async throws {
        let server = try await FakeModelServer.start { _ in .completion("hi") }
        var transport: AsyncHTTPClientTransport? = AsyncHTTPClientTransport()
        _ = try await transport?.fetch(try server.request())
        transport = nil
        await server.connectionsClosed()
        await server.shutdown()
    }
}
