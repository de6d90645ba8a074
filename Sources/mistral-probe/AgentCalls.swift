// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The probe's calls of agents and conversations that the Mistral API keeps.
struct AgentCalls {
    let client: MistralClient

    func make(_ name: String, _ arguments: [JSONValue]) async throws -> JSONValue {
        let id = arguments.first?.stringValue ?? ""
        let fields = arguments.last?.objectValue ?? [:]
        let agents = MistralAgents(client: client)
        let conversations = MistralConversations(client: client)
        switch name {
        case "agent_completion": return try await complete(id, fields)
        case "agents.create": return try await agents.create(fields)
        case "agents.list": return .array(try await agents.list())
        case "agents.get": return try await agents.get(id)
        case "agents.update": return try await agents.update(id, fields)
        case "conversations.list": return .array(try await conversations.list())
        case "conversations.get": return try await conversations.get(id)
        case "conversations.history": return try await conversations.history(id)
        case "conversations.messages": return try await conversations.messages(id)
        case "conversations.start": return try await start(fields)
        case "conversations.append":
            let (inputs, completion, extra) = Self.parts(fields)
            return try await conversations.append(to: id, inputs, arguments: completion, extra: extra).probeValue
        case "conversations.restart":
            let (inputs, completion, extra) = Self.parts(fields)
            return try await conversations.restart(
                id, fromEntry: "entry-1", inputs, arguments: completion, extra: extra
            ).probeValue
        default: throw ProbeCalls.UnknownCall(name: name)
        }
    }

    private func complete(_ id: String, _ fields: JSONObject) async throws -> JSONValue {
        var options = ModelOptions()
        options.extra = fields
        let model = MistralAgentModel(agentID: id, client: client)
        return try await model.respond(to: ModelRequest(messages: [.user("hi")], options: options), onEvent: { _ in })
            .probeValue
    }

    private func start(_ fields: JSONObject) async throws -> JSONValue {
        var (inputs, completion, extra) = Self.parts(fields)
        var request = ConversationRequest(inputs, completionArguments: completion)
        request.model = extra["model"]?.stringValue
        request.agentID = extra["agent_id"]?.stringValue
        request.instructions = extra["instructions"]?.stringValue
        request.tools = extra["tools"]?.arrayValue
        request.store = extra["store"]?.boolValue
        request.streams = extra["stream"]?.boolValue ?? false
        for name in ["model", "agent_id", "instructions", "tools", "store", "stream"] { extra[name] = nil }
        request.extra = extra
        return try await MistralConversations(client: client).start(request).probeValue
    }

    /// `inputs`, `completion_args` and the rest.
    private static func parts(_ fields: JSONObject) -> (JSONValue, JSONObject?, JSONObject) {
        var rest = fields
        rest["inputs"] = nil
        rest["completion_args"] = nil
        return (fields["inputs"] ?? "", fields["completion_args"]?.objectValue, rest)
    }
}

extension ConversationTurn {
    var probeValue: JSONValue {
        [
            "conversation_id": .string(conversationID), "outputs": .array(outputs), "text": .string(text),
            "fields": .object(fields),
            "tool_calls": .array(
                toolCalls.map {
                    ["id": .string($0.id), "name": .string($0.name), "arguments": .string($0.arguments)]
                }),
            "usage": [
                "prompt_tokens": .integer(Int64(usage.promptTokens)),
                "completion_tokens": .integer(Int64(usage.completionTokens)),
                "total_tokens": .integer(Int64(usage.totalTokens)),
            ],
        ]
    }
}
