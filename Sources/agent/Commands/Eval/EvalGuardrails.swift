// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The guardrails of `--guardrail`: a type, the JSON object of one with its fields, or a policy file.
struct EvalGuardrails {
    private let stage: GuardrailStage
    private let environment: ScriptEnvironment

    /// - Parameter environment: where models and services come from.
    init(_ stage: GuardrailStage, in environment: ScriptEnvironment) {
        self.stage = stage
        self.environment = environment
    }

    /// The rules of all arguments for the stage, in their order.
    ///
    /// - Throws: ``UsageError``; ``PolicyError``; ``ModelError`` when a model or service that one asks cannot be had.
    func rules(_ arguments: [String]) async throws -> [GuardrailRule] {
        var rules: [GuardrailRule] = []
        for argument in arguments {
            let found = try made(try await policy(argument))[stage]
            if found.isEmpty {
                throw UsageError("--guardrail \(argument): has no rule for \(stage.rawValue); see --stage")
            }
            rules += found
        }
        return rules
    }

    /// The policy of a file. Its functions are granted nothing.
    func policy(file: String) async throws -> GuardrailPolicy {
        var plain = environment
        plain.grants = .none
        plain.transport = nil
        return try await GuardrailPolicy.load(try ScriptFile(file).source, name: file, in: plain)
    }

    func made(_ policy: GuardrailPolicy) throws -> GuardrailSet {
        try policy.guardrails(
            made: GuardrailMaker(
                models: environment.models, services: environment.services, ledger: environment.ledger))
    }

    private func policy(_ argument: String) async throws -> GuardrailPolicy {
        if argument.hasSuffix(".lua") || argument.hasSuffix(".json") { return try await policy(file: argument) }
        var rule = JSONValue.string(argument)
        if argument.hasPrefix("{") {
            do {
                rule = try JSONValue(parsing: argument)
            } catch {
                throw UsageError("--guardrail: \(error)")
            }
        }
        return try GuardrailPolicy(.object(JSONObject([(stage.rawValue, [rule])])), owner: "--guardrail")
    }
}
