// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import Synchronization

/// Answers questions for approval by what a test says, and keeps what was asked.
final class ScriptedApprover: Approver {
    struct Asked: Sendable {
        let tool: String
        let arguments: JSONValue
        /// `allow`, `deny`, `edit`, or `none` when nobody was there.
        let decision: String
    }

    private enum Answer: Sendable {
        case allow
        case deny(String)
        case edit(JSONValue)
    }

    private let answers: [String: Answer]
    private let log = Mutex<[Asked]>([])

    /// - Parameter value: `"allow"` or `"deny"` for every tool, or a table by tools, `*` for the others: `"allow"`, `"deny"`,
    ///   `{ deny = "reason" }` or `{ edit = arguments }`. `nil`: nobody is there.
    init(_ value: JSONValue?) throws(Misuse) {
        switch value {
        case nil, .null: answers = [:]
        case .string: answers = ["*": try Self.answer(value, "approvals")]
        case .object(let tools):
            var answers: [String: Answer] = [:]
            for (name, value) in tools { answers[name] = try Self.answer(value, "approvals.\(name)") }
            self.answers = answers
        case .array(let values) where values.isEmpty: answers = [:]
        default: throw Misuse("t:run: approvals: expected \"allow\", \"deny\" or a table by the names of tools")
        }
    }

    private static func answer(_ value: JSONValue?, _ place: String) throws(Misuse) -> Answer {
        if value?.stringValue == "allow" { return .allow }
        if value?.stringValue == "deny" { return .deny("the test denies it") }
        if let reason = value?["deny"]?.stringValue { return .deny(reason) }
        if let arguments = value?["edit"] { return .edit(Optional(arguments).asArguments) }
        throw Misuse("t:run: \(place): expected \"allow\", \"deny\", { deny = \"reason\" } or { edit = { … } }")
    }

    var asked: [Asked] { log.withLock(\.self) }

    func decide(on request: ApprovalRequest) async throws -> ApprovalDecision {
        let answer = answers[request.tool.name] ?? answers["*"]
        let (decision, word): (ApprovalDecision, String) =
            switch answer {
            case .allow: (.allow, "allow")
            case .deny(let reason): (.deny(reason: reason), "deny")
            // Arguments that the schema refuses are not asked for again and again.
            case .edit where !request.problems.isEmpty:
                (
                    .deny(reason: "the edited arguments are not valid: " + request.problems.joined(separator: "; ")),
                    "deny"
                )
            case .edit(let arguments): (.allowEdited(arguments), "edit")
            case nil: (.unavailable, "none")
            }
        log.withLock { $0.append(Asked(tool: request.tool.name, arguments: request.arguments, decision: word)) }
        return decision
    }
}
