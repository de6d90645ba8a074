// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONErrorTests {
    @Test(arguments: [
        (#"{"a":1]"#, "line 1, column 7: expected ',' or '}' after an object value, found 0x5D (']')"),
        ("", "line 1, column 1: expected a value, found the end of the text"),
        ("[1,\n 2 3]", "line 2, column 4: expected ',' or ']' after an array element, found 0x33 ('3')"),
        ("[1,]", "line 1, column 4: expected a value, found 0x5D (']')"),
        ("[?]", "line 1, column 2: expected a value or ']' after '[', found 0x3F ('?')"),
        ("{a:1}", "line 1, column 2: expected a key in double quotes or '}' after '{', found 0x61 ('a')"),
        (#"{"é":1,}"#, "line 1, column 8: expected a key in double quotes after ',', found 0x7D ('}')"),
        (#"{"a" 1}"#, "line 1, column 6: expected ':' after a key, found 0x31 ('1')"),
        ("1 x", "line 1, column 3: expected the end of the text after the value, found 0x78 ('x')"),
        ("[trux]", "line 1, column 5: expected the literal true, found 0x78 ('x')"),
        ("\u{FEFF}1", "line 1, column 1: expected a value, found 0xEF (a byte order mark, RFC 8259 §8.1?)"),
        (
            "\"a\nb\"",
            "line 1, column 3: expected '\"' at the end of a string, or an escape such as \\n for a control character, found 0x0A"
        ),
        ("01", "line 1, column 2: a number with a leading zero"),
        ("-x", "line 1, column 2: expected a digit after '-', found 0x78 ('x')"),
        ("1.", "line 1, column 3: expected a digit after the decimal point, found the end of the text"),
        ("1e+", "line 1, column 4: expected a digit in the exponent, found the end of the text"),
        (#""\q""#, "line 1, column 3: expected one of \"\\/bfnrtu after a backslash, found 0x71 ('q')"),
        (#""\u00x0""#, "line 1, column 6: expected four hexadecimal digits after \\u, found 0x78 ('x')"),
        (#""é\uD800""#, "line 1, column 3: half of a surrogate pair, which is not a character"),
        ("{\n\"é\":1, \"é\":2}", "line 2, column 8: the key \"é\" stands twice in one object"),
        ("1e999", "line 1, column 1: a number too large for a 64-bit floating-point number"),
    ]) func saysWhatWasExpectedAndWhatCame(text: String, expected: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.description == expected)
    }

    @Test func shortensLongDuplicateKeys() {
        let key = String(repeating: "k", count: 100)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\"\(key)\":1,\"\(key)\":2}") }
        #expect(error?.message == "the key \"\(key.prefix(40))…\" stands twice in one object")
    }
}

@Suite struct JSONLimitsTests {
    @Test func boundsTheDepth() throws {
        let limits = JSONLimits(depth: 3)
        _ = try JSONValue(parsing: "[[[1]]]", limits: limits)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[[{\"a\":[]}]]", limits: limits) }
        #expect(error?.code == .depthLimit)
        #expect(error?.offset == 7)
        #expect(error?.message == "nested deeper than 3 levels")
    }

    @Test func allowsScalarsOnlyAtDepthZero() throws {
        #expect(try JSONValue(parsing: "1", limits: JSONLimits(depth: 0)) == 1)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[]", limits: JSONLimits(depth: 0)) }
    }

    @Test func defaultsToADepthOf128() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(parsing: nested(128))
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(129)) }
    }

    @Test func survivesAMillionBrackets() {
        let limits = JSONLimits(depth: .max)
        for text in [String(repeating: "[", count: 1_000_000), String(repeating: "{\"a\":", count: 1_000_000)] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: limits) }
            #expect(error?.code == .depthLimit)
        }
    }

    @Test func readsWritesAndComparesAtTheGreatestDepth() throws {
        let depth = JSONLimits.maximumDepth
        let text = String(repeating: "[{\"a\":", count: depth / 2) + "1" + String(repeating: "}]", count: depth / 2)
        let value = try JSONValue(parsing: text, limits: JSONLimits(depth: depth))
        #expect(try value.serialized() == text)
        #expect(value == (try JSONValue(parsing: text, limits: JSONLimits(depth: depth))))
    }

    @Test func boundsTheSize() throws {
        _ = try JSONValue(parsing: "[1]", limits: JSONLimits(bytes: 3))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[12]", limits: JSONLimits(bytes: 3)) }
        #expect(error?.code == .sizeLimit)
    }

    @Test func boundsTheNumberOfValues() throws {
        _ = try JSONValue(parsing: "[1,\"a\",{}]", limits: JSONLimits(values: 4))
        for text in ["[1,\"a\",{},0]", "[1,1,1,null]", "[[[[[]]]]]", "[1,1,1,\"\"]"] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: JSONLimits(values: 4)) }
            #expect(error?.code == .valueLimit)
        }
    }
}
