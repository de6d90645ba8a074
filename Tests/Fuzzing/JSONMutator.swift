// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Changes one place of a JSON text: puts another value of the text there or one that schemas care about, doubles it,
/// drops it, or puts it under another name.
struct JSONMutator {
    private var state: UInt64
    private var values: [JSONValue] = []
    private var names: [String] = []
    /// How many values come before the one to change.
    private var before = 0

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func mutated(_ bytes: [UInt8]) -> [UInt8]? {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        collect(value)
        before = below(values.count)
        return try? changed(value).serializedBytes()
    }

    private mutating func below(_ count: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(truncatingIfNeeded: state >> 11) % max(count, 1)
    }

    private mutating func collect(_ value: JSONValue) {
        values.append(value)
        for element in value.arrayValue ?? [] { collect(element) }
        for member in value.objectValue?.members ?? [] {
            names.append(member.key)
            collect(member.value)
        }
    }

    private mutating func changed(_ value: JSONValue) -> JSONValue {
        before -= 1
        if before == -1 { return replacement(of: value) }
        if before < -1 { return value }
        switch value {
        case .array(var elements):
            for index in elements.indices { elements[index] = changed(elements[index]) }
            return .array(elements)
        case .object(let object):
            return .object(JSONObject(object.members.map { ($0.key, changed($0.value)) }))
        default: return value
        }
    }

    private mutating func replacement(of value: JSONValue) -> JSONValue {
        switch (below(6), value) {
        case (0, .array(var elements)) where !elements.isEmpty:
            elements.remove(at: below(elements.count))
            return .array(elements)
        case (1, .array(let elements)): return .array(elements + [values[below(values.count)]])
        case (0, .object(var object)) where !object.isEmpty:
            object[object.keys[below(object.count)]] = nil
            return .object(object)
        case (1, .object(var object)):
            object[
                names.isEmpty || below(3) == 0 ? Self.keywords[below(Self.keywords.count)] : names[below(names.count)]] =
                values[below(values.count)]
            return .object(object)
        case (2, _): return Self.leaves[below(Self.leaves.count)]
        case (3, .object(var object)):
            object[Self.keywords[below(Self.keywords.count)]] = values[below(values.count)]
            return .object(object)
        case (4, _): return [value]
        default: return values[below(values.count)]
        }
    }

    private static let keywords = [
        "$ref", "$dynamicRef", "$recursiveRef", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$schema",
        "$defs", "definitions", "$vocabulary", "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum",
        "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "items", "prefixItems", "additionalItems",
        "contains", "minContains", "maxContains", "maxItems", "minItems", "uniqueItems", "unevaluatedItems",
        "properties",
        "patternProperties", "additionalProperties", "propertyNames", "required", "maxProperties", "minProperties",
        "dependencies", "dependentRequired", "dependentSchemas", "unevaluatedProperties", "allOf", "anyOf", "oneOf",
        "not",
        "if", "then", "else", "format", "contentEncoding", "contentMediaType", "default", "title",
    ]
    private static let leaves: [JSONValue] = [
        .null, true, false, 0, 1, -1, 1.0, 0.1, 1e300, -0.0, 5e-324, .integer(.max), .integer(.min),
        9_007_199_254_740_993, "", "#", "#/", "#/$defs/a", "#a", "a", "string", "object", "array", "integer", "number",
        "null", "http://localhost:1234/other.json", "other.json#/a", "https://json-schema.org/draft/2020-12/schema",
        "http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-04/schema#",
        "https://json-schema.org/draft/2019-09/schema", "^(a+)+$", "[", "\\p{L}", "date-time", "uri", "\u{0}",
        "é\u{301}",
        [], [:], [[:]], ["": []],
    ]
}
