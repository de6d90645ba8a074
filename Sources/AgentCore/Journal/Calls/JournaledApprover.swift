// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Asks another approver, and remembers in the journal what it answered.
struct JournaledApprover: Approver {
    let scope: JournalScope
    let other: any Approver

    func decide(on request: ApprovalRequest) async throws -> ApprovalDecision {
        let step = JournalStep(
            "approval", name: request.tool.name,
            request: ["call": .string(request.call.id), "arguments": request.arguments])
        do {
            return try await scope.perform(step, .approval) {
                let decision = try await other.decide(on: request)
                // That nobody is there is no answer: the question stays open.
                if case .unavailable = decision { throw Unanswered() }
                return decision
            }
        } catch is Unanswered {
            return .unavailable
        }
    }

    private struct Unanswered: Error {}
}

extension JournalForm<ApprovalDecision> {
    fileprivate static var approval: JournalForm {
        JournalForm(
            encode: { decision in
                switch decision {
                case .allow: JournalAnswer(["decision": "allow"])
                case .allowEdited(let arguments): JournalAnswer(["decision": "allow", "arguments": arguments])
                case .deny(let reason): JournalAnswer(["decision": "deny", "reason": .string(reason)])
                case .unavailable: JournalAnswer(["decision": "unavailable"])
                }
            },
            decode: { value in
                switch value["decision"]?.stringValue {
                case "allow": value["arguments"].map { .allowEdited($0) } ?? .allow
                case "deny": .deny(reason: value["reason"]?.stringValue ?? "")
                case "unavailable": .unavailable
                default: throw JournalError(.format, "an approval: expected a decision")
                }
            })
    }
}
