// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// How many tokens a prompt can have at most, without a tokenizer.
///
/// Mistral's tokenizers, and all others that work on bytes, make at most one token of a byte. What the template of a chat
/// puts around messages is allowed for. It does not hold for pictures, documents and sound, whose size here is not known: each
/// counts as ``media`` tokens or as its bytes, whichever is more.
enum TokenBound {
    /// For what a template puts around a request: its own instructions, the safety prompt, markers.
    static let request = 512
    /// For the markers of a message or a call.
    static let message = 32
    static let media = 4096

    static func prompt(_ request: ModelRequest) -> Int {
        var count = Self.request
        for message in request.messages { count = count.addingUpToMaximum(tokens(of: message)) }
        for tool in request.tools { count = count.addingUpToMaximum(tokens(of: tool)) }
        if case .jsonSchema(_, let schema, _) = request.responseFormat { count += 2 * bytes(schema) }
        return count.addingUpToMaximum(bytes(.object(request.options.extra)))
    }

    static func messages(_ messages: some Sequence<Message>) -> Int {
        messages.reduce(0) { $0.addingUpToMaximum(tokens(of: $1)) }
    }

    private static func tokens(of message: Message) -> Int {
        var count = Self.message + (message.toolCallID?.utf8.count ?? 0) + (message.name?.utf8.count ?? 0)
        for part in message.content { count = count.addingUpToMaximum(tokens(of: part)) }
        for call in message.toolCalls {
            // Older templates write calls as JSON with spaces in it.
            count += Self.message + call.id.utf8.count + call.name.utf8.count + 2 * call.arguments.utf8.count
        }
        return count
    }

    private static func tokens(of part: ContentPart) -> Int {
        switch part {
        case .text(let text): text.utf8.count
        case .thinking(let text, let raw): max(text.utf8.count, raw.map(bytes) ?? 0)
        case .raw(let value): max(media, bytes(value))
        }
    }

    private static func tokens(of tool: ToolDefinition) -> Int {
        message + tool.name.utf8.count + tool.description.utf8.count + 2 * bytes(tool.parameters)
    }

    private static func bytes(_ value: JSONValue) -> Int { (try? value.serialized())?.utf8.count ?? media }
}
