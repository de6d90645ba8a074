// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The table `[approvals]` of the configuration file: `write = "ask"`, `"tool:NAME" = "deny"`.
///
/// A table of TOML has no order, so rules for tools come before rules for effects.
struct ApprovalSettings {
    static let effects: [ToolDefinition.Effect] = [.read, .write, .final]

    private var tools: [ApprovalPolicy.Rule] = []
    private var byEffect: [ApprovalPolicy.Rule] = []

    var policy: ApprovalPolicy { ApprovalPolicy(tools + byEffect) }

    /// - Throws: ``ConfigurationError`` with `place`.
    mutating func add(_ key: String, _ value: JSONValue, _ place: String) throws {
        guard let subject = Self.subject(key) else {
            throw ConfigurationError(
                "\(place): approvals: expected read, write, final or \"tool:NAME\", found '\(key)'")
        }
        guard let word = value.stringValue, let decision = ApprovalPolicy.Decision(rawValue: word) else {
            throw ConfigurationError("\(place): approvals: \(key): expected \"allow\", \"ask\" or \"deny\"")
        }
        guard !(tools + byEffect).contains(where: { $0.subject == subject }) else {
            throw ConfigurationError("\(place): approvals: '\(key)' is set twice")
        }
        if case .tool = subject {
            tools.append(.init(subject, decision))
        } else {
            byEffect.append(.init(subject, decision))
        }
    }

    /// What `read`, `write`, `final` or `tool:NAME` names.
    static func subject(_ text: String) -> ApprovalPolicy.Rule.Subject? {
        if let effect = ToolDefinition.Effect(rawValue: text) { return .effect(effect) }
        guard text.hasPrefix("tool:") else { return nil }
        let name = String(text.dropFirst("tool:".count))
        return name.isToolName ? .tool(name) : nil
    }
}
