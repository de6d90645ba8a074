// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

/// Schemas and instances that must not take long, whatever they are.
@Suite struct JSONSchemaLimitTests {
    private static func nested(_ depth: Int, _ leaf: JSONValue) -> JSONValue {
        var value = leaf
        for _ in 0..<depth { value = ["n": value] }
        return value
    }

    /// Without a memory of verdicts, 2^60 checks and more.
    @Test(arguments: [
        ##"{"anyOf":[{"properties":{"n":{"$ref":"#"}},"required":["a"],"type":"object"},{"properties":{"n":{"$ref":"#"}},"type":["object","integer"]}]}"##,
        ##"{"oneOf":[{"properties":{"n":{"$ref":"#"}},"required":["a"],"type":"object"},{"properties":{"n":{"$ref":"#"}},"type":["object","integer"]}]}"##,
        ##"{"allOf":[{"additionalProperties":{"$ref":"#"}},{"properties":{"n":{"$ref":"#"}}}],"type":["object","integer"]}"##,
        ##"{"properties":{"n":{"$ref":"#"}},"patternProperties":{"^n":{"$ref":"#"}},"type":["object","integer"]}"##,
        ##"{"if":{"properties":{"n":{"$ref":"#"}}},"then":{"properties":{"n":{"$ref":"#"}}},"else":false,"type":["object","integer"]}"##,
        ##"{"anyOf":[{"properties":{"n":{"$ref":"#"}}}],"unevaluatedProperties":false,"type":["object","integer"]}"##,
        ##"{"not":{"not":{"properties":{"n":{"$ref":"#"}}}},"allOf":[{"properties":{"n":{"$ref":"#"}}}],"type":["object","integer"]}"##,
        ##"{"dependentSchemas":{"n":{"properties":{"n":{"$ref":"#"}}}},"properties":{"n":{"$ref":"#"}},"type":["object","integer"]}"##,
    ]) func remembersWhatItKnows(text: String) throws {
        let schema = try JSONSchema(JSONValue(parsing: text))
        #expect(schema.isValid(Self.nested(60, 1)))
        #expect(!schema.isValid(Self.nested(60, "x")))
        #expect(!schema.validate(Self.nested(60, "x"), limit: 4).isEmpty)
    }

    @Test func remembersWhatItKnowsOfArrays() throws {
        let schema = try JSONSchema([
            "items": ["$ref": "#"], "contains": ["$ref": "#"], "minContains": 0, "type": ["array", "integer"],
        ])
        var valid: JSONValue = 1
        var invalid: JSONValue = "x"
        for _ in 0..<60 { (valid, invalid) = ([valid], [invalid]) }
        #expect(schema.isValid(valid))
        #expect(!schema.isValid(invalid))
    }

    @Test func followsLongChainsOfReferences() throws {
        var definitions = JSONObject()
        for index in 0..<20_000 { definitions["d\(index)"] = ["$ref": .string("#/$defs/d\(index + 1)")] }
        definitions["d20000"] = ["type": "integer"]
        let schema = try JSONSchema(["$defs": .object(definitions), "$ref": "#/$defs/d0"])
        #expect(schema.isValid(1))
        #expect(!schema.isValid("x"))
    }

    /// Each link of this chain has something to check itself, so it cannot be left out. What is too deep is not valid,
    /// and says so.
    @Test func endsWhereChainsAreTooLong() throws {
        var definitions = JSONObject()
        for index in 0..<5000 {
            definitions["d\(index)"] = ["allOf": [["$ref": .string("#/$defs/d\(index + 1)")]], "minProperties": 1]
        }
        definitions["d5000"] = ["minProperties": 1]
        let schema = try JSONSchema(["$defs": .object(definitions), "$ref": "#/$defs/d0"])
        #expect(!schema.isValid(["a": 1]))
        #expect(!schema.validate(["a": 1]).isEmpty)
        #expect(schema.isValid(1))
    }

    @Test(arguments: [true, false]) func checksInstancesOfTheGreatestDepth(isValid: Bool) throws {
        let schema = try JSONSchema(["properties": ["n": ["$ref": "#"]], "type": ["object", "integer"]])
        let depth = 600
        let instance = Self.nested(depth, isValid ? 1 : "x")
        let errors = schema.validate(instance)
        #expect(errors.isEmpty == isValid)
        if !isValid { #expect(errors.first?.instanceLocation.tokens.count == depth) }
    }

    /// 24 resources that lead to each other in any order have 2^24 dynamic scopes.
    @Test func refusesDynamicReferencesThatMultiply() throws {
        var definitions = JSONObject()
        for index in 0..<24 {
            var properties = JSONObject()
            for other in 0..<24 {
                properties["p\(other)"] = ["$ref": .string("r\(other)")]
                properties["d\(other)"] = ["$dynamicRef": .string("r\(other)#a\(other)")]
            }
            definitions["r\(index)"] = [
                "$id": .string("r\(index)"), "$dynamicAnchor": .string("a\(index)"), "properties": .object(properties),
            ]
        }
        let error = #expect(throws: SchemaError.self) {
            try JSONSchema(["$id": "http://x/", "$defs": .object(definitions), "$ref": "r0"])
        }
        #expect(error?.message == "the schema has too many meanings by its dynamic references")
    }

    @Test func findsEqualItemsAmongMany() throws {
        let schema = try JSONSchema(["uniqueItems": true])
        let items = (0..<20_000).map { JSONValue.object(["a": .integer(Int64($0)), "b": ["x", .integer(Int64($0))]]) }
        #expect(schema.isValid(.array(items)))
        let double: JSONValue = ["b": ["x", 7.0], "a": 7]
        #expect(!schema.isValid(.array(items + [double])))
        #expect(
            schema.validate(.array(items + [double])).first?.message
                == "must not have equal items, but items 7 and 20000 are equal")
    }

    @Test func comparesLargeObjectsInAnyOrder() throws {
        let members = (0..<5000).map { ("k\($0)", JSONValue.integer(Int64($0))) }
        let schema = try JSONSchema(["const": .object(JSONObject(members))])
        #expect(schema.isValid(.object(JSONObject(members.reversed()))))
        #expect(!schema.isValid(.object(JSONObject(members.dropLast() + [("k", 1)]))))
    }

    @Test func saysWhenAPatternCannotBeDecided() throws {
        let schema = try JSONSchema(["pattern": #"^(a*)*\1*b\1$"#])
        let instance = JSONValue.string(String(repeating: "a", count: 4000))
        let errors = schema.validate(instance)
        #expect(!schema.isValid(instance))
        #expect(errors.count == 1)
        #expect(try !JSONSchema(["not": ["pattern": #"^(a*)*\1*b\1$"#]]).validate(instance).isEmpty)
    }

    @Test func distinguishesNamesThatLookAlike() throws {
        // The same first and last eight bytes and length.
        let names = (0..<50).map { "property" + (10...59).map(String.init)[$0] + "12345678" }
        let schema = try JSONSchema([
            "properties": .object(JSONObject(names.enumerated().map { ($1, ["const": .integer(Int64($0))]) })),
            "additionalProperties": false,
        ])
        for (index, name) in names.enumerated() {
            #expect(schema.isValid(.object([name: .integer(Int64(index))])))
            #expect(!schema.isValid(.object([name: .integer(Int64(index + 1))])))
        }
        #expect(!schema.isValid(["propertyxx12345678": 1]))
        #expect(!schema.isValid(["": 1]))
    }
}
