// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import HTTPCore
import HTTPTransports
import HTTPTypes
import Testing

@Suite(.timeLimit(.minutes(10))) struct TransportFailureTests {
    private func failure(
        timeouts: HTTPTimeouts = .init(), _ reply: @escaping @Sendable (FakeRequest) async -> FakeReply
    ) async throws -> HTTPTransportError? {
        try await withServer(reply) { server, transport in
            await #expect(throws: HTTPTransportError.self) {
                try await transport.fetch(try server.request(), timeouts: timeouts)
            }
        }
    }

    @Test func tellsARefusedConnection() async throws {
        let server = try await FakeModelServer.start { _ in .silence }
        let request = try server.request()
        await server.shutdown()
        let transport = AsyncHTTPClientTransport()
        let error = await #expect(throws: HTTPTransportError.self) { try await transport.fetch(request) }
        #expect(error?.code == .connect)
        #expect(error?.message.contains("127.0.0.1") == true)
        await transport.shutdown()
    }

    @Test func tellsAMissingSocket() async throws {
        let transport = AsyncHTTPClientTransport()
        var request = HTTPTransportRequest(url: try HTTPURL(parsing: "http://localhost/"))
        request.socketPath = "/tmp/there is no such socket"
        let missing = request
        let error = await #expect(throws: HTTPTransportError.self) { try await transport.fetch(missing) }
        #expect(error?.code == .connect)
        await transport.shutdown()
    }

    @Test func tellsAServerThatSpeaksNoTLS() async throws {
        try await withServer { _ in
            .completion("hi")
        } _: { server, transport in
            let request = HTTPTransportRequest(url: try HTTPURL(parsing: "https://127.0.0.1:\(server.port)/"))
            let error = await #expect(throws: HTTPTransportError.self) { try await transport.fetch(request) }
            #expect(error?.code == .tls, "\(String(describing: error))")
        }
    }

    @Test func tellsANameThatDoesNotExist() async throws {
        let transport = AsyncHTTPClientTransport()
        let request = HTTPTransportRequest(url: try HTTPURL(parsing: "http://no-such-host.invalid/"))
        let error = await #expect(throws: HTTPTransportError.self) { try await transport.fetch(request) }
        #expect(error?.code == .connect, "\(String(describing: error))")
        await transport.shutdown()
    }

    @Test func tellsTheFirstByteThatDoesNotCome() async throws {
        let error = try await failure(timeouts: .init(firstByte: .milliseconds(20))) { _ in .silence }
        #expect(error?.code == .timeout)
        #expect(error?.phase == .firstByte)
    }

    @Test func tellsAStreamThatStops() async throws {
        let reply = FakeReply(steps: [.bytes(FakeReply.streamHead()), .bytes(FakeReply.chunk([1])), .hang])
        let error = try await failure(timeouts: .init(idle: .milliseconds(20))) { _ in reply }
        #expect(error?.phase == .idle)
    }

    @Test func tellsAnAnswerThatTakesTooLong() async throws {
        let error = try await failure(timeouts: .init(total: .milliseconds(20))) { _ in .silence }
        #expect(error?.phase == .total)
    }

    @Test func closesTheConnectionThatTimedOut() async throws {
        try await withServer { _ in
            .silence
        } _: { server, transport in
            await #expect(throws: HTTPTransportError.self) {
                try await transport.fetch(try server.request(), timeouts: .init(firstByte: .milliseconds(20)))
            }
            await server.connectionsClosed()
        }
    }

    @Test func tellsAnAnswerThatIsCut() async throws {
        let whole = FakeReply.streamHead() + FakeReply.chunk([1, 2, 3])
        for steps in [[FakeReply.Step.bytes(whole), .close], [.bytes(Array(whole.prefix(20))), .close], [.close]] {
            let error = try await failure { _ in FakeReply(steps: steps) }
            #expect(error?.code == .closed || error?.code == .badResponse)
        }
    }

    @Test func tellsABodyShorterThanItsLength() async throws {
        let head = Array("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc".utf8)
        let error = try await failure { _ in FakeReply(steps: [.bytes(head), .close]) }
        #expect(error?.code == .closed || error?.code == .badResponse)
    }

    @Test func tellsWhatIsNotHTTP() async throws {
        let error = try await failure { _ in FakeReply(steps: [.bytes(Array("SSH-2.0-x\r\n\r\n".utf8)), .close]) }
        #expect(error?.code == .badResponse)
    }

    @Test func cancellingClosesTheConnection() async throws {
        for steps in [[FakeReply.Step.hang], [.bytes(FakeReply.streamHead() + FakeReply.chunk([1])), .hang]] {
            try await withServer { _ in
                FakeReply(steps: steps)
            } _: { server, transport in
                let request = try server.request()
                let task = Task { try await transport.fetch(request) }
                await server.received(1)
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                await server.connectionsClosed()
            }
        }
    }

    @Test func cancelledTaskSendsNothing() async throws {
        try await withServer { _ in
            .completion("hi")
        } _: { server, transport in
            let request = try server.request()
            let gate = Gate()
            let task = Task {
                await gate.pass()
                return try await transport.fetch(request)
            }
            task.cancel()
            gate.open()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func leavingTheScopeClosesTheConnection() async throws {
        struct Enough: Error {}
        let reply = FakeReply(steps: [.bytes(FakeReply.streamHead() + FakeReply.chunk([1])), .hang])
        try await withServer { _ in
            reply
        } _: { server, transport in
            await #expect(throws: Enough.self) {
                try await transport.withResponse(to: try server.request(), timeouts: .init()) { _, _ in throw Enough() }
            }
            await server.connectionsClosed(1)
            try await transport.withResponse(to: try server.request(), timeouts: .init()) { _, _ in }
            await server.connectionsClosed(2)
        }
    }

    @Test func bodyCannotBeReadAfterTheScope() async throws {
        let reply = FakeReply(steps: [.bytes(FakeReply.streamHead() + FakeReply.chunk([1])), .hang])
        try await withServer { _ in
            reply
        } _: { server, transport in
            let body = try await transport.withResponse(to: try server.request(), timeouts: .init()) { $1 }
            await server.connectionsClosed()
            await #expect(throws: HTTPTransportError.self) { try await body.collect(upTo: 10) }
        }
    }
}
