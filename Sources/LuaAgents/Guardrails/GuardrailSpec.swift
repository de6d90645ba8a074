// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// One rule as a script or a policy file says it, read and checked.
struct GuardrailSpec: Sendable {
    /// What kind of guardrail it is: the words that ``GuardrailMaker`` knows.
    enum Kind: String, CaseIterable, Sendable {
        case moderation
        case selfReflection = "self_reflection"
        case personalData = "pii"
        case secrets
        case maxLength = "max_length"
        case regex
        case jsonOnly = "json_only"
        case promptInjection = "prompt_injection"
        /// A function of the script.
        case function

        /// The fields that only this kind has.
        var fields: Set<String> {
            switch self {
            case .moderation:
                ["action", "replacement", "model", "threshold", "thresholds", "ignore", "only", "endpoint"]
            case .selfReflection: ["action", "replacement", "model", "threshold", "categories"]
            case .personalData, .secrets: ["action", "kinds"]
            case .maxLength: ["action", "characters"]
            case .regex: ["action", "replacement", "pattern", "must"]
            case .jsonOnly: ["action", "schema"]
            case .promptInjection: ["action", "threshold"]
            case .function: ["id", "whole", "messages"]
            }
        }

        static let names = allCases.filter { $0 != .function }.map(\.rawValue).joined(separator: ", ")
    }

    private static let common: Set<String> = [
        "type", "name", "timeout", "on_error", "parallel", "show_text", "history",
    ]

    let kind: Kind
    /// Where it stands, as errors say it: `agent.new: guardrails.input[1]`.
    let place: String
    private let fields: JSONObject

    init(_ value: JSONValue, _ stage: GuardrailStage, at place: String) throws(Misuse) {
        let fields: JSONObject = value.stringValue.map { ["type": .string($0)] } ?? value.objectValue ?? [:]
        guard let word = fields["type"]?.stringValue else {
            throw Misuse("\(place): expected a name or a table with a type: \(Kind.names)")
        }
        guard let kind = Kind(rawValue: word) else {
            throw Misuse("\(place): there is no guardrail \"\(word)\"; there are \(Kind.names)")
        }
        for key in fields.keys where !Self.common.contains(key) && !kind.fields.contains(key) {
            throw Misuse("\(place): the guardrail \"\(word)\" has no field '\(key)'")
        }
        self.kind = kind
        self.place = place
        self.fields = fields
        if stage != .input, try flag("parallel") {
            throw Misuse("\(place): parallel: only input can be judged beside the model")
        }
        if stage != .input && stage != .toolResult, try flag("history") {
            throw Misuse("\(place): history: only input and tool results can be judged again")
        }
        _ = try name()
        _ = try rule(TypeOnly(), owner: "")
    }

    /// The field of that name, if it is there.
    func field(_ name: String) -> SpecField? {
        guard let value = fields[name], !value.isNull else { return nil }
        return SpecField("\(place).\(name)", value)
    }

    func flag(_ name: String) throws(Misuse) -> Bool { try field(name)?.bool() ?? false }

    /// How events and errors call it: without a name nobody could tell whose block it was.
    func name() throws(Misuse) -> String {
        guard let field = field("name") else { return kind.rawValue }
        let name = try field.string()
        let isShown = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        guard (1...64).contains(name.count), isShown, name.contains(where: { !$0.isWhitespace }) else {
            throw Misuse("\(field.place): expected 1 to 64 characters on one line")
        }
        return name
    }

    func action(_ usual: GuardrailAction) throws(Misuse) -> GuardrailAction {
        try word("action", GuardrailAction.init(rawValue:), GuardrailAction.allCases.map(\.rawValue)) ?? usual
    }

    /// A field that is one of a few words.
    func word<Value>(
        _ name: String, _ make: (String) -> Value?, _ known: [String]
    ) throws(Misuse) -> Value? {
        guard let field = field(name) else { return nil }
        guard let value = make(try field.string()) else {
            let words = known.map { "\"\($0)\"" }.joined(separator: ", ")
            throw Misuse("\(field.place): expected one of \(words)")
        }
        return value
    }

    /// Scores by category.
    func scores(_ name: String) throws(Misuse) -> [String: Double] {
        var scores: [String: Double] = [:]
        for (category, value) in try field(name)?.object() ?? [:] {
            scores[category] = try SpecField("\(place).\(name).\(category)", value).number(in: 0...1)
        }
        return scores
    }

    /// `guardrail` as a rule with the settings that all kinds have.
    func rule(_ guardrail: any Guardrail, owner: String) throws(Misuse) -> GuardrailRule {
        var rule = GuardrailRule(guardrail, owner: owner)
        if let timeout = field("timeout") { rule.timeout = .seconds(try timeout.number(in: 0.001...1e6)) }
        rule.failsOpen = try word("on_error", { ["block": false, "pass": true][$0] }, ["block", "pass"]) ?? false
        rule.isParallel = try flag("parallel")
        rule.showsText = try flag("show_text")
        rule.judgesHistory = try flag("history")
        return rule
    }
}

/// Stands for a guardrail while the settings around it are checked.
private struct TypeOnly: Guardrail {
    let name = ""
    func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { .pass }
}
