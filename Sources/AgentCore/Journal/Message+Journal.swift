// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// Messages as journals keep them: the form of the chat completions API, and what that form has no place for.
extension Message {
    package var journalValue: JSONValue {
        var fields: JSONObject = ["role": .string(role.rawValue)]
        if case .text(let text)? = content.first, content.count == 1 {
            fields["content"] = .string(text)
        } else if !content.isEmpty {
            fields["content"] = .array(content.map(\.journalValue))
        }
        if !toolCalls.isEmpty { fields["tool_calls"] = .array(toolCalls.map(\.journalValue)) }
        fields["tool_call_id"] = toolCallID.map { .string($0) }
        fields["name"] = name.map { .string($0) }
        if prefix { fields["prefix"] = true }
        if isError { fields["is_error"] = true }
        return .object(fields)
    }

    /// - Returns: `nil` when `value` is not what ``journalValue`` gives.
    package init?(journalValue value: JSONValue) {
        guard let role = value["role"]?.stringValue.flatMap(Role.init) else { return nil }
        var parts: [ContentPart] = []
        switch value["content"] {
        case nil: break
        case .string(let text)?: parts = [.text(text)]
        case .array(let values)?: parts = values.map(ContentPart.init(journalValue:))
        default: return nil
        }
        var calls: [ToolCall] = []
        for call in value["tool_calls"]?.arrayValue ?? [] {
            guard let call = ToolCall(journalValue: call) else { return nil }
            calls.append(call)
        }
        self.init(
            role: role, content: parts, toolCalls: calls, toolCallID: value["tool_call_id"]?.stringValue,
            name: value["name"]?.stringValue, prefix: value["prefix"]?.boolValue ?? false,
            isError: value["is_error"]?.boolValue ?? false)
    }
}

extension ContentPart {
    fileprivate var journalValue: JSONValue {
        switch self {
        case .text(let text): ["text": .string(text)]
        case .thinking(let text, nil): ["thinking": .string(text)]
        case .thinking(let text, let raw?): ["thinking": .string(text), "raw": raw]
        case .raw(let value): ["raw": value]
        }
    }

    fileprivate init(journalValue value: JSONValue) {
        if let text = value["text"]?.stringValue {
            self = .text(text)
        } else if let text = value["thinking"]?.stringValue {
            self = .thinking(text, raw: value["raw"])
        } else {
            self = .raw(value["raw"] ?? .null)
        }
    }
}

extension ToolCall {
    package var journalValue: JSONValue {
        ["id": .string(id), "name": .string(name), "arguments": .string(arguments)]
    }

    package init?(journalValue value: JSONValue) {
        guard let id = value["id"]?.stringValue, let name = value["name"]?.stringValue,
            let arguments = value["arguments"]?.stringValue
        else { return nil }
        self.init(id: id, name: name, arguments: arguments)
    }
}

extension Usage {
    package var journalValue: JSONValue {
        var fields = JSONObject()
        func add(_ name: String, _ count: Int) {
            if count != 0 { fields[name] = .integer(Int64(count)) }
        }
        add("prompt_tokens", promptTokens)
        add("completion_tokens", completionTokens)
        add("total_tokens", totalTokens)
        add("cached_tokens", cachedTokens)
        add("audio_seconds", audioSeconds)
        add("pages", pages)
        add("annotated_pages", annotatedPages)
        return .object(fields)
    }

    package init(journalValue value: JSONValue) {
        func count(_ name: String) -> Int { Int(clamping: value[name]?.integerValue ?? 0) }
        self.init()
        (promptTokens, completionTokens) = (count("prompt_tokens"), count("completion_tokens"))
        (totalTokens, cachedTokens) = (count("total_tokens"), count("cached_tokens"))
        (audioSeconds, pages) = (count("audio_seconds"), count("pages"))
        annotatedPages = count("annotated_pages")
    }
}
