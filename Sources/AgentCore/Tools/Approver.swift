// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Decides whether a call that needs approval may run. The model never answers for it.
///
/// Implement ``decide(on:)``, or ``decide(on:tool:arguments:)`` where the call, its tool and its arguments are enough. Within a
/// run calls are asked about one after another; several runs may ask at the same time.
public protocol Approver: Sendable {
    func decide(on request: ApprovalRequest) async throws -> ApprovalDecision

    /// - Parameter arguments: already validated by the tool's schema.
    func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) async throws -> ApprovalDecision
}

extension Approver {
    public func decide(on request: ApprovalRequest) async throws -> ApprovalDecision {
        try await decide(on: request.call, tool: request.tool, arguments: request.arguments)
    }

    /// Nobody is there, for an approver that implements neither.
    public func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) async throws -> ApprovalDecision {
        .unavailable
    }
}

/// A call that waits for an answer.
public struct ApprovalRequest: Sendable {
    /// The call as the model made it.
    public var call: ToolCall
    public var tool: ToolDefinition
    /// What the tool would be called with: valid by its schema and with defaults filled in, unless there are ``problems``.
    public var arguments: JSONValue
    /// Where the tool comes from; `nil` when it does not come from a file.
    public var origin: ToolOrigin?
    /// What the tool's schema found wrong with the arguments of the last ``ApprovalDecision/allowEdited(_:)``, which are now
    /// ``arguments``. Empty the first time.
    public var problems: [String]

    public init(
        call: ToolCall, tool: ToolDefinition, arguments: JSONValue, origin: ToolOrigin? = nil, problems: [String] = []
    ) {
        self.call = call
        self.tool = tool
        self.arguments = arguments
        self.origin = origin
        self.problems = problems
    }
}

/// The file that a tool's code is in, by which answers are remembered: other content is another tool.
public struct ToolOrigin: Sendable, Hashable {
    /// The path as it was named when the file was run.
    public var file: String
    /// SHA-256 of the code, in hexadecimal digits: the file, and what it loaded from the tool library.
    public var digest: String

    public init(file: String, digest: String) {
        self.file = file
        self.digest = digest
    }
}

public enum ApprovalDecision: Sendable, Equatable {
    case allow
    /// The call runs with other arguments. They are validated like the model's own; when they fail, the approver is asked
    /// again. The model is not told of the edit: let the tool's result say what was done.
    case allowEdited(JSONValue)
    /// The model reads `reason`.
    case deny(reason: String)
    /// Nobody is there to ask: the run ends with ``RunError/Code/approval``.
    case unavailable
}

/// Allows every call without asking.
public struct ApproveAll: Approver {
    public init() {}
    public func decide(on request: ApprovalRequest) async throws -> ApprovalDecision { .allow }
}

/// Denies every call that would be asked about; the run goes on without it.
public struct DenyAll: Approver {
    private let reason: String

    /// - Parameter reason: what the model reads.
    public init(reason: String = "nobody is there to approve it; go on without it") { self.reason = reason }
    public func decide(on request: ApprovalRequest) async throws -> ApprovalDecision { .deny(reason: reason) }
}

/// Says that nobody can be asked; what a host has that names no approver.
public struct NoApprover: Approver {
    public init() {}
    public func decide(on request: ApprovalRequest) async throws -> ApprovalDecision { .unavailable }
}
