// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import HTTPCore
import HTTPTransports
import HTTPTypes
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct RequestStreamTests {
    private func request(_ server: FakeModelServer, _ stream: HTTPRequestStream) throws -> HTTPTransportRequest {
        var request = try server.request()
        request.body = .stream(stream)
        return request
    }

    /// `count` pieces of 64 KiB.
    private func pieces(_ count: Int, onOpen: @escaping @Sendable () -> Void = {}) -> HTTPRequestStream {
        HTTPRequestStream(length: count << 16) {
            onOpen()
            var left = count
            return {
                guard left > 0 else { return nil }
                left -= 1
                return [UInt8](repeating: UInt8(truncatingIfNeeded: left), count: 1 << 16)
            }
        }
    }

    @Test func sendsAllPiecesWithTheirLength() async throws {
        try await withServer { request in
            FakeReply(text: "\(request.body.count)")
        } _: { server, transport in
            let (_, body) = try await transport.fetch(try request(server, pieces(100)))
            #expect(String(decoding: body, as: UTF8.self) == "\(100 << 16)")
            let seen = try #require(server.requests.first)
            #expect(seen.header("content-length") == "\(100 << 16)")
            #expect(seen.header("transfer-encoding") == nil)
            #expect(seen.body[0] == 99 && seen.body[seen.body.count - 1] == 0)
        }
    }

    @Test func readsAgainForARedirectThatKeepsTheMethod() async throws {
        let opened = Atomic(0)
        try await withServer { request in
            request.path == "/"
                ? FakeReply(status: 307, headers: [("location", "/there")]) : FakeReply(text: "\(request.body.count)")
        } _: { server, transport in
            let stream = pieces(3) { opened.add(1, ordering: .relaxed) }
            let (_, body) = try await transport.fetch(try request(server, stream))
            #expect(String(decoding: body, as: UTF8.self) == "\(3 << 16)")
            #expect(opened.load(ordering: .relaxed) == 2)
        }
    }

    // A source that fails must not look like a short but complete request.
    @Test func endsTheRequestWithTheErrorOfItsSource() async throws {
        let stream = HTTPRequestStream(length: 3) {
            var isFirst = true
            return {
                guard isFirst else { throw HTTPTransportError(.badSource, "the disk is gone") }
                isFirst = false
                return [1]
            }
        }
        try await withServer { _ in
            FakeReply(text: "x")
        } _: { server, transport in
            let error = await #expect(throws: HTTPTransportError.self) {
                try await transport.fetch(try request(server, stream))
            }
            #expect(error?.message == "the disk is gone")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func sendsNothingOfAStreamWithoutBytes() async throws {
        try await withServer { request in
            FakeReply(text: "\(request.body.count)")
        } _: { server, transport in
            let (_, body) = try await transport.fetch(try request(server, HTTPRequestStream([])))
            #expect(String(decoding: body, as: UTF8.self) == "0")
        }
    }
}
