// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@Suite struct JSONSchemaReferenceTests {
    @Test(arguments: [
        SchemaCase(
            ##"{"$defs":{"n":{"type":"integer"}},"properties":{"a":{"$ref":"#/$defs/n"}}}"##, valid: [##"{"a":1}"##],
            invalid: [##"{"a":"x"}"##]),
        SchemaCase(
            ##"{"definitions":{"n":{"type":"integer"}},"items":{"$ref":"#/definitions/n"}}"##, valid: ["[1]"],
            invalid: ["[\"x\"]"]),
        SchemaCase(
            ##"{"properties":{"child":{"$ref":"#"},"v":{"type":"integer"}},"additionalProperties":false}"##,
            valid: [##"{"child":{"child":{"v":1}}}"##],
            invalid: [##"{"child":{"child":{"v":"x"}}}"##, ##"{"child":{"w":1}}"##]),
        SchemaCase(
            ##"{"$ref":"#/$defs/n","minimum":5,"$defs":{"n":{"type":"integer"}}}"##, valid: ["5"],
            invalid: ["4", "\"x\""]),
        SchemaCase(
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/n","minimum":5,"definitions":{"n":{"type":"integer"}}}"##,
            valid: ["4"], invalid: ["\"x\""]),
        SchemaCase(
            ##"{"$id":"http://example.com/root.json","$defs":{"n":{"$anchor":"num","type":"integer"}},"items":{"$ref":"http://example.com/root.json#num"}}"##,
            valid: ["[1]"], invalid: ["[\"x\"]"]),
        SchemaCase(
            ##"{"$defs":{"a/b":{"type":"integer"},"c%d":{"type":"string"},"e~f":{"type":"null"}},"prefixItems":[{"$ref":"#/$defs/a~1b"},{"$ref":"#/$defs/c%25d"},{"$ref":"#/$defs/e~0f"}]}"##,
            valid: ["[1,\"a\",null]"], invalid: ["[\"a\"]", "[1,1]", "[1,\"a\",1]"]),
        SchemaCase(
            ##"{"prefixItems":[{"type":"integer"},{"$ref":"#/prefixItems/0"}]}"##, valid: ["[1,2]"],
            invalid: ["[1,\"x\"]"]),
        SchemaCase(##"{"x":{"y":{"type":"integer"}},"items":{"$ref":"#/x/y"}}"##, valid: ["[1]"], invalid: ["[\"x\"]"]),
        SchemaCase(
            ##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/c"},"c":{"type":"integer"}},"$ref":"#/$defs/a"}"##,
            valid: ["1"], invalid: ["null"]),
        SchemaCase(#"{"properties":{"$ref":{"type":"string"}}}"#, valid: [#"{"$ref":"x"}"#], invalid: [#"{"$ref":1}"#]),
        SchemaCase(
            ##"{"anyOf":[{"type":"integer"},{"type":"array","items":{"$ref":"#"}}]}"##, valid: ["[[1],[[2]]]"],
            invalid: ["[[1],[[\"x\"]]]"]),
        SchemaCase(
            ##"{"$schema":"http://json-schema.org/draft-06/schema#","definitions":{"n":{"$id":"#num","type":"integer"}},"items":{"$ref":"#num"}}"##,
            valid: ["[1]"], invalid: ["[\"x\"]"]),
    ]) func followsReferencesWithinTheDocument(testCase: SchemaCase) throws { try testCase.check() }

    /// Without a look at `op` first, each of the four branches would walk the whole of `l`, 4^40 times in all.
    @Test(arguments: [true, false]) func endsSoonOnDeepTreesOfTaggedObjects(isValid: Bool) throws {
        let branches = ["add", "sub", "mul", "div"].map { name -> JSONValue in
            [
                "type": "object", "properties": ["l": ["$ref": "#"], "op": ["const": .string(name)]],
                "required": ["op", "l"],
            ]
        }
        let schema = try JSONSchema(["anyOf": .array([["type": "integer"] as JSONValue] + branches)])
        var instance: JSONValue = isValid ? 1 : "x"
        for _ in 0..<40 { instance = ["l": instance, "op": "div"] }
        #expect(schema.validate(instance).isEmpty == isValid)
    }

    @Test(arguments: [true, false]) func checksInstances200LevelsDeep(isValid: Bool) throws {
        let schema = try JSONSchema(["properties": ["a": ["$ref": "#"], "v": ["type": "integer"]], "type": "object"])
        let text =
            String(repeating: "{\"a\":", count: 199) + (isValid ? "{\"v\":1}" : "{\"v\":null}")
            + String(repeating: "}", count: 199)
        let instance = try JSONValue(parsing: text, limits: JSONLimits(depth: 200))
        let errors = schema.validate(instance)
        #expect(errors.isEmpty == isValid)
        if !isValid { #expect(errors.first?.instanceLocation.tokens.count == 200) }
    }
}

@Suite struct SchemaErrorTests {
    @Test(arguments: [
        ("1", "", "/: a schema must be an object or a boolean, but is 1"),
        (#"{"items":"x"}"#, "", "/items: a schema must be an object or a boolean, but is \"x\""),
        (
            #"{"properties":{"a":{"type":"int"}}}"#, "type",
            "/properties/a/type: must be null, boolean, integer, number, string, array or object, but is \"int\""
        ),
        (#"{"type":[]}"#, "type", "/type: must name one type at least"),
        (#"{"minimum":"1"}"#, "minimum", "/minimum: must be a number, but is \"1\""),
        (#"{"exclusiveMinimum":true}"#, "exclusiveMinimum", "/exclusiveMinimum: must be a number, but is true"),
        (#"{"minLength":-1}"#, "minLength", "/minLength: must be an integer that is not negative, but is -1"),
        (#"{"minLength":1.5}"#, "minLength", "/minLength: must be an integer that is not negative, but is 1.5"),
        (#"{"multipleOf":0}"#, "multipleOf", "/multipleOf: must be greater than 0"),
        (#"{"multipleOf":-2}"#, "multipleOf", "/multipleOf: must be greater than 0"),
        (#"{"required":"a"}"#, "required", "/required: must be an array of strings, but is \"a\""),
        (#"{"required":[1]}"#, "required", "/required: must be an array of strings, but is an array"),
        (#"{"enum":[]}"#, "enum", "/enum: must have one value at least"),
        (#"{"enum":{}}"#, "enum", "/enum: must be an array, but is an object"),
        (#"{"anyOf":[]}"#, "anyOf", "/anyOf: must have one schema at least"),
        (#"{"uniqueItems":1}"#, "uniqueItems", "/uniqueItems: must be a boolean, but is 1"),
        (#"{"properties":[]}"#, "properties", "/properties: must be an object, but is an array"),
        (##"{"$ref":"#/$defs/x"}"##, "$ref", "/$ref: \"#/$defs/x\" leads to nothing in this document"),
        (##"{"$ref":"#x"}"##, "$ref", "/$ref: there is no anchor \"x\" in this document"),
        (##"{"$ref":"#/%zz"}"##, "$ref", "/$ref: \"#/%zz\" has a malformed percent escape"),
        (
            #"{"$ref":"other.json"}"#, "$ref",
            "/$ref: \"other.json\" is another document, which is not fetched; it may be given with the schema"
        ),
        (
            ##"{"$ref":"#"}"##, "$ref",
            "/: the schema refers to itself without going into the instance, so it has no meaning"
        ),
        (
            ##"{"$defs":{"a":{"anyOf":[{"not":{"$ref":"#/$defs/a"}}]}}}"##, "$ref",
            "/$defs/a: the schema refers to itself without going into the instance, so it has no meaning"
        ),
        (
            ##"{"items":{"$dynamicRef":"#x"}}"##, "$dynamicRef",
            "/items/$dynamicRef: there is no anchor \"x\" in this document"
        ),
        (
            ##"{"$id":"http://example.com/a/b","$ref":"../c#/d"}"##, "$ref",
            "/$ref: \"../c#/d\" is \"http://example.com/c\", another document, which is not fetched; it may be given with the schema"
        ),
        (
            #"{"unevaluatedProperties":1}"#, "",
            "/unevaluatedProperties: a schema must be an object or a boolean, but is 1"
        ),
        (
            #"{"$schema":"http://example.com/mine"}"#, "$schema",
            "/$schema: must be draft 4, 6, 7, 2019-09 or 2020-12, or a metaschema that is given, but is \"http://example.com/mine\""
        ),
        (
            ##"{"$schema":"https://json-schema.org/draft/2019-09/schema","$recursiveRef":"#"}"##, "$ref",
            "/: the schema refers to itself without going into the instance, so it has no meaning"
        ),
        (
            #"{"$schema":"https://json-schema.org/draft/2020-12/schema","items":[{}]}"#, "",
            "/items: a schema must be an object or a boolean, but is an array"
        ),
        (
            #"{"$schema":"http://json-schema.org/draft-04/schema#","items":true}"#, "items",
            "/items: must be a schema, but is true"
        ),
    ]) func namesTheKeywordAndThePlace(text: String, keyword: String, expected: String) throws {
        let document = try JSONValue(parsing: text)
        let error = #expect(throws: SchemaError.self) { try JSONSchema(document) }
        #expect(error?.description == expected)
        #expect(error?.keyword == keyword)
    }

    @Test(arguments: ["(", "[a", "a{2,1}", "*a"]) func refusesPatternsThatCannotBeCompiled(text: String) {
        let error = #expect(throws: SchemaError.self) { try JSONSchema(["pattern": .string(text)]) }
        #expect(error?.keyword == "pattern")
        #expect(throws: SchemaError.self) { try JSONSchema(["patternProperties": .object([text: [:]])]) }
    }
}
