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
                let independent = schema.validateIndependently(instance).isEmpty
                #expect(independent == isValid, "\(schema.document) and \(instance)")
                _ = schema.filledDefaults(in: instance)
            }
        }
        #expect(compiled > 1000)
        #expect(verdicts == [true, false])
    }

    /// Schemas of all drafts' features, changed at random: most are refused or mean something else, and none may crash
    /// or come to two answers.
    @Test func survivesChangedSchemasAndInstances() throws {
        var random = SchemaRandom(seed: 4)
        let options = SchemaOptions(assertsFormats: true)
        var compiled = 0
        for _ in 0..<3000 {
            var document = try JSONValue(parsing: Self.seeds[random.below(Self.seeds.count)])
            for _ in 0...random.below(3) { document = random.changed(document) }
            guard let schema = try? JSONSchema(document, options: options) else { continue }
            compiled += 1
            for _ in 0..<4 {
                let instance = random.below(3) == 0 ? document : random.value(depth: 4)
                let isValid = schema.isValid(instance)
                #expect(schema.validate(instance).isEmpty == isValid, "\(document) and \(instance)")
                let independent = schema.validateIndependently(instance).isEmpty
                #expect(independent == isValid, "\(document) and \(instance)")
            }
            _ = schema.keywordUses
        }
        #expect(compiled > 300)
    }

    private static let seeds = [
        ##"{"$ref":"https://json-schema.org/draft/2020-12/schema"}"##,
        ##"{"$schema":"http://json-schema.org/draft-07/schema#","$id":"http://x/a","definitions":{"b":{"$id":"b","items":[{"$ref":"a"},{"$ref":"#"}]}},"dependencies":{"a":["b"],"b":{"$ref":"b"}}}"##,
        ##"{"$id":"http://x/a","$dynamicAnchor":"n","anyOf":[{"$ref":"b"},{"$dynamicRef":"#n"},{"items":{"$dynamicRef":"#n"}}],"$defs":{"b":{"$id":"b","$dynamicAnchor":"n","properties":{"a":{"$dynamicRef":"#n"}},"unevaluatedProperties":false}}}"##,
        ##"{"oneOf":[{"properties":{"a":{"const":"a"},"b":{"$ref":"#"}},"required":["a"]},{"properties":{"a":{"enum":["b","ab"]},"c":{"$ref":"#"}},"required":["a"]},{"type":["string","null"],"format":"date"}],"unevaluatedProperties":{"minimum":1}}"##,
        ##"{"prefixItems":[{"type":"array"},{"$ref":"#/prefixItems/0"}],"contains":{"minItems":1},"maxContains":2,"unevaluatedItems":{"type":"integer"},"uniqueItems":true}"##,
        ##"{"if":{"properties":{"a":{"type":"integer"}}},"then":{"patternProperties":{"^[ab]":{"multipleOf":0.5}}},"else":{"propertyNames":{"pattern":"^[a-c]"}},"dependentSchemas":{"c":{"maxProperties":2}},"unevaluatedProperties":{"not":{"const":1}}}"##,
    ]
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

    /// The value with one part of it replaced, removed or doubled.
    mutating func changed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object) where !object.isEmpty && below(6) > 0:
            var object = object
            let key = object.keys[below(object.count)]
            switch below(8) {
            case 0: object[key] = nil
            case 1: object[pick(Self.keywords)] = object[key]
            case 2: object[key] = schema(depth: 2)
            default: object[key] = object[key].map { changed($0) }
            }
            return .object(object)
        case .array(let elements) where !elements.isEmpty && below(6) > 0:
            var elements = elements
            let index = below(elements.count)
            switch below(6) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index] = changed(elements[index])
            }
            return .array(elements)
        default: return below(2) == 0 ? self.value(depth: 1) : schema(depth: 1)
        }
    }

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
        case "items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else",
            "unevaluatedItems",
            "unevaluatedProperties":
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
        "minProperties", "maxProperties", "unevaluatedItems", "unevaluatedProperties",
    ]
}
