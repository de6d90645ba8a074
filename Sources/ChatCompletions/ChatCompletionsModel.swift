// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import HTTPCore
public import HTTPTypes
public import JSONCore

/// A model behind a server that speaks the chat completion API of OpenAI: llama-server, vLLM, Ollama and many more.
public struct ChatCompletionsModel: Model {
    public let name: String
    /// `openai:NAME`: a server may call a model by any name, also by one that is Mistral's.
    public var pricingNames: [String] { ["openai:\(name)"] }
    private let encoder: ChatRequestEncoder
    private let exchange: ChatExchange

    /// Makes a model. No connection is opened before it is asked.
    ///
    /// - Parameters:
    ///   - baseURL: up to and without `/chat/completions`, such as `http://127.0.0.1:8080/v1`.
    ///   - apiKey: sent as a bearer token; `nil` for a server without keys.
    ///   - headers: sent with every request.
    ///   - socketPath: a unix-domain socket to connect to in place of the host of `baseURL`.
    ///   - clock: sleeps between attempts.
    ///   - jitter: 0…1, anew for each wait.
    /// - Throws: ``ModelError/Code/configuration`` when the address or the key cannot be used.
    public init(
        name: String, baseURL: String, apiKey: String? = nil, transport: any HTTPTransport, headers: HTTPFields = [:],
        socketPath: String? = nil, retry: RetryPolicy = RetryPolicy(), timeouts: HTTPTimeouts = HTTPTimeouts(),
        dialect: ChatDialect = ChatDialect(), clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) throws {
        self.name = name
        encoder = ChatRequestEncoder(model: name, dialect: dialect)
        let settings = APIClient.Settings(retry: retry, timeouts: timeouts, clock: clock, jitter: jitter)
        let client = try APIClient(
            service: socketPath == nil
                ? (try? HTTPURL(parsing: baseURL))?.authority ?? "the server" : "the local server",
            baseURL: baseURL, apiKey: apiKey, headers: headers, socketPath: socketPath, transport: transport,
            settings: settings)
        exchange = ChatExchange(client: client, path: "chat/completions")
    }

    public func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        try await exchange.respond(to: try encoder.body(of: request), streams: request.streams, onEvent: onEvent)
    }

    public func wireRequest(for request: ModelRequest) throws -> JSONValue { .object(try encoder.fields(of: request)) }
}
