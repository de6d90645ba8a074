// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@Suite struct ValidationErrorTests {
    static let weather = #"""
        {"type":"object","properties":{"city":{"type":"string","minLength":1},"unit":{"enum":["celsius","fahrenheit"]},
        "days":{"type":"integer","minimum":1,"maximum":7}},"required":["city"],"additionalProperties":false}
        """#

    @Test(arguments: [
        (#"{"city":"Oslo","unit":"kelvin"}"#, [#"/unit: must be one of "celsius", "fahrenheit", but is "kelvin""#]),
        ("{}", [#"/: the property "city" is required"#]),
        ("[]", ["/: must be an object, but is an array"]),
        (#"{"city":5}"#, ["/city: must be a string, but is 5"]),
        (#"{"city":""}"#, ["/city: must have at least 1 character, but has 0"]),
        (#"{"city":"Oslo","days":"3"}"#, ["/days: must be an integer, but is \"3\""]),
        (#"{"city":"Oslo","days":8}"#, ["/days: must be at most 7, but is 8"]),
        (#"{"city":"Oslo","town":1}"#, [#"/town: the property is not allowed; allowed are "city", "unit", "days""#]),
        (
            #"{"x":1,"unit":null,"days":1.5}"#,
            [
                #"/: the property "city" is required"#,
                #"/x: the property is not allowed; allowed are "city", "unit", "days""#,
                #"/unit: must be one of "celsius", "fahrenheit", but is null"#, "/days: must be an integer, but is 1.5",
            ]
        ),
    ]) func saysWhatToChange(text: String, expected: [String]) throws {
        let schema = try JSONSchema(JSONValue(parsing: Self.weather))
        #expect(schema.validate(try JSONValue(parsing: text)).map(\.description) == expected)
    }

    @Test(arguments: [
        (#"{"const":{"a":1}}"#, "[]", #"/: must be {"a":1}, but is an array"#),
        (#"{"enum":["x"]}"#, "1", #"/: must be "x", but is 1"#),
        (#"{"minimum":1.5}"#, "1", "/: must be at least 1.5, but is 1"),
        (#"{"exclusiveMinimum":1}"#, "1", "/: must be greater than 1, but is 1"),
        (#"{"exclusiveMaximum":1}"#, "1.0", "/: must be less than 1, but is 1.0"),
        (#"{"multipleOf":0.5}"#, "0.3", "/: must be a multiple of 0.5, but is 0.3"),
        (#"{"maxLength":2}"#, "\"abc\"", "/: must have at most 2 characters, but has 3"),
        (#"{"pattern":"^x"}"#, "\"abc\"", "/: must match the pattern ^x, but is \"abc\""),
        (#"{"minItems":2}"#, "[1]", "/: must have at least 2 items, but has 1"),
        (#"{"maxItems":1}"#, "[1,2]", "/: must have at most 1 item, but has 2"),
        (#"{"uniqueItems":true}"#, "[1,2,1]", "/: must not have equal items, but items 0 and 2 are equal"),
        (
            #"{"contains":{"const":1}}"#, "[2]",
            "/: must have at least 1 item that matches the schema of contains, but has 0"
        ),
        (
            #"{"contains":{"const":1},"maxContains":1}"#, "[1,1]",
            "/: must have at most 1 item that matches the schema of contains, but has 2"
        ),
        (#"{"prefixItems":[{}],"items":false}"#, "[1,2]", "/: must have at most 1 item, but has 2"),
        (#"{"items":{"type":"null"}}"#, "[null,1]", "/1: must be null, but is 1"),
        (#"{"type":["string","null","integer"]}"#, "[]", "/: must be null, an integer or a string, but is an array"),
        (#"{"minProperties":1}"#, "{}", "/: must have at least 1 property, but has 0"),
        (#"{"maxProperties":0}"#, "{\"a\":1}", "/: must have at most 0 properties, but has 1"),
        (
            #"{"propertyNames":{"maxLength":1}}"#, "{\"ab\":1}",
            "/: the property name \"ab\": must have at most 1 character, but has 2"
        ),
        (#"{"dependentRequired":{"a":["b"]}}"#, "{\"a\":1}", "/: the property \"b\" is required where \"a\" is"),
        (#"{"additionalProperties":false}"#, "{\"a\":1}", "/a: the property is not allowed; no property is"),
        (
            #"{"patternProperties":{"^x":{}},"additionalProperties":false}"#, "{\"a\":1}",
            "/a: the property is not allowed; no property is, but those that match ^x"
        ),
        (#"{"properties":{"a/b":{"type":"null"}}}"#, "{\"a/b\":1}", "/a~1b: must be null, but is 1"),
        (#"{"not":{"type":"integer"}}"#, "1", "/: must not match the schema of not, but 1 does"),
        (#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1", "/: must be null or a string, but is 1"),
        (
            #"{"anyOf":[{"type":"string"},{"type":"object","required":["a"]}]}"#, "{}",
            "/: does not match any of the 2 schemas of anyOf; the nearest one says: /: the property \"a\" is required"
        ),
        (
            #"{"anyOf":[{"required":["b"]},{"properties":{"a":{"type":"null"}}}]}"#, "{\"a\":1}",
            "/: does not match any of the 2 schemas of anyOf; the nearest one says: /a: must be null, but is 1"
        ),
        (
            #"{"oneOf":[{"type":"integer"},{"minimum":1}]}"#, "2",
            "/: must match exactly one of the schemas of oneOf, but matches 0 and 1"
        ),
        (#"{"if":{"minimum":5},"then":{"multipleOf":2}}"#, "7", "/: must be a multiple of 2, but is 7"),
        ("false", "1", "/: no value is allowed here"),
    ]) func hasASentenceForEachKeyword(schema: String, instance: String, expected: String) throws {
        let schema = try JSONSchema(JSONValue(parsing: schema))
        #expect(schema.validate(try JSONValue(parsing: instance)).map(\.description) == [expected])
    }

    /// Of branches that a property tells apart, the one that the instance means is nearest, though the others' faults
    /// lie deeper.
    @Test(arguments: [
        (
            #"{"kind":"circle"}"#,
            #"/: does not match any of the 2 schemas of oneOf; the nearest one says: /: the property "radius" is required"#
        ),
        (#"{"kind":"cube"}"#, #"/kind: must be one of "circle", "square", "rectangle", but is "cube""#),
        ("5", "/: must be an object, but is 5"),
    ]) func tellsOfTheBranchThatIsMeant(instance: String, expected: String) throws {
        let schema = try JSONSchema(
            JSONValue(
                parsing: #"""
                    {"oneOf":[{"type":"object","properties":{"kind":{"const":"circle"},"radius":{}},"required":["kind","radius"]},
                    {"type":"object","properties":{"kind":{"enum":["square","rectangle"]},"side":{}},"required":["kind","side"]}]}
                    """#))
        #expect(schema.validate(try JSONValue(parsing: instance)).map(\.description) == [expected])
    }

    @Test(arguments: [
        (
            #"{"properties":{"a":{}},"unevaluatedProperties":false}"#, "{\"b\":1}",
            "/b: the property is not allowed; no part of the schema that applies knows it"
        ),
        (
            #"{"prefixItems":[{}],"unevaluatedItems":false}"#, "[1,2]",
            "/1: the item is not allowed; no part of the schema that applies knows it"
        ),
        // Of what is left over nothing is said while another fault is there, which may be why.
        (
            #"{"allOf":[{"anyOf":[{"properties":{"a":{"type":"null"}},"required":["a"]}]}],"unevaluatedProperties":false}"#,
            "{\"a\":1}", "/: does not match the schema of anyOf; the nearest one says: /a: must be null, but is 1"
        ),
    ]) func tellsWhatIsLeftOver(schema: String, instance: String, expected: String) throws {
        let schema = try JSONSchema(JSONValue(parsing: schema))
        #expect(schema.validate(try JSONValue(parsing: instance)).map(\.description) == [expected])
    }

    @Test func namesBothPlaces() throws {
        let schema = try JSONSchema(
            JSONValue(parsing: ##"{"$defs":{"n":{"minimum":3}},"items":{"$ref":"#/$defs/n"}}"##))
        let error = try #require(schema.validate([5, 1]).first)
        #expect(error.instanceLocation.description == "/1")
        #expect(error.keyword == "minimum")
        #expect(error.keywordLocation.description == "/$defs/n/minimum")
    }

    @Test func quotes80CharactersOfLongStrings() throws {
        let schema = try JSONSchema(["type": "integer"])
        let long = JSONValue.string(String(repeating: "x", count: 81))
        #expect(
            schema.validate(long).first?.message
                == "must be an integer, but is \"\(String(repeating: "x", count: 80))…\"")
        let fitting = JSONValue.string(String(repeating: "x", count: 80))
        #expect(
            schema.validate(fitting).first?.message
                == "must be an integer, but is \"\(String(repeating: "x", count: 80))\"")
    }

    @Test func givesNoMoreErrorsThanAskedFor() throws {
        let schema = try JSONSchema(["items": ["type": "null"]])
        let instance = JSONValue.array(Array(repeating: 1, count: 100))
        #expect(schema.validate(instance).count == JSONSchema.defaultErrorLimit)
        #expect(schema.validate(instance, limit: 3).map(\.instanceLocation.description) == ["/0", "/1", "/2"])
        #expect(schema.validate(instance, limit: 1000).count == 100)
    }
}
