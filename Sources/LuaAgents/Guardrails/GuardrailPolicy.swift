// SPDX-License-Identifier: Apache-2.0

public import AgentCore
package import JSONCore
import LuaRuntime

/// Guardrails as a script or a policy file says them: read and checked, not made yet.
///
/// A host imposes policies on the agents of scripts through ``AgentOverrides/guardrails``: their rules come first, and a
/// script can add rules of its own and take none away.
public struct GuardrailPolicy: Sendable {
    /// Whose rules these are, as events and errors say it.
    public let owner: String
    /// Whether the provider's safety prompt is put first, whatever a script says.
    public private(set) var safePrompt = false
    /// The rules that the Mistral API is to judge input by: its request field `guardrails`.
    package private(set) var service: [JSONValue] = []
    private var rules: [GuardrailStage: [GuardrailSpec]] = [:]
    private var delay: GuardrailSet.Delay?
    private let function: @Sendable (GuardrailSpec) throws -> any Guardrail

    /// Reads a table `{ input = { … }, output = …, tool_call = …, tool_result = …, delay = …, safe_prompt = …, mistral = { … } }`.
    ///
    /// - Parameter place: what an error begins with.
    /// - Throws: ``Misuse`` that names the field.
    init(
        _ value: JSONValue, owner: String, at place: String,
        function: @escaping @Sendable (GuardrailSpec) throws -> any Guardrail
    ) throws(Misuse) {
        self.owner = owner
        self.function = function
        for (name, value) in try SpecField(place, value).object() where !value.isNull {
            try read(name, SpecField("\(place).\(name)", value))
        }
    }

    private mutating func read(_ name: String, _ field: SpecField) throws(Misuse) {
        if let stage = GuardrailStage(rawValue: name) {
            let values = field.value.arrayValue == nil && field.value["type"] != nil || field.value.stringValue != nil
            let list = values ? [field.value] : try field.list()
            var specs: [GuardrailSpec] = []
            for (index, value) in list.enumerated() {
                specs.append(try GuardrailSpec(value, stage, at: "\(field.place)[\(index + 1)]"))
            }
            guard !specs.isEmpty else {
                throw Misuse("\(field.place): expected at least one rule; is a name misspelt?")
            }
            rules[stage] = specs
            return
        }
        switch name {
        case "delay":
            delay = field.value == "whole" ? .whole : .sentences(try field.count(from: 0))
        case "safe_prompt": safePrompt = try field.bool()
        case "mistral": service = try field.list()
        default:
            let known = GuardrailStage.allCases.map(\.rawValue) + ["delay", "safe_prompt", "mistral"]
            throw Misuse("\(field.place): unknown field; there are \(known.joined(separator: ", "))")
        }
    }

    /// The names of the rules by stage, for people.
    public var summary: [(stage: GuardrailStage, names: [String])] {
        GuardrailStage.allCases.compactMap { stage in
            guard let specs = rules[stage], !specs.isEmpty else { return nil }
            return (stage, specs.compactMap { try? $0.name() })
        }
    }

    /// The rules, ready to be asked.
    ///
    /// - Throws: ``ModelError`` when a model or service that a rule asks cannot be had, and the rule does not let pass what it
    ///   cannot judge; ``PolicyError`` for a setting that cannot be.
    public func guardrails(made maker: GuardrailMaker) throws -> GuardrailSet {
        var set = GuardrailSet()
        do {
            for (stage, specs) in rules {
                set[stage] = try specs.map { try maker.rule($0, owner: owner, function) }
            }
        } catch let error as Misuse {
            throw PolicyError(description: error.description)
        }
        set.delay = delay ?? .sentences(1)
        return set
    }

    /// Reads a policy file: Lua that returns a table or `agent.guardrails { … }`, or JSON when its name ends so. Lua runs in
    /// `environment`.
    ///
    /// - Throws: ``ScriptError``, or ``PolicyError`` that names file and field.
    public static func load(
        _ source: [UInt8], name: String, in environment: ScriptEnvironment
    ) async throws -> GuardrailPolicy {
        do {
            guard !name.hasSuffix(".json") else { return try json(source, name: name) }
            var own = environment
            // A text that is too much for one check must not take the policy with it.
            own.limits.stopClosesState = false
            let script = try await Script.run(Self.strict(source), name: name, in: own)
            guard case .value(let value?) = script.outcome else {
                throw Misuse("\(name): expected a file that returns a table of guardrails")
            }
            return try GuardrailPolicy(value, owner: "policy \(name)", at: name) { try script.guardrail($0) }
        } catch let error as Misuse {
            throw PolicyError(description: error.description)
        }
    }

    /// `source` with misspelt names as errors: a rule that is nil would be no rule. On the same line, so that lines keep their numbers.
    private static func strict(_ source: [UInt8]) -> [UInt8] {
        let guarded =
            "setmetatable(_G, { __index = function(_, name) error(\"unknown name '\" .. tostring(name) .. \"'\", 2) end }) "
        return Array(guarded.utf8) + (source.first == UInt8(ascii: "#") ? Array("--".utf8) : []) + source
    }

    private static func json(_ source: [UInt8], name: String) throws -> GuardrailPolicy {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: source)
        } catch {
            throw Misuse("\(name): \(error)")
        }
        return try GuardrailPolicy(value, owner: "policy \(name)", at: name) { spec in
            throw Misuse("\(spec.place): a JSON file has no functions")
        }
    }
}

/// A policy file that is not as it must be.
public struct PolicyError: Error, Sendable, CustomStringConvertible {
    public let description: String
}
