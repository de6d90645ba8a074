// SPDX-License-Identifier: Apache-2.0

/// A call that the model asked for.
public struct ToolCall: Sendable, Equatable {
    /// Unique within a run. A decoder leaves it empty when the provider sent none; the loop then makes one.
    public var id: String
    public var name: String
    /// The arguments as the model wrote them: JSON text, which may be malformed.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// What came of a call, as the model is told.
public struct ToolResult: Sendable, Equatable {
    public var callID: String
    public var name: String
    /// Text for the model: JSON of a value, a string as it is, or what went wrong.
    public var content: String
    /// Whether `content` says what went wrong, so that the model may try again.
    public var isError: Bool

    public init(callID: String, name: String, content: String, isError: Bool = false) {
        self.callID = callID
        self.name = name
        self.content = content
        self.isError = isError
    }
}

extension ToolResult {
    func saying(_ content: String) -> ToolResult {
        var copy = self
        copy.content = content
        return copy
    }
}
