// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONParserTests {
    @Test(arguments: TextSamples.valid) func acceptsWhatTheGrammarAllows(text: String) throws {
        _ = try JSONValue(parsing: text)
    }

    @Test(arguments: TextSamples.malformed) func refusesWhatTheGrammarForbids(text: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func readsEachKindOfValue() throws {
        let text = #" {"a": [null, true, false, 1, -2.5, "x"], "": {}} "#
        let expected: JSONValue = ["a": [.null, true, false, 1, -2.5, "x"], "": [:]]
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test func keepsMembersInOrder() throws {
        let value = try JSONValue(parsing: #"{"z":1,"a":2,"m":3}"#)
        #expect(value.objectValue?.keys == ["z", "a", "m"])
    }

    @Test func takesEveryFormOfBytes() throws {
        let text = "[1]"
        let bytes = Array(text.utf8)
        let expected: JSONValue = [1]
        #expect(try JSONValue(parsing: bytes) == expected)
        #expect(try JSONValue(parsing: bytes.span) == expected)
        #expect(try JSONValue(parsing: bytes[...]) == expected)
        #expect(try JSONValue(parsing: text.utf8.lazy.map { $0 }) == expected)
        #expect(try bytes.withUnsafeBytes { try JSONValue(parsing: $0) } == expected)
    }

    @Test(arguments: 2...40) func refusesDuplicateKeysInObjectsOfAnySize(count: Int) {
        let members = (1..<count).map { "\"k\($0)\":0" } + ["\"k\(count / 2)\":0"]
        #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(members.joined(separator: ","))}") }
        #expect(throws: Never.self) { try JSONValue(parsing: "{\(members.dropLast().joined(separator: ","))}") }
    }

    @Test func findsDuplicateKeysWrittenWithEscapes() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: #"{"a":1,"\u0061":2}"#) }
    }

    @Test func tellsCanonicallyEquivalentKeysApart() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test func copiesNothingOfItsInput() throws {
        var bytes = Array("[\"a string that is too long to be stored inline\"]".utf8)
        let value = try JSONValue(parsing: bytes)
        bytes = bytes.map { _ in 0 }
        #expect(value[0]?.stringValue == "a string that is too long to be stored inline")
    }
}

@Suite struct JSONParserStringTests {
    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "A\u{E9}\u{20AC}"),
        (#""\uD834\uDD1E""#, "\u{1D11E}"), (#""\u0000""#, "\u{0}"),
        ("\"\u{7F}\u{2028}\u{2029}\"", "\u{7F}\u{2028}\u{2029}"),
        (#""\uFFFF\uD7FF\uE000""#, "\u{FFFF}\u{D7FF}\u{E000}"), (#""x\\""#, "x\\"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        ("\"ab€cdefghij\u{10000}klmnop\"", "ab€cdefghij\u{10000}klmnop"), ("\"\"", ""),
    ]) func decodes(text: String, expected: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.stringValue.map { Array($0.utf8) } == Array(expected.utf8))
    }

    @Test(arguments: 0...40) func findsTheEndAtEveryAlignment(length: Int) throws {
        let text = String(repeating: "x", count: length)
        #expect(try JSONValue(parsing: "\"\(text)\"") == .string(text))
        #expect(try JSONValue(parsing: "\"\(text)\\n\(text)\"") == .string(text + "\n" + text))
        #expect(throws: JSONError.self) { try JSONValue(parsing: "\"\(text)\u{1}\(text)\"") }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "\"\(text)") }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xE2, 0x82],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8], [0xFE], [0xFF],
            [0xC3, 0x28], [0xE2, 0x28, 0xA1], [0xF0, 0x28, 0x8C, 0xBC],
        ] as [[UInt8]]) func refusesBytesThatAreNotUTF8(bytes: [UInt8])
    {
        for prefix in ["\"", "\"ab\\n"] {
            let text = Array(prefix.utf8) + bytes + Array("\"".utf8)
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
            #expect(error?.code == .invalidUTF8)
            #expect(error?.offset == prefix.utf8.count)
        }
    }

    @Test(arguments: [
        #""\uD800""#, #""\uDC00""#, #""\uD800x""#, #""\uD800\n""#, #""\uD800\uD800""#, #""\uDC00\uD800""#,
    ])
    func refusesLoneSurrogates(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == .loneSurrogate)
        #expect(error?.offset == 1)
    }
}
