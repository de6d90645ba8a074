// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// One message of a conversation.
public struct Message: Sendable, Equatable {
    /// Who speaks. The set is closed: every chat API of the field has these four.
    public enum Role: String, Sendable { case system, user, assistant, tool }

    public var role: Role
    public var content: [ContentPart]
    /// What the model asked to be called; only in assistant messages.
    public var toolCalls: [ToolCall]
    /// The call that a tool message answers.
    public var toolCallID: String?
    /// The name of the tool in a tool message.
    public var name: String?
    /// Whether the model is to continue this assistant message instead of answering it (Mistral `prefix`).
    public var prefix: Bool
    /// Whether a tool message says what went wrong. No wire carries it; the embedded model's prompt does.
    public var isError: Bool

    public init(
        role: Role, content: [ContentPart], toolCalls: [ToolCall] = [], toolCallID: String? = nil, name: String? = nil,
        prefix: Bool = false, isError: Bool = false
    ) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.name = name
        self.prefix = prefix
        self.isError = isError
    }

    public static func system(_ text: String) -> Message { Message(role: .system, content: [.text(text)]) }
    public static func user(_ text: String) -> Message { Message(role: .user, content: [.text(text)]) }
    public static func assistant(_ text: String, toolCalls: [ToolCall] = []) -> Message {
        Message(role: .assistant, content: text.isEmpty ? [] : [.text(text)], toolCalls: toolCalls)
    }

    /// The message that carries `result` back to the model.
    public static func tool(_ result: ToolResult) -> Message {
        Message(
            role: .tool, content: [.text(result.content)], toolCallID: result.callID, name: result.name,
            isError: result.isError)
    }

    /// All text parts joined; thinking and media are left out.
    public var text: String {
        content.reduce(into: "") { text, part in if case .text(let piece) = part { text += piece } }
    }
}

/// A piece of a message's content.
public enum ContentPart: Sendable, Equatable {
    case text(String)
    /// What a reasoning model thought before it answered. `raw` is the provider's own chunk, sent back unchanged.
    case thinking(String, raw: JSONValue?)
    /// Any other chunk (image, document, audio, reference, or one that does not exist yet) in its wire form.
    case raw(JSONValue)
}
