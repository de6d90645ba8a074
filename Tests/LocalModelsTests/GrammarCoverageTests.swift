// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import LocalModels

@Suite("What the grammar enforces") struct GrammarCoverageTests {
    @Test(arguments: [
        (#"{"type":"string","minLength":2,"pattern":"^a"}"#, ["/type", "/minLength"]),
        (#"{"type":"string","minLength":2,"pattern":"^a{3}$"}"#, ["/type", "/pattern"]),
        (#"{"type":"string","maxLength":5000}"#, ["/type"]),
        (#"{"type":"number","minimum":1}"#, ["/type"]),
        (#"{"type":"integer","minimum":1,"multipleOf":2}"#, ["/type", "/minimum"]),
        (#"{"type":"string","enum":["a"]}"#, ["/enum"]),
        (
            #"{"type":"array","items":{"type":"null"},"uniqueItems":true,"maxItems":3}"#,
            ["/type", "/items", "/maxItems", "/items/type"]
        ),
        (
            #"{"type":"object","properties":{"a":{"const":1}},"required":["a"],"additionalProperties":false,"minProperties":1}"#,
            ["/type", "/properties", "/required", "/additionalProperties", "/properties/a/const"]
        ),
        (
            #"{"anyOf":[{"type":"string"},{"type":"null"}],"type":"string"}"#,
            ["/anyOf", "/anyOf/0/type", "/anyOf/1/type"]
        ),
        (#"{"oneOf":[{"type":"string"}]}"#, ["/oneOf/0/type"]),
        (##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"boolean"}}}"##, ["/$ref", "/$defs/a/type"]),
        (#"{"$ref":"https://example.test/a"}"#, []),
        (#"{"not":{"type":"string"},"if":{"const":1},"contains":{"type":"null"}}"#, []),
        (#"{"type":["string","null"],"minLength":1}"#, ["/type"]),
        ("true", []),
        (
            #"{"type":"object","properties":{"a":{"type":"null"}},"required":["a","b"]}"#,
            ["/type", "/properties", "/properties/a/type"]
        ),
        (#"{"type":"integer","minimum":1.5}"#, ["/type"]),
        (#"{"type":"integer","minimum":1,"exclusiveMinimum":2}"#, ["/type"]),
        (#"{"type":"array","items":false}"#, ["/type"]),
    ])
    func coverage(schema: String, expected: [String]) throws {
        let keywords = GrammarCoverage(of: try JSONValue(parsing: schema)).keywords
        #expect(Set(keywords.map(\.description)) == Set(expected))
    }
}
