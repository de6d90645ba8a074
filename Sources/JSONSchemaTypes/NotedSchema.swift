// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// Adds what a note says to the schema of a property.
struct NotedSchema {
    private let note: PropertyNote
    private let path: String

    private static let meanings: [(type: [String], what: String, keywords: [String])] = [
        (["string"], "a string", ["minLength", "maxLength", "pattern", "format"]),
        (
            ["integer", "number"], "a number",
            ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
        ),
        (["array"], "an array", ["minItems", "maxItems", "uniqueItems"]),
    ]

    init(_ note: PropertyNote, _ path: String) {
        self.note = note
        self.path = path
    }

    func applied(to schema: JSONObject) throws -> JSONObject {
        try checkMeaning(for: schema)
        // Some providers refuse keywords beside `$ref`.
        let schema: JSONObject = schema["$ref"] == nil ? schema : ["anyOf": [.object(schema)]]
        var result = note.heading
        for (key, value) in schema.members where result[key] == nil && !isReplaced(key, value) { result[key] = value }
        for (key, value) in note.keywords.members where !isWeaker(key, value, than: schema) { result[key] = value }
        try checkSamples(by: result)
        return result
    }

    private func checkMeaning(for schema: JSONObject) throws {
        let types = schema["type"]?.arrayValue?.compactMap(\.stringValue) ?? [schema["type"]?.stringValue ?? ""]
        if types == [""] { return }
        for meaning in Self.meanings where !meaning.type.contains(where: types.contains) {
            guard let keyword = meaning.keywords.first(where: { note.keywords[$0] != nil }) else { continue }
            throw TypeSchemaError(
                .notes, type: path, path: path,
                "the notes give \(keyword), which is for \(meaning.what), but the type here is "
                    + types.joined(separator: " or "))
        }
    }

    /// Whether the note has a bound in place of the type's own, such as 14 in place of the 255 of `UInt8`.
    private func isReplaced(_ key: String, _ value: JSONValue) -> Bool {
        switch key {
        case "minimum": [note.keywords["minimum"], note.keywords["exclusiveMinimum"]].contains { $0 >= value }
        case "maximum": [note.keywords["maximum"], note.keywords["exclusiveMaximum"]].contains { $0 <= value }
        default: false
        }
    }

    /// Whether the type itself is bounded more closely.
    private func isWeaker(_ key: String, _ value: JSONValue, than schema: JSONObject) -> Bool {
        guard let own = schema[key] else { return false }
        return switch key {
        case "minimum": own >= value
        case "maximum": own <= value
        default: false
        }
    }

    private func checkSamples(by schema: JSONObject) throws {
        // A schema with references is whole only in its document, and a bad keyword is told of the whole document.
        guard !note.samples.isEmpty, let schema = try? JSONSchema(.object(schema)) else { return }
        for sample in note.samples {
            guard let fault = schema.validate(sample, limit: 1).first else { continue }
            throw TypeSchemaError(
                .notes, type: path, path: path, "a default or an example in the notes is not valid: \(fault)")
        }
    }
}

private func >= (left: JSONValue?, right: JSONValue) -> Bool {
    guard let left = left?.doubleValue, let right = right.doubleValue else { return false }
    return left >= right
}

private func <= (left: JSONValue?, right: JSONValue) -> Bool {
    guard let left = left?.doubleValue, let right = right.doubleValue else { return false }
    return left <= right
}
