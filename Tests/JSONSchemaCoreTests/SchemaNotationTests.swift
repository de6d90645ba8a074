// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@Suite("The short notation of a schema")
struct SchemaNotationTests {
    private func properties(_ text: String) throws -> JSONValue? { try SchemaNotation(text).document["properties"] }

    @Test("makes a closed object of its fields")
    func book() throws {
        #expect(
            try SchemaNotation("name, authors[]").document == [
                "type": "object",
                "properties": ["name": ["type": "string"], "authors": ["type": "array", "items": ["type": "string"]]],
                "required": ["name", "authors"], "additionalProperties": false,
            ])
    }

    @Test(
        "knows types, choices, lists, nesting and descriptions",
        arguments: [
            ("n int", #"{"n":{"type":"integer"}}"#),
            ("n number,b bool , s str", #"{"n":{"type":"number"},"b":{"type":"boolean"},"s":{"type":"string"}}"#),
            ("unit celsius|fahrenheit", #"{"unit":{"type":"string","enum":["celsius","fahrenheit"]}}"#),
            ("xs int[]", #"{"xs":{"type":"array","items":{"type":"integer"}}}"#),
            ("xs[] int", #"{"xs":{"type":"array","items":{"type":"integer"}}}"#),
            ("m[][] number", #"{"m":{"type":"array","items":{"type":"array","items":{"type":"number"}}}}"#),
            ("x any", #"{"x":{}}"#),
            (
                "year int: when it came out, t",
                #"{"year":{"type":"integer","description":"when it came out"},"t":{"type":"string"}}"#
            ),
            ("a: one, two\nb int", #"{"a":{"type":"string","description":"one, two"},"b":{"type":"integer"}}"#),
            ("a: one, b\n", #"{"a":{"type":"string","description":"one"},"b":{"type":"string"}}"#),
            ("größe int", #"{"größe":{"type":"integer"}}"#),
        ])
    func fields(text: String, expected: String) throws {
        #expect(try properties(text) == (try JSONValue(parsing: expected)))
    }

    @Test("nests by braces")
    func nested() throws {
        let authors = try properties("title, authors[]{name, born? int}")?["authors"]
        #expect(authors?["type"] == "array")
        #expect(authors?["items"]?["properties"]?["born"] == ["type": "integer"])
        #expect(authors?["items"]?["required"] == ["name"])
    }

    @Test("makes fields optional", arguments: ["a? int, b", "a?, b", "a[]?, b", "a?[] int, b"])
    func optional(_ text: String) throws { #expect(try SchemaNotation(text).document["required"] == ["b"]) }

    @Test("makes a schema that compiles", arguments: ["name, authors[]", "a{b{c[]{d int}}}", "x any, y a|b: c"])
    func compiles(_ text: String) throws { _ = try JSONSchema(SchemaNotation(text).document) }

    @Test(
        "says what is wrong and where",
        arguments: [
            ("", 1, "expected a field"), ("a, b strng", 6, "found \"strng\""), ("a b c", 3, "found \"b\""),
            ("a int b", 7, "expected ','"), ("a, a", 4, "two fields \"a\""), ("a{b", 4, "expected '}'"),
            ("a x|", 5, "a choice"), ("{}", 1, "expected the name"), ("a]", 2, "expected ','"),
            ("a" + String(repeating: "[]", count: 33), 68, "too deeply"),
        ])
    func failures(text: String, column: Int, words: String) {
        let failure = #expect(throws: SchemaNotation.Failure.self) { try SchemaNotation(text) }
        #expect(failure?.column == column)
        #expect(failure?.message.contains(words) == true, "\(failure.map { "\($0)" } ?? "")")
    }

    @Test("ends for any text")
    func anyText() {
        for text in [
            "{{{{", String(repeating: "a{", count: 10_000), "a" + String(repeating: "[]", count: 60_000), "[][][]",
            "?:?", "a:::", "a|b", ",,,,", "a\u{0}b",
        ] {
            _ = try? SchemaNotation(text)
        }
    }
}
