// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

/// Writes a message as a chat completion server takes it.
package struct ChatMessageEncoder: Sendable {
    package let dialect: ChatDialect

    package init(dialect: ChatDialect) { self.dialect = dialect }

    package func encode(_ message: Message) -> JSONValue {
        var fields: JSONObject = ["role": .string(message.role.rawValue), "content": content(of: message)]
        switch message.role {
        case .system, .user: break
        case .assistant:
            if !message.toolCalls.isEmpty {
                fields["tool_calls"] = .array(message.toolCalls.enumerated().map { encode($1, index: $0) })
            }
            // Others refuse or ignore the field; there an unfinished last message is continued without it, or not.
            if dialect.hasMistralFields { fields["prefix"] = .bool(message.prefix) }
        case .tool:
            fields["tool_call_id"] = .string(message.toolCallID ?? "")
            fields["name"] = message.name.map { .string($0) }
        }
        return .object(fields)
    }

    /// One string if there is only text, so that every server and every model's template understands it.
    private func content(of message: Message) -> JSONValue {
        let parts = message.content.compactMap(chunk)
        if parts.allSatisfy({ $0.text != nil }) { return .string(message.text) }
        return .array(parts.map(\.value))
    }

    private func chunk(_ part: ContentPart) -> (value: JSONValue, text: String?)? {
        switch part {
        case .text(let text): (["type": "text", "text": .string(text)], text)
        // Thoughts go back only to the API that they came from, in its own form.
        case .thinking(_, let raw): dialect.hasMistralFields ? raw.map { ($0, nil) } : nil
        case .raw(let value): (value, nil)
        }
    }

    private func encode(_ call: ToolCall, index: Int) -> JSONValue {
        var fields: JSONObject = ["id": .string(call.id), "type": "function"]
        if dialect.hasMistralFields { fields["index"] = .integer(Int64(index)) }
        fields["function"] = ["name": .string(call.name), "arguments": .string(arguments(of: call))]
        return .object(fields)
    }

    private func arguments(of call: ToolCall) -> String {
        guard dialect.needsValidArguments else { return call.arguments }
        if call.arguments.isEmpty { return "{}" }
        if case .object = try? JSONValue(parsing: call.arguments) { return call.arguments }
        // llama.cpp and vLLM answer 500 or 400 to a history whose arguments they cannot parse.
        return (try? JSONValue.object(["malformed": .string(call.arguments)]).serialized()) ?? "{}"
    }
}
