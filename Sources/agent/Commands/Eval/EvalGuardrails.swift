// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The guardrails of `--guardrail`: a type, or the JSON object of one with its fields.
enum EvalGuardrails {
    static func rules(_ arguments: [String]) throws -> [GuardrailRule] { try arguments.map(rule) }

    private static func rule(_ argument: String) throws -> GuardrailRule {
        var fields: JSONObject = ["type": .string(argument)]
        if argument.hasPrefix("{") {
            do {
                guard case .object(let object) = try JSONValue(parsing: argument) else { return try decoded([:]) }
                fields = object
            } catch let error as JSONError {
                throw UsageError("--guardrail: \(error)")
            }
        }
        return try decoded(fields)
    }

    /// The one place that makes guardrails of their descriptions.
    private static func decoded(_ fields: JSONObject) throws -> GuardrailRule {
        switch fields["type"]?.stringValue {
        case "max_length":
            guard let characters = fields["characters"]?.integerValue, characters >= 0 else {
                throw UsageError("--guardrail max_length: expected characters, 0 or more")
            }
            return GuardrailRule(MaxLengthGuardrail(characters: Int(characters)), owner: "--guardrail")
        case let name:
            throw UsageError("--guardrail: there is no type \"\(name ?? "")\"; there is max_length")
        }
    }
}
