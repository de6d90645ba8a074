// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

/// Damaged texts: nothing crashes, whole and in pieces give the same answer, and what was read can be written and read.
@Suite struct JSONFuzzTests {
    private static let bytes: [UInt8] =
        Array("{}[]\",:\\u0019aFdDcC.eE+-tfnrl \n\t\r/b\u{0}\u{1}\u{7F}".utf8) + [
            0xC3, 0xA9, 0xFF, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80,
        ]

    /// The parser foresees how far lines are indented; what it foresees must not matter.
    @Test func readsWhiteSpaceOfEveryKind() throws {
        var random = SeededRandom(seed: 25)
        for _ in 0..<2000 {
            let value = random.value()
            var text = try value.serializedBytes(indent: random.below(5))
            for _ in 0..<random.below(4) {
                let places = text.indices.filter { text[$0] == 0x0A }
                guard let place = places.randomElement(using: &random) else { break }
                let kinds: [UInt8] = [0x20, 0x20, 0x20, 0x09, 0x0A, 0x0D]
                let spaces = (0..<random.below(20)).map { _ in kinds[random.below(6)] }
                text.insert(contentsOf: spaces, at: place + random.below(2))
            }
            #expect(try JSONValue(parsing: text) == value)
        }
    }

    @Test(arguments: 0..<8) func agreesOnMutatedTexts(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(100 + seed))
        for _ in 0..<1500 {
            var text = try random.value(depth: 3).serializedBytes(indent: random.below(3) == 0 ? random.below(10) : nil)
            if random.below(4) == 0 { text = Array(TextSamples.valid[random.below(TextSamples.valid.count)].utf8) }
            for _ in 0..<random.below(4) { Self.mutate(&text, &random) }
            try Self.check(text, &random)
        }
    }

    private static func mutate(_ text: inout [UInt8], _ random: inout SeededRandom) {
        let place = random.below(text.count + 1)
        switch random.below(5) {
        case 0: text.insert(bytes[random.below(bytes.count)], at: place)
        case 1 where place < text.count: text[place] = bytes[random.below(bytes.count)]
        case 2 where place < text.count: text.remove(at: place)
        case 3: text.removeSubrange(place...)
        default:
            let end = min(text.count, place + random.below(20))
            text.insert(contentsOf: text[place..<end], at: random.below(text.count + 1))
        }
    }

    static func check(_ text: [UInt8], _ random: inout SeededRandom) throws {
        let limits = JSONLimits(
            depth: 1 + random.below(12), values: random.below(2) == 0 ? 60 : 10_000,
            bigNumbers: random.below(2) == 0 ? .round : .refuse)
        let whole = Result { () throws(JSONError) in try JSONValue(parsing: text, limits: limits) }
        let pieces = Result { () throws(JSONError) in try inPieces(text, limits, 1 + random.below(9)) }
        #expect(whole == pieces, "\(text)")
        guard case .success(let value) = whole else { return }
        let written = try value.serializedBytes()
        let tape = try JSONTape(parsing: text, limits: limits)
        #expect(try tape.serializedBytes() == written)
        #expect(try tape.serializedBytes(order: .sorted, indent: 3) == value.serializedBytes(order: .sorted, indent: 3))
        let again = try JSONValue(parsing: written)
        #expect(again == value)
        #expect(try again.serializedBytes() == written)
    }

    private static func inPieces(_ text: [UInt8], _ limits: JSONLimits, _ size: Int) throws(JSONError) -> JSONValue {
        var parser = JSONIncrementalParser(limits: limits)
        var copy = parser
        for start in stride(from: 0, to: text.count, by: size) {
            if start % 7 == 0 { copy = parser }
            try parser.feed(text[start..<min(start + size, text.count)])
            _ = parser.partialValue
        }
        _ = copy.partialValue
        return try parser.finish()
    }

    /// Every sequence of up to four bytes from the edges of the table of RFC 3629 §4, in a string.
    @Test func agreesWithTheStandardLibraryOnUTF8() throws {
        let edges: [UInt8] = [
            0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0,
            0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for first in edges {
            for second in edges {
                for third in edges {
                    for tail in [[], [0x80], [0xBF]] as [[UInt8]] {
                        let text = [first, second, third] + tail
                        let expected = String(validating: text, as: UTF8.self)
                        let parsed = try? JSONValue(parsing: [0x22] + text + [0x22])
                        #expect(parsed?.stringValue == expected)
                    }
                }
            }
        }
    }
}

@Suite struct JSONTapeParsingTests {
    @Test func holdsNullAfterAFailure() throws {
        var tape = try JSONTape(parsing: "[1,2]")
        #expect(throws: JSONError.self) { try tape.parse("[1,2") }
        #expect(JSONValue(tape) == .null)
        try tape.parse("{\"a\":[]}")
        #expect(JSONValue(tape) == ["a": []])
    }

    @Test func findsDuplicatesInLargeObjects() throws {
        for count in [60, 64, 65, 66, 200, 5000] {
            let keys = (0..<count).map { "key number \($0)" }
            let text = { (keys: [String]) in "{" + keys.map { "\"\($0)\":{\"\($0)\":0}" }.joined(separator: ",") + "}" }
            #expect(try JSONValue(parsing: text(keys)).objectValue?.count == count)
            for place in [0, count / 2, count - 1] {
                let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text(keys + [keys[place]])) }
                #expect(error?.code == .duplicateKey)
            }
        }
    }

    /// Counting the values again and again must come to the same as counting each.
    @Test func boundsTheValuesOfNestedObjectsExactly() throws {
        var random = SeededRandom(seed: 41)
        for _ in 0..<300 {
            let value = random.value(depth: 5)
            let text = try value.serialized()
            let count = value.count
            #expect(throws: Never.self) { try JSONValue(parsing: text, limits: JSONLimits(values: count)) }
            let error = #expect(throws: JSONError.self) {
                try JSONValue(parsing: text, limits: JSONLimits(values: count - 1))
            }
            #expect(error?.code == .valueLimit)
        }
    }

    /// Found by fuzzing: a long integer was refused where the piece ended, before its point or exponent came.
    @Test(arguments: [("12345678901234567890", ".5"), (String(repeating: "1", count: 400), "e-300")])
    func waitsForTheEndOfALongNumber(digits: String, rest: String) throws {
        let limits = JSONLimits(bigNumbers: .refuse)
        for prefix in ["", "[1,"] {
            var parser = JSONIncrementalParser(limits: limits)
            try parser.feed(prefix + digits)
            try parser.feed(rest + (prefix.isEmpty ? "" : "]"))
            let whole = prefix + digits + rest + (prefix.isEmpty ? "" : "]")
            #expect(try parser.finish() == JSONValue(parsing: whole, limits: limits))
            var cut = JSONIncrementalParser(limits: limits)
            try cut.feed(digits)
            let error = #expect(throws: JSONError.self) { try cut.finish() }
            #expect(error?.code == .numberOutOfRange)
        }
    }

    @Test func readsAMemberOfAnOpenObject() throws {
        var parser = JSONIncrementalParser()
        try parser.feed(#"{"a":[1,2,{"text":"abc"#)
        #expect(parser.partialValue(at: try JSONPointer(parsing: "/a/2/text")) == "abc")
        #expect(parser.partialValue(at: try JSONPointer(parsing: "/a/3")) == nil)
        let copy = parser
        try parser.feed(#"def"}],"b":12"#)
        #expect(parser.partialValue == ["a": [1, 2, ["text": "abcdef"]]])
        #expect(copy.partialValue == ["a": [1, 2, ["text": "abc"]]])
        try parser.feed("}")
        #expect(try parser.finish()["b"] == 12)
    }
}

extension JSONValue {
    /// The values in it, itself included.
    fileprivate var count: Int {
        switch self {
        case .array(let elements): elements.reduce(1) { $0 + $1.count }
        case .object(let object): object.reduce(1) { $0 + $1.value.count }
        default: 1
        }
    }
}
