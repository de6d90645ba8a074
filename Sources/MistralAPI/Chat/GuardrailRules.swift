// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// The form of the request field `guardrails`: a list of `{ block_on_error, moderation_llm_v1, moderation_llm_v2 }`.
///
/// Which categories there are changes with the models: their names are the API's matter, their scores are checked.
enum GuardrailRules {
    private static let moderation = ["model_name", "custom_category_thresholds", "ignore_other_categories", "action"]
    private static let versions = ["moderation_llm_v1", "moderation_llm_v2"]

    /// - Throws: ``ModelError/Code/invalidRequest``, which names the place as a JSON pointer: `/guardrails/0/…`.
    static func check(_ fields: JSONObject) throws(ModelError) {
        guard let value = fields["guardrails"], !value.isNull else { return }
        guard let list = value.arrayValue else { throw refusal("/guardrails", "a list of objects", value) }
        for (index, entry) in list.enumerated() {
            let place = "/guardrails/\(index)"
            let fields = try object(entry, place, known: ["block_on_error"] + versions)
            try checkBoolean(fields, "block_on_error", place)
            let used = versions.filter { fields[$0].map { !$0.isNull } ?? false }
            guard !used.isEmpty else {
                throw ModelError(
                    .invalidRequest, "\(place): expected moderation_llm_v2, as nothing would be judged without it")
            }
            for version in used { try checkModeration(fields[version] ?? .null, "\(place)/\(version)") }
        }
    }

    private static func checkModeration(_ value: JSONValue, _ place: String) throws(ModelError) {
        let fields = try object(value, place, known: moderation)
        try checkBoolean(fields, "ignore_other_categories", place)
        if let name = fields["model_name"], name.stringValue == nil {
            throw refusal("\(place)/model_name", "a name", name)
        }
        if let action = fields["action"], !["none", "block"].contains(action.stringValue ?? "") {
            throw refusal("\(place)/action", "\"none\" or \"block\"", action)
        }
        guard let thresholds = fields["custom_category_thresholds"], !thresholds.isNull else { return }
        let within = "\(place)/custom_category_thresholds"
        guard let categories = thresholds.objectValue else { throw refusal(within, "scores by category", thresholds) }
        for (category, score) in categories where !score.isNull {
            guard let number = score.doubleValue, (0...1).contains(number) else {
                throw refusal("\(JSONPointer(tokens: [category]))".prefixed(by: within), "a score of 0…1", score)
            }
        }
    }

    private static func object(
        _ value: JSONValue, _ place: String, known: [String]
    ) throws(ModelError) -> JSONObject {
        guard let fields = value.objectValue else { throw refusal(place, "an object", value) }
        if let foreign = fields.keys.first(where: { !known.contains($0) }) {
            throw ModelError(
                .invalidRequest,
                "\("\(JSONPointer(tokens: [foreign]))".prefixed(by: place)): there is no such field; there are "
                    + known.joined(separator: ", "))
        }
        return fields
    }

    private static func checkBoolean(_ fields: JSONObject, _ name: String, _ place: String) throws(ModelError) {
        guard let value = fields[name], value.boolValue == nil else { return }
        throw refusal("\(place)/\(name)", "true or false", value)
    }

    private static func refusal(_ place: String, _ expected: String, _ found: JSONValue) -> ModelError {
        let shown: String
        switch found {
        case .string(let text): shown = "\"\(text.prefix(80))\""
        case .integer, .number, .bool: shown = (try? found.serialized()) ?? found.typeName
        default: shown = found.typeName
        }
        return ModelError(.invalidRequest, "\(place): expected \(expected), found \(shown)")
    }
}

extension String {
    fileprivate func prefixed(by prefix: String) -> String { prefix + self }
}
