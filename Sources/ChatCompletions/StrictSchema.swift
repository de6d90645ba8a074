// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The schemas that OpenAI takes as strict: every object closed with all of its properties required, every part with a type, and
/// no keyword but these (its guide to structured outputs, "supported schemas"). Others it answers with 400, so they are sent
/// as a wish; they are checked here either way.
enum StrictSchema {
    private static let keywords: Set<String> = [
        "type", "enum", "const", "anyOf", "properties", "required", "additionalProperties", "items", "$ref", "$defs",
        "definitions", "title", "description", "pattern", "format", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "multipleOf", "minItems", "maxItems",
    ]

    static func holds(_ schema: JSONValue) -> Bool { schema["type"] == "object" && isStrict(schema) }

    private static func isStrict(_ schema: JSONValue) -> Bool {
        guard let schema = schema.objectValue, schema.keys.allSatisfy(keywords.contains) else { return false }
        guard ["type", "$ref", "anyOf", "enum", "const"].contains(where: { schema[$0] != nil }) else { return false }
        return isClosed(schema) && parts(of: schema).allSatisfy(isStrict)
    }

    private static func parts(of schema: JSONObject) -> [JSONValue] {
        let named = ["properties", "$defs", "definitions"].flatMap { name in
            (schema[name]?.objectValue ?? [:]).map(\.value)
        }
        return named + (schema["anyOf"]?.arrayValue ?? []) + [schema["items"]].compactMap(\.self)
    }

    private static func isClosed(_ schema: JSONObject) -> Bool {
        let types = schema["type"]?.arrayValue ?? [schema["type"]].compactMap(\.self)
        guard types.contains("object") || schema["properties"] != nil else { return true }
        let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        let properties = schema["properties"]?.objectValue
        return schema["additionalProperties"] == false && properties?.keys.allSatisfy(required.contains) == true
    }
}
