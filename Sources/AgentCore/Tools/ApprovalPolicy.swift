// SPDX-License-Identifier: Apache-2.0

/// Which calls run, which are asked about, and which are refused: decided by tool name and effect, before a person or the tool
/// itself has a say.
///
/// The first rule that matches a tool decides. Where no rule matches, the tool decides: its `needsApproval`. A script cannot
/// make a policy, so it can be asked about more often than it wants, and never less.
public struct ApprovalPolicy: Sendable, Equatable {
    /// What becomes of a call, from the loosest to the strictest.
    public enum Decision: String, Sendable, Comparable, CaseIterable {
        /// It runs, whatever the tool says of itself.
        case allow
        /// The ``Approver`` is asked.
        case ask
        /// It is refused, and the model is told so; nobody is asked.
        case deny

        public static func < (left: Decision, right: Decision) -> Bool { left.strictness < right.strictness }

        private var strictness: Int {
            switch self {
            case .allow: 0
            case .ask: 1
            case .deny: 2
            }
        }
    }

    public struct Rule: Sendable, Equatable {
        public enum Subject: Sendable, Equatable {
            /// The tool of this name, compared byte by byte.
            case tool(String)
            case effect(ToolDefinition.Effect)
        }

        public var subject: Subject
        public var decision: Decision

        public init(_ subject: Subject, _ decision: Decision) {
            self.subject = subject
            self.decision = decision
        }

        public static func tool(_ name: String, _ decision: Decision) -> Rule { Rule(.tool(name), decision) }
        public static func effect(_ effect: ToolDefinition.Effect, _ decision: Decision) -> Rule {
            Rule(.effect(effect), decision)
        }

        fileprivate func matches(_ tool: ToolDefinition) -> Bool {
            switch subject {
            // By bytes: names that only look the same are different names.
            case .tool(let name): name.utf8.elementsEqual(tool.name.utf8)
            case .effect(let effect): effect == tool.effect
            }
        }
    }

    /// Each layer decides by its first matching rule; the strictest of them counts.
    private var layers: [[Rule]]

    /// No rules: each tool decides for itself.
    public static let byTool = ApprovalPolicy([])

    public init(_ rules: [Rule]) { layers = rules.isEmpty ? [] : [rules] }

    /// Both policies at once: where both have a rule for a tool, the stricter one counts.
    public func tightened(by other: ApprovalPolicy) -> ApprovalPolicy {
        var both = self
        both.layers += other.layers
        return both
    }

    /// What the rules say of `tool`; `nil` when none matches, and the tool decides for itself.
    public func decision(for tool: ToolDefinition) -> Decision? {
        layers.compactMap { rules in rules.first { $0.matches(tool) }?.decision }.max()
    }
}
