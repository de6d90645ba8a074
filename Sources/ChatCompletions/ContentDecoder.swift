// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Collects the content of an assistant message, which may come as text, as a list of chunks, or in pieces of both.
struct ContentDecoder: Sendable {
    /// Finished and unfinished parts in order.
    private enum Part {
        case text(String)
        case thinking(ThinkingChunk)
        /// Thoughts in a field beside the content.
        case reasoning(String)
        case raw(JSONValue)
    }

    private var parts: [Part] = []

    /// All text so far.
    var text: String {
        parts.reduce(into: "") { text, part in if case .text(let piece) = part { text += piece } }
    }

    var content: [ContentPart] {
        parts.map { part in
            switch part {
            case .text(let text): .text(text)
            case .thinking(let chunk): .thinking(chunk.text, raw: chunk.value)
            case .reasoning(let text): .thinking(text, raw: nil)
            case .raw(let value): .raw(value)
            }
        }
    }

    /// Takes a message or a delta.
    ///
    /// - Returns: what is new.
    mutating func receive(_ message: JSONObject) -> [ModelEvent] {
        var events: [ModelEvent] = []
        // llama.cpp, vLLM and DeepSeek say `reasoning_content`, others `reasoning`.
        if let thought = (message["reasoning_content"] ?? message["reasoning"])?.stringValue, !thought.isEmpty {
            events.append(receive(reasoning: thought))
        }
        switch message["content"] {
        case .string(let text)?: if let event = receive(text: text) { events.append(event) }
        case .array(let chunks)?: for chunk in chunks { if let event = receive(chunk: chunk) { events.append(event) } }
        default: break
        }
        return events
    }

    private mutating func receive(text: String) -> ModelEvent? {
        guard !text.isEmpty else { return nil }
        if case .text(var whole)? = parts.last {
            // The part must not share its storage while it grows.
            parts[parts.count - 1] = .text("")
            whole += text
            parts[parts.count - 1] = .text(whole)
        } else {
            parts.append(.text(text))
        }
        return .text(text)
    }

    private mutating func receive(reasoning: String) -> ModelEvent {
        if case .reasoning(let before)? = parts.last {
            parts[parts.count - 1] = .reasoning(before + reasoning)
        } else {
            parts.append(.reasoning(reasoning))
        }
        return .thinking(reasoning)
    }

    private mutating func receive(chunk: JSONValue) -> ModelEvent? {
        switch chunk["type"]?.stringValue {
        case "text": return receive(text: chunk["text"]?.stringValue ?? "")
        case "thinking":
            guard let fields = chunk.objectValue else { return nil }
            let new = ThinkingChunk(fields)
            if case .thinking(let before)? = parts.last {
                parts[parts.count - 1] = .thinking(before.merged(with: new))
            } else {
                parts.append(.thinking(new))
            }
            return new.text.isEmpty ? nil : .thinking(new.text)
        default:
            if let text = chunk.stringValue { return receive(text: text) }
            parts.append(.raw(chunk))
            return nil
        }
    }
}

/// A `thinking` chunk of the Mistral API: a list of chunks of its own, of which the texts are the thought.
private struct ThinkingChunk: Sendable {
    private var fields: JSONObject

    init(_ fields: JSONObject) { self.fields = fields }

    var value: JSONValue { .object(fields) }

    var text: String {
        // The open-source validator knows `thinking` as a string, too.
        if let text = fields["thinking"]?.stringValue { return text }
        return thoughts.reduce(into: "") { $0 += $1["text"]?.stringValue ?? "" }
    }

    private var thoughts: [JSONValue] { fields["thinking"]?.arrayValue ?? [] }

    /// This chunk with the next piece of the stream: texts are joined, other members are the newer ones.
    func merged(with next: ThinkingChunk) -> ThinkingChunk {
        var merged = fields
        for (name, value) in next.fields where name != "thinking" { merged[name] = value }
        if let before = fields["thinking"]?.stringValue, let after = next.fields["thinking"]?.stringValue {
            merged["thinking"] = .string(before + after)
        } else {
            var all = thoughts
            for thought in next.thoughts { Self.append(thought, to: &all) }
            merged["thinking"] = .array(all)
        }
        return ThinkingChunk(merged)
    }

    private static func append(_ thought: JSONValue, to thoughts: inout [JSONValue]) {
        guard thought["type"] == "text", var last = thoughts.last?.objectValue, last["type"] == "text",
            let before = last["text"]?.stringValue, let after = thought["text"]?.stringValue
        else {
            thoughts.append(thought)
            return
        }
        last["text"] = .string(before + after)
        thoughts[thoughts.count - 1] = .object(last)
    }
}
