// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Synchronization

/// A model that is also asked what else it could have written, and keeps the last answer to that.
final class TokenListeningModel: Model {
    private let model: any Model
    private let last = Mutex<[TokenChoice]>([])

    init(_ model: any Model) { self.model = model }

    /// Of the last response; empty when the model does not tell.
    var tokens: [TokenChoice] { last.withLock(\.self) }

    var name: String { model.name }
    var pricingNames: [String] { model.pricingNames }

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        last.withLock { $0 = [] }
        let response = try await model.respond(to: asking(request), onEvent: onEvent)
        last.withLock { $0 = response.tokens }
        return response
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue { try model.wireRequest(for: asking(request)) }
    func enforcedKeywords(of schema: JSONValue) -> Set<JSONPointer> { model.enforcedKeywords(of: schema) }

    private func asking(_ request: ModelRequest) -> ModelRequest {
        guard model.reportsTokens else { return request }
        var request = request
        request.options.extra["logprobs"] = true
        // The most that servers of the OpenAI API give.
        request.options.extra["top_logprobs"] = 20
        return request
    }
}
