// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

/// What depends on more than the schema at hand: resources, dynamic scopes, what other keywords have evaluated.
@Suite struct JSONSchemaScopeTests {
    @Test(arguments: [
        SchemaCase(
            ##"{"$id":"http://x/root","$defs":{"a":{"$id":"inner/","$defs":{"b":{"$id":"leaf","type":"integer"}},"items":{"$ref":"leaf"}}},"$ref":"inner/"}"##,
            valid: ["[1]"], invalid: ["[\"x\"]"]),
        SchemaCase(
            ##"{"$defs":{"a":{"$id":"urn:a","$anchor":"n","type":"integer"}},"items":{"$ref":"urn:a#n"}}"##,
            valid: ["[1]"], invalid: ["[\"x\"]"]),
        SchemaCase(
            ##"{"enum":[{"$id":"http://x/no","$ref":"#nowhere"}]}"##,
            valid: [##"{"$id":"http://x/no","$ref":"#nowhere"}"##],
            invalid: ["1"]),
        SchemaCase(
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","id":"http://x/r","definitions":{"a":{"id":"#n","type":"integer"}},"items":{"$ref":"http://x/r#n"}}"##,
            valid: ["[1]"], invalid: ["[\"x\"]", "[1.0]"]),
        SchemaCase(
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"a":{"$id":"http://x/a","$schema":"https://json-schema.org/draft/2020-12/schema","prefixItems":[{"type":"integer"}]}},"$ref":"http://x/a"}"##,
            valid: ["[1]"], invalid: ["[\"x\"]"]),
    ]) func followsIdentifiers(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        // The example of 2020-12 core, appendix C: a strict tree made of an extensible one.
        SchemaCase(
            ##"{"$id":"http://x/strict","$dynamicAnchor":"node","$ref":"tree","unevaluatedProperties":false,"$defs":{"t":{"$id":"tree","$dynamicAnchor":"node","type":"object","properties":{"data":true,"children":{"type":"array","items":{"$dynamicRef":"#node"}}}}}}"##,
            valid: [##"{"children":[{"data":1}]}"##], invalid: [##"{"children":[{"daat":1}]}"##, ##"{"daat":1}"##]),
        SchemaCase(
            ##"{"$schema":"https://json-schema.org/draft/2019-09/schema","$id":"http://x/strict","$recursiveAnchor":true,"$ref":"tree","unevaluatedProperties":false,"$defs":{"t":{"$id":"tree","$recursiveAnchor":true,"type":"object","properties":{"data":true,"children":{"type":"array","items":{"$recursiveRef":"#"}}}}}}"##,
            valid: [##"{"children":[{"data":1}]}"##], invalid: [##"{"children":[{"daat":1}]}"##]),
        SchemaCase(
            ##"{"$ref":"https://json-schema.org/draft/2020-12/schema"}"##,
            valid: [##"{"properties":{"a":{"type":"integer"}}}"##, "true"],
            invalid: [##"{"properties":{"a":{"type":"int"}}}"##, "1", ##"{"minLength":-1}"##]),
        SchemaCase(
            ##"{"$ref":"https://json-schema.org/draft/2019-09/schema"}"##, valid: ["{}"],
            invalid: [##"{"items":{"required":1}}"##]),
        SchemaCase(
            ##"{"$ref":"http://json-schema.org/draft-07/schema#"}"##, valid: ["{}"],
            invalid: [##"{"items":{"type":1}}"##]),
        SchemaCase(
            ##"{"$ref":"http://json-schema.org/draft-04/schema#"}"##, valid: ["{}"], invalid: [##"{"required":[]}"##]),
    ]) func resolvesDynamicReferences(testCase: SchemaCase) throws { try testCase.check() }

    @Test(arguments: [
        SchemaCase(
            ##"{"allOf":[{"properties":{"a":true}}],"properties":{"b":true},"unevaluatedProperties":false}"##,
            valid: [##"{"a":1,"b":1}"##, "1"], invalid: [##"{"c":1}"##]),
        SchemaCase(
            ##"{"anyOf":[{"properties":{"a":{"type":"integer"}}},{"properties":{"b":{"const":1}},"required":["b"]}],"unevaluatedProperties":false}"##,
            valid: [##"{"a":1}"##, ##"{"a":1,"b":1}"##, ##"{"b":1}"##], invalid: [##"{"a":1,"b":2}"##, ##"{"a":"x"}"##]),
        SchemaCase(
            ##"{"if":{"properties":{"k":{"const":"x"}},"required":["k"]},"then":{"properties":{"v":true}},"else":{"properties":{"w":true}},"unevaluatedProperties":{"type":"null"}}"##,
            valid: [##"{"k":"x","v":1}"##, ##"{"w":1,"z":null}"##], invalid: [##"{"k":"x","w":1}"##, ##"{"v":1}"##]),
        SchemaCase(
            ##"{"dependentSchemas":{"a":{"properties":{"a":true,"b":true}}},"patternProperties":{"^x":true},"unevaluatedProperties":false}"##,
            valid: [##"{"a":1,"b":1,"x1":1}"##], invalid: [##"{"b":1}"##]),
        SchemaCase(
            ##"{"not":{"not":{"properties":{"a":true}}},"unevaluatedProperties":false}"##, valid: ["{}"],
            invalid: [##"{"a":1}"##]),
        SchemaCase(
            ##"{"allOf":[{"unevaluatedProperties":true}],"unevaluatedProperties":false}"##, valid: [##"{"a":1}"##],
            invalid: []),
        SchemaCase(
            ##"{"properties":{\##((0..<70).map { "\"p\($0)\":{}" }.joined(separator: ","))},"anyOf":[{}],"unevaluatedProperties":false}"##,
            valid: [##"{\##((0..<70).map { "\"p\($0)\":1" }.joined(separator: ","))}"##],
            invalid: [##"{\##((0..<70).map { "\"p\($0)\":1" }.joined(separator: ",")),"q":1}"##]),
        SchemaCase(
            ##"{"prefixItems":[{}],"contains":{"type":"string"},"unevaluatedItems":false}"##,
            valid: ["[1,\"a\",\"b\"]"],
            invalid: ["[1,\"a\",2]"]),
        SchemaCase(
            ##"{"oneOf":[{"prefixItems":[{"const":1},{}]},{"prefixItems":[{"const":2}]}],"unevaluatedItems":{"type":"null"}}"##,
            valid: ["[1,5]", "[2,null]"], invalid: ["[2,5]", "[3]"]),
    ]) func knowsWhatIsLeftOver(testCase: SchemaCase) throws { try testCase.check() }

    /// Strings that Swift holds to be equal, though their bytes differ, were one value in tables by text.
    @Test func tellsCanonicallyEquivalentStringsApart() throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        let branch: (JSONValue, JSONValue) -> JSONValue = { value, type in
            ["properties": ["k": ["enum": value], "v": ["type": type]], "required": ["k"]]
        }
        let schema = try JSONSchema([
            "oneOf": [branch([.string(composed), .string(decomposed)], "integer"), branch(["x"], "string")]
        ])
        for text in [composed, decomposed] { #expect(schema.isValid(["k": .string(text), "v": 1])) }
        let patterns = try JSONSchema([
            "properties": ["a": ["pattern": .string(composed)], "b": ["pattern": .string(decomposed)]]
        ])
        #expect(patterns.isValid(["a": .string(composed), "b": .string(decomposed)]))
        #expect(!patterns.isValid(["a": .string(decomposed)]))
        #expect(!patterns.isValid(["b": .string(composed)]))
        #expect(patterns.validate(["a": .string(decomposed), "b": .string(composed)]).count == 2)
    }

    /// More names than fit a set of 64.
    @Test func requiresAndDependsOnManyNames() throws {
        let names = (0..<100).map { "n\($0)" }
        let all = JSONValue.object(JSONObject(names.map { ($0, 1) }))
        let required = try JSONSchema(["required": .array(names.map { .string($0) })])
        #expect(required.isValid(all))
        let dependent = try JSONSchema([
            "required": .array(names.map { .string($0) }),
            "dependentRequired": ["n99": ["z"]], "dependentSchemas": ["n98": ["maxProperties": 101]],
        ])
        #expect(!dependent.isValid(all))
        var more = JSONObject(names.map { ($0, JSONValue.integer(1)) })
        more["z"] = 1
        #expect(dependent.isValid(.object(more)))
        more["y"] = 1
        #expect(!dependent.isValid(.object(more)))
        for name in ["n0", "n63", "n64", "n99"] {
            var less = JSONObject(names.map { ($0, JSONValue.integer(1)) })
            less[name] = nil
            #expect(!required.isValid(.object(less)))
            #expect(required.validate(.object(less)).map(\.description) == ["/: the property \"\(name)\" is required"])
        }
    }
}
