// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The schemas that OpenAI takes as strict: every object closed, with all of its properties required (its guide to structured
/// outputs, "supported schemas"). Others it answers with 400, so they are sent as a wish; they are checked here either way.
enum StrictSchema {
    static func holds(_ schema: JSONValue) -> Bool { schema["type"] == "object" && isStrict(schema) }

    private static func isStrict(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): elements.allSatisfy(isStrict)
        case .object(let schema): isClosed(schema) && schema.allSatisfy { isStrict($0.value) }
        default: true
        }
    }

    private static func isClosed(_ schema: JSONObject) -> Bool {
        guard let properties = schema["properties"]?.objectValue, schema["type"] != nil else {
            return schema["type"] != "object"
        }
        let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        return schema["additionalProperties"] == false && properties.keys.allSatisfy(required.contains)
    }
}
