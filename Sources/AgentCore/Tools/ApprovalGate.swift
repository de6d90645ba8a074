// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// Stands between a valid call and its tool: the policy first, then the tool's own word, then the approver.
struct ApprovalGate: Sendable {
    let policy: ApprovalPolicy
    let approver: any Approver

    enum Verdict: Sendable {
        /// With these arguments, which need not be the model's.
        case run(JSONValue)
        /// What the model is told.
        case refused(String)
    }

    /// - Throws: ``RunError`` with ``RunError/Code/approval`` when somebody must be asked and nobody can be; what the tool throws
    ///   when it is asked whether it needs approval, so that a call is never let through by an error.
    func verdict(on call: ToolCall, _ entry: Toolset.Entry, _ arguments: JSONValue) async throws -> Verdict {
        switch policy.decision(for: entry.definition) {
        case .allow: return .run(arguments)
        case .deny: return .refused("the call was not approved: the user's policy denies it; go on without it")
        case .ask: break
        case nil: guard try await entry.tool.needsApproval(for: arguments) else { return .run(arguments) }
        }
        return try await ask(
            ApprovalRequest(call: call, tool: entry.definition, arguments: arguments, origin: entry.tool.origin),
            entry.schema)
    }

    /// How often edited arguments may fail before the call is refused: a program that edits would go on for ever.
    private static let attempts = 100

    /// Asks until the answer is one that can be acted on.
    private func ask(_ first: ApprovalRequest, _ schema: JSONSchema) async throws -> Verdict {
        var request = first
        for _ in 0..<Self.attempts {
            try Task.checkCancellation()
            switch try await approver.decide(on: request) {
            case .allow where request.problems.isEmpty: return .run(request.arguments)
            // What the schema refused stays refused, whoever allows it.
            case .allow: return .refused("the call was not approved: its edited arguments were not valid")
            case .allowEdited(let edited):
                request.arguments = edited
                switch ToolArguments(edited, schema: schema) {
                case .valid(let arguments): return .run(arguments)
                case .invalid(_, let problems): request.problems = problems
                case .malformed(let problem): request.problems = [problem]
                }
            case .deny(let reason): return .refused("the call was not approved: \(reason)")
            case .unavailable: throw unavailable(request)
            }
        }
        return .refused("the call was not approved: its edited arguments were not valid")
    }

    private func unavailable(_ request: ApprovalRequest) -> RunError {
        let file = request.origin.map { " of \($0.file)" } ?? ""
        return RunError(
            .approval,
            "paused: tool \"\(request.tool.name)\"\(file) (effect \(request.tool.effect.rawValue), call \(request.call.id)) "
                + "waits for an approval, and nobody can be asked")
    }
}
