// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Allows what was allowed "always for this file", and asks another for the rest.
struct RememberingApprover: Approver {
    let store: ApprovalStore
    let other: any Approver

    func decide(on request: ApprovalRequest) async throws -> ApprovalDecision {
        // What a person has edited, a person has to allow.
        if request.problems.isEmpty, isRemembered(request) { return .allow }
        return try await other.decide(on: request)
    }

    /// A store that cannot be read remembers nothing.
    private func isRemembered(_ request: ApprovalRequest) -> Bool {
        // An effect that cannot be undone is not remembered; also not by a store that was written by hand.
        guard request.tool.effect != .final else { return false }
        do {
            return try store.contains(ApprovalKey(request))
        } catch {
            Console.err("agent: remembered approvals are not used: \(Printable.escaped("\(error)"))\n")
            return false
        }
    }
}
