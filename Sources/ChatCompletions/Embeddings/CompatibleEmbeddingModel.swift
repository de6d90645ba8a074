// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import HTTPCore
import HTTPTypes
import JSONCore

/// An embedding model behind a server that speaks the embeddings API of OpenAI.
public struct CompatibleEmbeddingModel: EmbeddingModel {
    public let name: String
    private let exchange: EmbeddingExchange

    /// Makes a model. No connection is opened before it is asked. Parameters and errors as for ``ChatCompletionsModel``.
    ///
    /// - Parameter maxInputs: texts of one request at most; default 128.
    public init(
        name: String, baseURL: String, apiKey: String? = nil, transport: any HTTPTransport,
        socketPath: String? = nil, maxInputs: Int = 128, retry: RetryPolicy = RetryPolicy(),
        timeouts: HTTPTimeouts = HTTPTimeouts(), clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) throws {
        self.name = name
        let client = try APIClient(
            service: socketPath == nil
                ? (try? HTTPURL(parsing: baseURL))?.authority ?? "the server" : "the local server",
            baseURL: baseURL, apiKey: apiKey, socketPath: socketPath, transport: transport,
            settings: .init(retry: retry, timeouts: timeouts, clock: clock, jitter: jitter))
        exchange = EmbeddingExchange(
            client: client, model: name, batches: EmbeddingBatches(maxInputs: maxInputs, maxBytes: 256 << 10),
            dimensionField: "dimensions")
    }

    public func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        if let dtype = request.outputDtype, dtype != "float" {
            throw ModelError(
                .invalidRequest, "output_dtype: \(exchange.client.service) has \"float\" only, found \"\(dtype)\"")
        }
        var request = request
        request.outputDtype = nil
        guard !request.inputs.isEmpty else { return EmbeddingResponse(model: name, embeddings: []) }
        return try await exchange.embed(request, onEvent: onEvent)
    }
}
