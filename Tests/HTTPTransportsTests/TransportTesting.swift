// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import HTTPCore
import HTTPTransports
import HTTPTypes

/// Runs `body` with a server and a transport, and ends both.
func withServer<Value>(
    on address: FakeModelServer.Address = .loopback(port: 0),
    _ reply: @escaping @Sendable (FakeRequest) async -> FakeReply,
    _ body: (FakeModelServer, AsyncHTTPClientTransport) async throws -> Value
) async throws -> Value {
    let transport = AsyncHTTPClientTransport()
    do {
        let value = try await FakeModelServer.with(on: address, reply: reply) { try await body($0, transport) }
        await transport.shutdown()
        return value
    } catch {
        await transport.shutdown()
        throw error
    }
}

extension AsyncHTTPClientTransport {
    func fetch(
        _ request: HTTPTransportRequest, timeouts: HTTPTimeouts = .init()
    ) async throws -> (HTTPResponse, [UInt8]) {
        try await withResponse(to: request, timeouts: timeouts) { response, body in
            (response, try await body.collect(upTo: 1 << 30))
        }
    }
}

extension FakeModelServer {
    func request(_ path: String = "/", body: [UInt8] = [1]) throws -> HTTPTransportRequest {
        HTTPTransportRequest(method: .post, url: try HTTPURL(parsing: url).appending(path), body: .bytes(body))
    }
}
