// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Asks the person at the terminal.
actor TerminalApprover: Approver {
    private let style: Style

    init(style: Style) { self.style = style }

    func decide(on call: ToolCall, tool: ToolDefinition, arguments: JSONValue) async throws -> ApprovalDecision {
        let shown = (try? arguments.serialized()) ?? ""
        Console.err(
            style.yellow(
                "Allow \(Printable.short(call.name)) (\(tool.effect.rawValue)) with \(Printable.short(shown, width: 400))? [y/N] "
            ))
        let answer = try await StandardInput.read(.line).map { String(decoding: $0, as: UTF8.self) } ?? ""
        switch answer.lowercased() {
        case "y", "yes": return .allow
        default: return .deny(reason: "the user said no")
        }
    }
}
