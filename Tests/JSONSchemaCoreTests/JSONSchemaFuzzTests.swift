// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@Suite struct JSONSchemaFuzzTests {
    @Test func fastAndFullAnswersAgreeOnRandomSchemas() {
        var random = SchemaRandom(seed: 9)
        var compiled = 0
        var verdicts: Set<Bool> = []
        for _ in 0..<6000 {
            guard let schema = try? JSONSchema(random.schema(depth: 3)) else { continue }
            compiled += 1
            for _ in 0..<4 {
                let instance = random.value(depth: 3)
                let isValid = schema.isValid(instance)
                verdicts.insert(isValid)
                let agrees = schema.validate(instance).isEmpty == isValid
                #expect(agrees, "\(schema.document) and \(instance)")
                _ = schema.filledDefaults(in: instance)
            }
        }
        #expect(compiled > 1000)
        #expect(verdicts == [true, false])
    }
}

/// Random schemas, most of them well-formed, and random instances from the same few words.
private struct SchemaRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func value(depth: Int) -> JSONValue {
        switch below(depth > 0 ? 10 : 7) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .integer(Int64(below(5)))
        case 3: return .number(Double(below(10)) / 2)
        case 4, 5: return .string(pick(["", "a", "b", "ab", "é", "x-1"]))
        case 6: return []
        case 7: return .array((0..<below(4)).map { _ in value(depth: depth - 1) })
        default:
            return .object(
                JSONObject((0..<below(4)).map { _ in (pick(["a", "b", "c", "x-1"]), value(depth: depth - 1)) }))
        }
    }

    mutating func schema(depth: Int) -> JSONValue {
        if depth == 0 || below(8) == 0 {
            return pick([
                true, false, [:], ["type": "integer"], ["type": ["string", "null"]], ["$ref": "#"], ["minimum": 2],
            ])
        }
        var object = JSONObject()
        for _ in 0..<(1 + below(4)) {
            let keyword = pick(Self.keywords)
            object[keyword] = below(40) == 0 ? value(depth: 1) : argument(of: keyword, depth: depth - 1)
        }
        return .object(object)
    }

    private mutating func argument(of keyword: String, depth: Int) -> JSONValue {
        switch keyword {
        case "type": pick(["integer", "number", "string", "array", "object", "null", ["array", "object"]])
        case "const", "default": value(depth: 2)
        case "enum": .array((0...below(3)).map { _ in value(depth: 1) })
        case "pattern": pick(["^a", "b$", "^[a-z]+$", "^x-\\d$", "é|b"])
        case "uniqueItems": pick([true, false])
        case "required": pick([["a"], ["a", "b"], []])
        case "dependentRequired": pick([["a": ["b"]], ["x-1": ["a", "c"]]])
        case "$ref": pick(["#", "#/properties/a", "#/$defs/a"])
        case "properties", "$defs", "dependentSchemas":
            .object(["a": schema(depth: depth), "b": schema(depth: depth), "x-1": schema(depth: depth)])
        case "patternProperties": .object(["^a": schema(depth: depth), "[bc]": schema(depth: depth)])
        case "allOf", "anyOf", "oneOf", "prefixItems": .array((0...below(3)).map { _ in schema(depth: depth) })
        case "items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else":
            schema(depth: depth)
        case "multipleOf": pick([0.5, 1, 2, 0.1])
        default: pick([0, 1, 2, 3])
        }
    }

    private static let keywords = [
        "type", "const", "default", "enum", "pattern", "uniqueItems", "required", "dependentRequired", "$ref",
        "properties",
        "$defs", "dependentSchemas", "patternProperties", "allOf", "anyOf", "oneOf", "prefixItems", "items", "contains",
        "additionalProperties", "propertyNames", "not", "if", "then", "else", "multipleOf", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems", "minContains",
        "maxContains",
        "minProperties", "maxProperties",
    ]
}
