// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
public import JSONCore

/// An agent that is kept by the Mistral API (`POST /v1/agents/completions`): its model, temperature and instructions are
/// the agent's own.
public struct MistralAgentModel: Model {
    /// `mistral-agent:ID`.
    public let name: String
    private let agentID: String
    private let encoder: ChatRequestEncoder
    private let exchange: ChatExchange

    public init(agentID: String, client: MistralClient) {
        name = "mistral-agent:\(agentID)"
        self.agentID = agentID
        encoder = ChatRequestEncoder(model: agentID, dialect: .mistral)
        exchange = ChatExchange(client: client.api, path: "agents/completions")
    }

    public func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        let body: [UInt8]
        do {
            body = try wireRequest(for: request).serializedBytes()
        } catch let error as JSONError {
            throw ModelError(.invalidRequest, "the request cannot be written as JSON: \(error)")
        }
        return try await exchange.respond(to: body, streams: request.streams, onEvent: onEvent)
    }

    public func wireRequest(for request: ModelRequest) throws -> JSONValue {
        let refused: [(String, Bool)] = [
            ("temperature", request.options.temperature != nil), ("top_p", request.options.topP != nil),
        ]
        if let (field, _) = refused.first(where: \.1) {
            throw ModelError(
                .invalidRequest, "\(name): '\(field)' is set by the agent itself; the API would refuse it in a request")
        }
        var request = request
        // The field is one of chat completions alone.
        if request.options.safePrompt == true { request.messages.addSafetyPrompt() }
        request.options.safePrompt = nil
        let prepared = try MistralRequestRules.prepared(request)
        var fields: JSONObject = ["agent_id": .string(agentID)]
        for (field, value) in try encoder.fields(of: prepared) where field != "model" { fields[field] = value }
        return .object(fields)
    }
}
