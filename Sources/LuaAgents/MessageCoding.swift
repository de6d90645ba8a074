// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

/// What is wrong with a value that a script or a host gave, and where.
package struct Misuse: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Messages as scripts write and read them: the form of the chat completions API.
extension Message {
    /// - Parameter place: how an error names this message, such as `messages[3]`.
    package init(scriptValue value: JSONValue, at place: String) throws(Misuse) {
        guard case .object(let fields) = value else {
            throw Misuse("\(place): expected a message { role = …, content = … }, found \(value.typeName)")
        }
        guard let word = fields["role"]?.stringValue, let role = Role(rawValue: word) else {
            throw Misuse("\(place).role: expected \"system\", \"user\", \"assistant\" or \"tool\"")
        }
        self.init(role: role, content: try Self.content(fields["content"], at: place))
        toolCalls = try Self.calls(fields["tool_calls"], at: place)
        toolCallID = fields["tool_call_id"]?.stringValue
        name = fields["name"]?.stringValue
        prefix = fields["prefix"]?.boolValue ?? false
    }

    /// The conversation that `value` stands for: a prompt, or a list of messages.
    package static func conversation(_ value: JSONValue) throws(Misuse) -> [Message] {
        switch value {
        case .string(let prompt): return [.user(prompt)]
        case .array(let values) where !values.isEmpty:
            var messages: [Message] = []
            for (place, value) in values.enumerated() {
                messages.append(try Message(scriptValue: value, at: "messages[\(place + 1)]"))
            }
            return messages
        default: throw Misuse("expected a prompt or a list of messages, found \(value.typeName)")
        }
    }

    package var scriptValue: JSONValue {
        var fields: JSONObject = ["role": .string(role.rawValue), "content": contentValue]
        if !toolCalls.isEmpty { fields["tool_calls"] = .array(toolCalls.map(\.scriptValue)) }
        if let toolCallID { fields["tool_call_id"] = .string(toolCallID) }
        if let name { fields["name"] = .string(name) }
        if prefix { fields["prefix"] = true }
        return .object(fields)
    }

    private var contentValue: JSONValue {
        let isPlain = content.allSatisfy { if case .text = $0 { true } else { false } }
        return isPlain ? .string(text) : .array(content.map(\.scriptValue))
    }

    private static func content(_ value: JSONValue?, at place: String) throws(Misuse) -> [ContentPart] {
        switch value {
        case nil, .null: return []
        case .string(let text): return text.isEmpty ? [] : [.text(text)]
        case .array(let chunks): return chunks.map(ContentPart.init(scriptValue:))
        case .some(let other):
            throw Misuse("\(place).content: expected a string or a list of chunks, found \(other.typeName)")
        }
    }

    private static func calls(_ value: JSONValue?, at place: String) throws(Misuse) -> [ToolCall] {
        var calls: [ToolCall] = []
        for (index, value) in (value?.arrayValue ?? []).enumerated() {
            let function = value["function"] ?? value
            guard let name = function["name"]?.stringValue else {
                throw Misuse("\(place).tool_calls[\(index + 1)]: expected a function name")
            }
            calls.append(
                ToolCall(id: value["id"]?.stringValue ?? "", name: name, arguments: argumentText(function["arguments"]))
            )
        }
        return calls
    }

    private static func argumentText(_ value: JSONValue?) -> String {
        guard let value else { return "" }
        return value.stringValue ?? (try? value.serialized()) ?? ""
    }
}

extension ToolCall {
    package var scriptValue: JSONValue {
        ["id": .string(id), "type": "function", "function": ["name": .string(name), "arguments": .string(arguments)]]
    }
}

extension ContentPart {
    init(scriptValue value: JSONValue) {
        if value["type"]?.stringValue == "text", let text = value["text"]?.stringValue {
            self = .text(text)
        } else if value["type"]?.stringValue == "thinking" {
            let pieces = value["thinking"]?.arrayValue ?? []
            self = .thinking(pieces.compactMap { $0["text"]?.stringValue }.joined(), raw: value)
        } else {
            self = .raw(value)
        }
    }

    var scriptValue: JSONValue {
        switch self {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .thinking(let text, let raw):
            raw ?? ["type": "thinking", "thinking": [["type": "text", "text": .string(text)]]]
        case .raw(let value): value
        }
    }
}
