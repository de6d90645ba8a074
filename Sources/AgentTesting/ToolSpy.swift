// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore
import Synchronization

/// A tool that keeps the arguments of its calls and does what it is told.
public final class ToolSpy: Tool {
    public let definition: ToolDefinition
    private let body: @Sendable (JSONValue) async throws -> ToolOutput
    private let seen = Mutex<[JSONValue]>([])

    public init(
        _ definition: ToolDefinition,
        _ body: @escaping @Sendable (JSONValue) async throws -> ToolOutput = { .value($0) }
    ) {
        self.definition = definition
        self.body = body
    }

    public convenience init(
        _ name: String, parameters: JSONValue = ["type": "object"],
        _ body: @escaping @Sendable (JSONValue) async throws -> ToolOutput = { .value($0) }
    ) {
        self.init(ToolDefinition(name: name, parameters: parameters), body)
    }

    /// The arguments of each call so far.
    public var calls: [JSONValue] { seen.withLock(\.self) }

    public func call(_ arguments: JSONValue, context: ToolContext) async throws -> ToolOutput {
        seen.withLock { $0.append(arguments) }
        return try await body(arguments)
    }
}
