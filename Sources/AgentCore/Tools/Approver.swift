// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Decides whether a call that needs approval may run. The model never answers for it.
public protocol Approver: Sendable {
    /// - Parameter arguments: already validated by the tool's schema.
    func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) async throws -> ApprovalDecision
}

public enum ApprovalDecision: Sendable, Equatable {
    case allow
    /// The model reads `reason`.
    case deny(reason: String)
    /// Nobody is there to ask: the run ends with ``RunError/Code/approval``.
    case unavailable
}

/// Allows every call without asking.
public struct ApproveAll: Approver {
    public init() {}
    public func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) async throws -> ApprovalDecision {
        .allow
    }
}

/// Says that nobody can be asked; what a host has that names no approver.
public struct NoApprover: Approver {
    public init() {}
    public func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) async throws -> ApprovalDecision {
        .unavailable
    }
}
