// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// The input of a case: a prompt, or messages in the form of the chat completions API.
enum InputMessages {
    private static let keys = ["role", "content", "tool_calls", "tool_call_id", "name", "prefix"]

    static func read(_ value: JSONValue?, at pointer: JSONPointer) throws(FieldFault) -> [Message] {
        switch value {
        case .string(let prompt)?: return [.user(prompt)]
        case .array(let values)? where !values.isEmpty:
            var messages: [Message] = []
            for (index, value) in values.enumerated() {
                messages.append(try message(value, at: pointer.appending(index)))
            }
            return messages
        case let other: throw FieldFault(pointer, expected: "a prompt or a list of messages", found: other)
        }
    }

    static func message(_ value: JSONValue, at pointer: JSONPointer) throws(FieldFault) -> Message {
        let fields = try FieldReader(value, at: pointer, known: keys)
        guard let role = Message.Role(rawValue: try fields.string("role") ?? "") else {
            throw FieldFault(fields.place("role"), "expected \"system\", \"user\", \"assistant\" or \"tool\"")
        }
        return Message(
            role: role, content: try content(fields), toolCalls: try calls(fields),
            toolCallID: try fields.string("tool_call_id"), name: try fields.string("name"),
            prefix: try fields.bool("prefix") ?? false)
    }

    private static func content(_ fields: FieldReader) throws(FieldFault) -> [ContentPart] {
        switch fields["content"] {
        case nil: return []
        case .string(let text)?: return text.isEmpty ? [] : [.text(text)]
        case .array(let chunks)?:
            return chunks.map { chunk in
                if chunk["type"]?.stringValue == "text", let text = chunk["text"]?.stringValue { return .text(text) }
                return .raw(chunk)
            }
        default: throw fields.fault("content", expected: "a string or a list of chunks")
        }
    }

    private static func calls(_ fields: FieldReader) throws(FieldFault) -> [ToolCall] {
        guard let value = fields["tool_calls"] else { return [] }
        guard let values = value.arrayValue else { throw fields.fault("tool_calls", expected: "a list of calls") }
        var calls: [ToolCall] = []
        for (index, value) in values.enumerated() {
            let function = value["function"] ?? value
            guard let name = function["name"]?.stringValue else {
                throw FieldFault(
                    fields.place("tool_calls").appending(index), "expected a call with the name of a function")
            }
            let arguments = function["arguments"]
            calls.append(
                ToolCall(
                    id: value["id"]?.stringValue ?? "", name: name,
                    arguments: arguments?.stringValue ?? (try? arguments?.serialized()) ?? ""))
        }
        return calls
    }
}
