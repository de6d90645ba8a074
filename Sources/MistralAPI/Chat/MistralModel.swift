// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
public import HTTPCore
public import HTTPTypes
public import JSONCore

/// A chat model of the Mistral API (`POST /v1/chat/completions`).
///
/// What the API would refuse is refused before anything is sent, or repaired where that changes no meaning: see
/// ``MessageOrder``.
public struct MistralModel: Model {
    public let name: String
    /// The name as it is, unless it could be taken for the name of another provider's model.
    public var pricingNames: [String] { [name == "local" || name.contains(":") ? "mistral:\(name)" : name] }
    let encoder: ChatRequestEncoder
    let exchange: ChatExchange

    /// Makes a model. No connection is opened before it is asked. Parameters and errors as for ``MistralClient``.
    public init(
        name: String, apiKey: String, serverURL: String? = nil, transport: any HTTPTransport,
        headers: HTTPFields = [:], retry: RetryPolicy = RetryPolicy(), timeouts: HTTPTimeouts = HTTPTimeouts(),
        clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) throws {
        self.init(
            name: name,
            client: try MistralClient(
                apiKey: apiKey, serverURL: serverURL, transport: transport, headers: headers, retry: retry,
                timeouts: timeouts, clock: clock, jitter: jitter))
    }

    public init(name: String, client: MistralClient) {
        self.name = name
        encoder = ChatRequestEncoder(model: name, dialect: .mistral)
        exchange = ChatExchange(client: client.api, path: "chat/completions")
    }

    public func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        let body = try encoder.body(of: try MistralRequestRules.prepared(request))
        return try await exchange.respond(to: body, streams: request.streams, onEvent: onEvent)
    }

    public func wireRequest(for request: ModelRequest) throws -> JSONValue {
        .object(try encoder.fields(of: try MistralRequestRules.prepared(request)))
    }
}
