// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import HTTPTransports
import MistralAPI

func withClient(
    suffix: String = "", reply: @escaping @Sendable (FakeRequest) async -> FakeReply,
    _ body: (MistralClient, FakeModelServer) async throws -> Void
) async throws {
    let transport = AsyncHTTPClientTransport()
    do {
        try await FakeModelServer.with(reply: reply) { server in
            let client = try MistralClient(
                apiKey: "k", serverURL: server.url + suffix, transport: transport, clock: InstantClock())
            try await body(client, server)
        }
        await transport.shutdown()
    } catch {
        await transport.shutdown()
        throw error
    }
}
