// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Reads messages in the form of the wire, as far as tests use it.
enum WireMessage {
    static func messages(_ text: String) throws -> [Message] {
        try (JSONValue(parsing: text).arrayValue ?? []).map(message)
    }

    private static func message(_ value: JSONValue) throws -> Message {
        let calls = try (value["tool_calls"]?.arrayValue ?? []).map { call in
            let arguments = call["function"]?["arguments"]
            return ToolCall(
                id: call["id"]?.stringValue ?? "", name: call["function"]?["name"]?.stringValue ?? "",
                arguments: try arguments?.stringValue ?? arguments?.serialized() ?? "")
        }
        return Message(
            role: Message.Role(rawValue: value["role"]?.stringValue ?? "") ?? .user, content: content(value["content"]),
            toolCalls: calls, toolCallID: value["tool_call_id"]?.stringValue, name: value["name"]?.stringValue,
            prefix: value["prefix"]?.boolValue ?? false)
    }

    private static func content(_ value: JSONValue?) -> [ContentPart] {
        switch value {
        case .string(let text)?: text.isEmpty ? [] : [.text(text)]
        case .array(let chunks)?: chunks.map { $0["text"]?.stringValue.map { .text($0) } ?? .raw($0) }
        default: []
        }
    }
}
