// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import HTTPCore
import HTTPTypes

/// One chat completion over an ``APIClient``, whole or streamed.
package struct ChatExchange: Sendable {
    package let client: APIClient
    /// Relative to the base address of the client.
    package let path: String

    package init(client: APIClient, path: String) {
        self.client = client
        self.path = path
    }

    /// - Parameter body: the request as JSON.
    package func respond(
        to body: [UInt8], streams: Bool, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        let call = APIClient.Call(
            path: path, content: .json(body), accept: streams ? "text/event-stream" : "application/json")
        return try await client.send(call) { attempt, delay, reason in
            try await onEvent(.retrying(attempt: attempt, delay: delay, reason: reason))
        } read: { response, content in
            // Some servers answer whole though a stream was asked for.
            let type = response.headerFields[.contentType]?.lowercased() ?? ""
            if streams, !type.hasPrefix("application/json") { return try await readStream(content, onEvent) }
            return try ChatResponseDecoder(service: client.service).decode(try await client.readAll(content))
        }
    }

    private func readStream(
        _ content: HTTPBody, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        var reader = ChatStreamReader(service: client.service)
        var pieces = content.makeAsyncIterator()
        while let piece = try await next(&pieces, &reader) {
            for event in try reader.receive(piece) { try await onEvent(event) }
        }
        for event in reader.finishBytes() { try await onEvent(event) }
        return try reader.response()
    }

    /// The next piece; `nil` at the end, and where the connection fails behind the last word of the answer.
    private func next(
        _ pieces: inout HTTPBody.AsyncIterator, _ reader: inout ChatStreamReader
    ) async throws -> [UInt8]? {
        do {
            return try await pieces.next()
        } catch let error as HTTPTransportError where reader.hasBegun {
            if reader.isDone { return nil }
            throw reader.failure(error)
        }
    }
}
