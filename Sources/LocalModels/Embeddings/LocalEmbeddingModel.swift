// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import HTTPTypes
import JSONCore

/// Embeddings by the embedded engine: the mean over the tokens of a text, of length 1.
///
/// The engine reads one text at a time; the parts of a long list wait there in line, so that it is never idle.
struct LocalEmbeddingModel: EmbeddingModel {
    let name: String
    /// A name of the manifest; `nil` for the default.
    let modelName: String?
    let engine: LocalEngine
    let transport: any HTTPTransport

    /// Texts between two reports of progress.
    private static let reportEvery = 64
    /// A part takes a second or two on a small machine: what is cancelled stops as soon.
    private static let parts = EmbeddingBatches(maxInputs: 16, maxBytes: 16 << 10)
    private static let timeouts = HTTPTimeouts(connect: .seconds(3600), firstByte: .seconds(3600), idle: .seconds(600))

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let weights = try ModelManifest().weights(named: modelName, kind: .embeddings)
        try check(request, weights)
        guard !request.inputs.isEmpty else { return EmbeddingResponse(model: weights.name, embeddings: []) }
        do {
            return try await ask(request.inputs, weights, onEvent)
        } catch let error as ModelError where [.transport, .invalidResponse].contains(error.code) {
            guard await engine.isGone() else { throw error }
            return try await ask(request.inputs, weights, onEvent)
        }
    }

    private func check(_ request: EmbeddingRequest, _ weights: ModelManifest.Weights) throws {
        if let dimension = request.outputDimension, dimension != weights.dimensions {
            throw ModelError(
                .invalidRequest,
                "output_dimension: \(weights.name) makes vectors of \(weights.dimensions) numbers only, found \(dimension)"
            )
        }
        if let dtype = request.outputDtype, dtype != "float" {
            throw ModelError(.invalidRequest, "output_dtype: \(weights.name) has \"float\" only, found \"\(dtype)\"")
        }
        if let format = request.encodingFormat, !["float", "base64"].contains(format) {
            throw ModelError(
                .invalidRequest, "encoding_format: expected one of \"float\", \"base64\", found \"\(format)\"")
        }
    }

    private func ask(
        _ inputs: [String], _ weights: ModelManifest.Weights, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        let endpoint = try await engine.ready(progress: onEvent)
        let lengths = EmbeddingLengths(
            client: try client("http://localhost", endpoint), limit: min(endpoint.context, weights.context))
        try await lengths.check(inputs)
        let exchange = EmbeddingExchange(
            client: try client("http://localhost/v1", endpoint), model: "local", batches: Self.parts)
        var response = EmbeddingResponse(model: weights.name, embeddings: [])
        for start in stride(from: 0, to: inputs.count, by: Self.reportEvery) {
            let end = min(start + Self.reportEvery, inputs.count)
            // Base64 holds the very floats, and is read faster than decimal numbers.
            let part = EmbeddingRequest(Array(inputs[start..<end]), encodingFormat: "base64")
            let answer = try await exchange.embed(part, onEvent: onEvent)
            response.embeddings += answer.embeddings
            response.usage += answer.usage
            if end < inputs.count { try await onEvent(.progress("embedded \(end) of \(inputs.count) texts")) }
        }
        return response
    }

    private func client(_ baseURL: String, _ endpoint: LocalEngine.Endpoint) throws -> APIClient {
        try APIClient(
            service: "the local server", baseURL: baseURL, apiKey: nil, headers: [.connection: "close"],
            socketPath: endpoint.socketPath, transport: transport,
            settings: .init(
                retry: RetryPolicy(attempts: 1), timeouts: Self.timeouts, clock: ContinuousClock(), jitter: { 1 }))
    }
}
