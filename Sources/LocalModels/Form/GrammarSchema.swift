// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// The JSON Schema that the engine turns into the grammar of a turn: an array with one answer, or an array of calls of one
/// tool. (In a mixed array small models invent the values that a first result would give.)
///
/// It holds what llama.cpp's conversion understands of each schema and may allow more than the schema does; the loop
/// validates the arguments and the output anyway.
struct GrammarSchema {
    /// Calls that one turn may hold.
    static let maximumCalls = 8

    private static let kept: Set<String> = [
        "$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", "properties", "required", "additionalProperties",
        "items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "pattern", "$defs", "definitions",
    ]
    /// Counts that llama.cpp's grammars cannot repeat, multiplied by the rules inside, beyond about 2000.
    private static let counts: Set<String> = ["minItems", "maxItems", "minLength", "maxLength"]
    private static let largestCount: Int64 = 500
    private static let shaping = [
        "$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", "properties", "items", "prefixItems",
    ]
    private static let anything: JSONValue = [
        "anyOf": .array(["string", "number", "boolean", "null", "object", "array"].map { ["type": .string($0)] })
    ]

    /// Schemas with references, moved under the root's `$defs`, where their pointers still lead somewhere.
    private var definitions = JSONObject()

    /// The grammar of a turn with `tools`, an answer of type `output` (text when nil), or both.
    ///
    /// - Parameter calls: how many calls a turn may hold.
    static func reply(
        tools: [ToolDefinition], answerName: String, output: JSONValue?, withAnswer: Bool, calls: Int = maximumCalls
    ) -> JSONValue {
        var grammar = GrammarSchema()
        var options: [JSONValue] = []
        if withAnswer { options.append(grammar.answer(answerName, output)) }
        for tool in tools {
            let call = closed(["tool": ["const": .string(tool.name)], "arguments": grammar.embed(tool.parameters)])
            options.append(["type": "array", "items": call, "minItems": 1, "maxItems": .integer(Int64(calls))])
        }
        var schema: JSONObject = (options.count == 1 ? options[0] : ["anyOf": .array(options)]).objectValue ?? [:]
        if !grammar.definitions.isEmpty { schema["$defs"] = .object(grammar.definitions) }
        return .object(schema)
    }

    private mutating func answer(_ name: String, _ output: JSONValue?) -> JSONValue {
        let key = output == nil ? "text" : "value"
        let value = output.map { embed($0) } ?? ["type": "string"]
        let object = Self.closed(["tool": ["const": .string(name)], "arguments": Self.closed([key: value])])
        return ["type": "array", "prefixItems": [object], "minItems": 1, "maxItems": 1]
    }

    private mutating func embed(_ schema: JSONValue) -> JSONValue {
        let schema = Self.understood(schema)
        guard Self.hasReference(schema) else { return schema }
        let name = "s\(definitions.count)"
        definitions[name] = Self.rebase(schema, to: "#/$defs/" + name)
        return ["$ref": .string("#/$defs/" + name)]
    }

    private static func closed(_ properties: JSONObject) -> JSONValue {
        [
            "type": "object", "properties": .object(properties),
            "required": .array(properties.keys.map { .string($0) }), "additionalProperties": false,
        ]
    }

    /// The part of `schema` that becomes grammar.
    static func understood(_ schema: JSONValue) -> JSONValue {
        guard case .object(let object) = schema else { return anything }
        var result = JSONObject()
        for (keyword, value) in object where kept.contains(keyword) {
            if counts.contains(keyword), value.integerValue.map({ $0 > largestCount }) ?? true { continue }
            if keyword == "pattern" {
                result[keyword] = value.stringValue.flatMap(GrammarPattern.translated).map { .string($0) }
            } else {
                result[keyword] = understood(value, of: keyword)
            }
        }
        if !shaping.contains(where: { result[$0] != nil }) { result["anyOf"] = anything["anyOf"] }
        return .object(result)
    }

    private static func understood(_ value: JSONValue, of keyword: String) -> JSONValue {
        switch (keyword, value) {
        case ("properties", .object(let children)), ("$defs", .object(let children)),
            ("definitions", .object(let children)):
            .object(JSONObject(children.map { ($0.key, understood($0.value)) }))
        case ("anyOf", .array(let children)), ("oneOf", .array(let children)), ("allOf", .array(let children)),
            ("prefixItems", .array(let children)):
            .array(children.map { understood($0) })
        case ("items", _), ("additionalProperties", .object): understood(value)
        default: value
        }
    }

    private static func hasReference(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object): object.contains { $0.key == "$ref" || hasReference($0.value) }
        case .array(let values): values.contains { hasReference($0) }
        default: false
        }
    }

    private static func rebase(_ value: JSONValue, to base: String) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(
                    object.map { key, child in
                        if key == "$ref", let pointer = child.stringValue, pointer.hasPrefix("#") {
                            return (key, .string(base + pointer.dropFirst()))
                        }
                        return (key, rebase(child, to: base))
                    }))
        case .array(let values): .array(values.map { rebase($0, to: base) })
        default: value
        }
    }
}
