// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPTypes
public import JSONCore

/// The agents that the Mistral API keeps (`/v1/agents`), each as the API's own JSON.
///
/// All calls throw ``ModelError``, or `CancellationError`.
public struct MistralAgents: Sendable {
    private let client: MistralClient
    private let lists: MistralPlatform

    public init(client: MistralClient) {
        self.client = client
        lists = MistralPlatform(client: client)
    }

    /// - Parameter agent: `model` and `name`, and if wanted `instructions`, `tools`, `completion_args`, `description`,
    ///   `handoffs`, `guardrails`, `metadata`.
    public func create(_ agent: JSONObject) async throws -> JSONValue {
        for field in ["model", "name"] where agent[field]?.stringValue == nil {
            throw MistralRule.refusal(field, "a string", agent[field]?.typeName ?? "nothing")
        }
        if let arguments = agent["completion_args"]?.objectValue { try ConversationRules.check(arguments) }
        return try await client.send(.post, "agents", body: .object(agent), isRepeatable: false)
    }

    public func list() async throws -> [JSONValue] { try await lists.pages(of: "agents", query: []) }

    public func get(_ id: String) async throws -> JSONValue {
        try await client.send(.get, try path(id))
    }

    public func update(_ id: String, _ changes: JSONObject) async throws -> JSONValue {
        try await client.send(.patch, try path(id), body: .object(changes), isRepeatable: false)
    }

    private func path(_ id: String) throws(ModelError) -> String { "agents/\(try lists.segment(id))" }
}
