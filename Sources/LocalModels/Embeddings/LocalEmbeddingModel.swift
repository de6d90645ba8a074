// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPCore

/// Embeddings by the embedded engine.
struct LocalEmbeddingModel: EmbeddingModel {
    let name: String
    let engine: LocalEngine
    let transport: any HTTPTransport

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        throw ModelError(.unavailable, "embeddings by the local engine are not in this version yet")
    }
}
