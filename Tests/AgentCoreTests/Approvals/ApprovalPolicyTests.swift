// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@Suite struct ApprovalPolicyTests {
    private func tool(_ name: String, _ effect: ToolDefinition.Effect) -> ToolDefinition {
        ToolDefinition(name: name, effect: effect)
    }

    @Test func theFirstRuleThatMatchesDecides() {
        let policy = ApprovalPolicy([.tool("save", .allow), .effect(.write, .ask), .effect(.write, .deny)])
        #expect(policy.decision(for: tool("save", .write)) == .allow)
        #expect(policy.decision(for: tool("load", .write)) == .ask)
    }

    @Test func withoutARuleTheToolDecides() {
        #expect(ApprovalPolicy.byTool.decision(for: tool("save", .final)) == nil)
        #expect(ApprovalPolicy([.effect(.write, .deny)]).decision(for: tool("load", .read)) == nil)
    }

    @Test(arguments: ApprovalPolicy.Decision.allCases, ApprovalPolicy.Decision.allCases)
    func ofTwoPoliciesTheStricterCounts(one: ApprovalPolicy.Decision, other: ApprovalPolicy.Decision) {
        let left = ApprovalPolicy([.effect(.write, one)])
        let right = ApprovalPolicy([.tool("save", other)])
        #expect(left.tightened(by: right).decision(for: tool("save", .write)) == max(one, other))
        #expect(left.tightened(by: right).decision(for: tool("load", .write)) == one)
        #expect(left.tightened(by: right).decision(for: tool("load", .read)) == nil)
    }

    /// Swift compares strings by canonical equivalence; a name that only looks the same is another name.
    @Test func namesAreComparedByBytes() {
        let policy = ApprovalPolicy([.tool("caf\u{E9}", .allow)])
        #expect(policy.decision(for: tool("cafe\u{301}", .write)) == nil)
    }

    @Test func whatCannotBeUndoneNeedsApprovalUnlessTheToolSaysOtherwise() {
        #expect(ToolDefinition(name: "f", effect: .final).needsApproval)
        #expect(!ToolDefinition(name: "f", effect: .final, needsApproval: false).needsApproval)
        #expect(!ToolDefinition(name: "f", effect: .write).needsApproval)
        #expect(!ToolDefinition(name: "f", effect: .read).needsApproval)
    }
}
