// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
public import JSONCore

/// What a conversation answered.
public struct ConversationTurn: Sendable, Equatable {
    public var conversationID: String
    /// Entries in the API's form: `message.output`, `function.call`, `tool.execution`, `agent.handoff`, or one that does not
    /// exist yet.
    public var outputs: [JSONValue]
    public var usage: Usage
    /// What the API's guardrails said of the inputs, in its form; `nil` when they said nothing. ``ProviderFinding/all(in:)`` reads it.
    public var guardrails: JSONValue?
    /// The response in the API's form, unknown fields included; empty when it was streamed.
    public var fields: JSONObject

    /// The text of all answers.
    public var text: String { outputs.map(Self.text).joined() }

    /// The functions that are to be called here; their results go back as `function.result` entries.
    public var toolCalls: [ToolCall] {
        outputs.compactMap { entry in
            guard entry["type"]?.stringValue == "function.call" else { return nil }
            let arguments = entry["arguments"] ?? "{}"
            return ToolCall(
                id: entry["tool_call_id"]?.stringValue ?? "", name: entry["name"]?.stringValue ?? "",
                arguments: arguments.stringValue ?? (try? arguments.serialized()) ?? "{}")
        }
    }

    /// - Throws: ``ModelError/Code/invalidResponse``.
    init(_ value: JSONValue, service: String) throws(ModelError) {
        guard let fields = value.objectValue, let id = fields["conversation_id"]?.stringValue,
            let outputs = fields["outputs"]?.arrayValue
        else {
            throw ModelError(
                .invalidResponse, "the answer of \(service) is not a conversation: it lacks conversation_id or outputs")
        }
        self.init(
            conversationID: id, outputs: outputs, usage: fields["usage"], guardrails: fields["guardrails"],
            fields: fields)
    }

    init(
        conversationID: String, outputs: [JSONValue], usage: JSONValue?, guardrails: JSONValue? = nil,
        fields: JSONObject = [:]
    ) {
        self.conversationID = conversationID
        self.outputs = outputs
        self.usage = ChatResponseDecoder.usage(usage) ?? Usage()
        self.guardrails = guardrails.flatMap { $0.isNull ? nil : $0 }
        self.fields = fields
    }

    /// An entry without a type, which the official SDK takes, is a message when it has content.
    private static func text(_ entry: JSONValue) -> String {
        guard entry["type"]?.stringValue ?? "message.output" == "message.output" else { return "" }
        return text(ofContent: entry["content"])
    }

    /// A string, a chunk or a list of chunks.
    static func text(ofContent content: JSONValue?) -> String {
        switch content {
        case .string(let text): text
        case .array(let chunks): chunks.map { text(ofContent: $0) }.joined()
        case .object(let chunk) where chunk["type"]?.stringValue ?? "text" == "text": chunk["text"]?.stringValue ?? ""
        default: ""
        }
    }
}
