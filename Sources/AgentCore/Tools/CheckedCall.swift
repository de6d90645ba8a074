// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// A call that no model made: its arguments are valid already, and nobody is asked.
package struct CheckedCall {
    private let tool: any Tool
    private let arguments: JSONValue

    package init(_ tool: any Tool, _ arguments: JSONValue) {
        self.tool = tool
        self.arguments = arguments
    }

    /// - Throws: ``RunError``, ``JournalError``, and what the tool throws as ``ToolFault``.
    package func run() async throws -> ToolOutput {
        let toolset = try Toolset([tool])
        let place = JournalScope.current?.nextPath()
        // Each call of a script is another one.
        let call = ToolCall(
            id: place.map { "direct-\($0)" } ?? "direct", name: tool.definition.name,
            arguments: try arguments.serialized())
        guard let entry = toolset[call.name] else { preconditionFailure("a toolset has its tools") }
        let key = try await tool.onceKey(for: arguments)
        let ready = ReadyCall(
            call: call, entry: entry, arguments: arguments, onceKey: key, place: place)
        let made = try await ready.run(ToolContext(callID: call.id, turn: 0), clock: ContinuousClock())
        if let fault = made.fault { throw ToolFault(description: fault) }
        let content = made.result.content
        if made.result.isError { return .failure(content) }
        if made.isText { return .text(content) }
        return (try? JSONValue(parsing: content)).map { .value($0) } ?? .text(content)
    }
}

/// What a tool threw, in its words.
package struct ToolFault: Error, CustomStringConvertible {
    package let description: String
}
