// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import HTTPCore
import HTTPTransports
import HTTPTypes
import Synchronization
import Testing

/// Opens a gate when nobody holds it any more.
private final class Held: Sendable {
    private let released: Gate
    init(_ released: Gate) { self.released = released }
    deinit { released.open() }
}

@Suite(.timeLimit(.minutes(10))) struct AbandonedUploadTests {
    /// More than the sockets hold; `released` opens when its reader is gone.
    private func large(_ released: Gate) -> HTTPRequestStream {
        HTTPRequestStream(length: 64 << 20) {
            let held = Held(released)
            return { withExtendedLifetime(held) { [UInt8](repeating: 0, count: 1 << 17) } }
        }
    }

    /// The request of an upload to a server that answers its head with `reply` and reads nothing more.
    private func upload(
        _ reply: FakeReply, released: Gate = Gate(),
        _ body: (HTTPTransportRequest, AsyncHTTPClientTransport) async throws -> Void
    ) async throws {
        try await FakeModelServer.with(readsBodies: false, reply: { _ in reply }) { server in
            let transport = AsyncHTTPClientTransport()
            var request = try server.request()
            request.body = .stream(large(released))
            do {
                try await body(request, transport)
            } catch {
                await transport.shutdown()
                throw error
            }
            await transport.shutdown()
        }
    }

    private func refusal(_ headers: String, _ body: String = "") -> [UInt8] {
        Array("HTTP/1.1 413 Too Large\r\n\(headers)\r\n\r\n\(body)".utf8)
    }

    // What waits for room on the connection is told when there will be none: a task and an open file would stay behind.
    @Test func letsGoOfItsSourceWhenTheServerNeverReads() async throws {
        let released = Gate()
        try await upload(.silence, released: released) { request, transport in
            let error = await #expect(throws: HTTPTransportError.self) {
                try await transport.fetch(request, timeouts: .init(idle: .milliseconds(50)))
            }
            #expect(error?.phase == .idle)
            await released.pass()
        }
    }

    @Test func letsGoOfItsSourceAfterARefusal() async throws {
        let released = Gate()
        let reply = FakeReply(steps: [.bytes(refusal("content-length: 2", "no")), .hang])
        try await upload(reply, released: released) { request, transport in
            let (response, body) = try await transport.fetch(request)
            #expect(response.status.code == 413)
            #expect(body == Array("no".utf8))
            await released.pass()
        }
    }

    @Test func letsGoOfItsSourceWhenTheConnectionIsClosed() async throws {
        let released = Gate()
        let closing = Gate()
        let reply = FakeReply(steps: [.wait(closing), .close])
        try await upload(reply, released: released) { request, transport in
            let task = Task { try await transport.fetch(request) }
            // The time of another upload runs out when its connection is full, and so this one's is.
            let other = await #expect(throws: HTTPTransportError.self) {
                try await transport.fetch(request, timeouts: .init(idle: .milliseconds(100)))
            }
            #expect(other?.phase == .idle)
            closing.open()
            await #expect(throws: HTTPTransportError.self) { try await task.value }
            await released.pass()
        }
    }

    @Test func endsARefusalWithoutABody() async throws {
        let reply = FakeReply(steps: [.bytes(refusal("content-length: 0")), .hang])
        try await upload(reply) { request, transport in
            let (response, body) = try await transport.fetch(request)
            #expect(response.status.code == 413)
            #expect(body.isEmpty)
        }
    }

    // The client library tells nothing of an end that comes for itself; the idle time must not be waited for.
    @Test func doesNotWaitForTheEndOfARefusal() async throws {
        let read = Gate()
        let reply = FakeReply(steps: [
            .bytes(refusal("transfer-encoding: chunked", "2\r\nno\r\n")), .wait(read), .bytes(FakeReply.lastChunk),
            .hang,
        ])
        try await upload(reply) { request, transport in
            try await transport.withResponse(to: request, timeouts: .init(idle: .seconds(30))) { response, body in
                #expect(response.status.code == 413)
                var pieces = body.makeAsyncIterator()
                let first = try await pieces.next()
                #expect(first == Array("no".utf8))
                read.open()
                do {
                    _ = try await pieces.next()
                } catch let error as HTTPTransportError {
                    #expect(error.code == .closed)
                }
            }
        }
    }
}
