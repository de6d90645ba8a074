// SPDX-License-Identifier: Apache-2.0

/// Answers what a script asks.
///
/// A request waits until the host returns; other calls on the same state run meanwhile. An error that the host throws
/// ends the call and is thrown from it unchanged: the script cannot catch it. For an error that the script may catch,
/// return ``LuaAnswer/raise(_:)``. The host is told about cancellation and deadline by the cancellation of its task.
public typealias LuaHost = @Sendable (LuaRequest) async throws -> LuaAnswer

/// One request of a script.
public struct LuaRequest: Sendable {
    /// The first argument of the module's `host(operation, ...)`.
    public let operation: String
    /// The other arguments.
    public let arguments: LuaMessage
    /// Where the script asked, as `file:line`; empty when no line of a script was active, which a tail call
    /// (`return ask(...)`) at the script's outermost level makes so.
    public let position: String

    public init(operation: String, arguments: LuaMessage, position: String = "") {
        self.operation = operation
        self.arguments = arguments
        self.position = position
    }
}

/// What the host says to a request.
public enum LuaAnswer: Sendable {
    /// What the module's `host` function returns.
    case values(LuaMessage)
    /// An error raised at the script's line that asked; the message gets `file:line:` in front.
    case raise(String)
}
