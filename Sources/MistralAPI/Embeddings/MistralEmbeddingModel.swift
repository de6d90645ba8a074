// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
public import JSONCore

/// An embedding model of the Mistral API (`POST /v1/embeddings`).
///
/// Long lists are cut into requests, four under way at a time; one that the API finds too long is halved.
public struct MistralEmbeddingModel: EmbeddingModel {
    /// The model of the documentation's examples: 1024 numbers, length 1.
    public static let defaultName = "mistral-embed"

    public let name: String
    private let exchange: EmbeddingExchange

    // The API takes some 16,000 tokens in a request; a token is rarely less than three bytes.
    private static let batches = EmbeddingBatches(maxInputs: 128, maxBytes: 48 << 10)
    private static let dtypes = ["float", "int8", "uint8", "binary", "ubinary"]

    public init(name: String = Self.defaultName, client: MistralClient) {
        self.name = name
        exchange = EmbeddingExchange(client: client.api, model: name, batches: Self.batches)
    }

    public func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        try check(request)
        guard !request.inputs.isEmpty else { return EmbeddingResponse(model: name, embeddings: []) }
        return try await exchange.embed(request, onEvent: onEvent)
    }

    /// The body for the whole request, uncut; nothing is sent.
    public func wireRequest(for request: EmbeddingRequest) -> JSONValue { .object(exchange.fields(of: request)) }

    private func check(_ request: EmbeddingRequest) throws(ModelError) {
        if let dimension = request.outputDimension, dimension < 1 {
            throw ModelError(.invalidRequest, "output_dimension: expected 1 or more, found \(dimension)")
        }
        try MistralRule.check("output_dtype", request.outputDtype, isOneOf: Self.dtypes)
        try MistralRule.check("encoding_format", request.encodingFormat, isOneOf: ["float", "base64"])
    }
}
