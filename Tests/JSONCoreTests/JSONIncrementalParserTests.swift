// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONIncrementalParserTests {
    private func parse(_ bytes: [UInt8], chunk: Int, limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
        var parser = JSONIncrementalParser(limits: limits)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            try parser.feed(bytes[start..<min(start + chunk, bytes.count)])
        }
        return try parser.finish()
    }

    @Test(arguments: TextSamples.valid) func givesTheSameValueHoweverTheTextIsCut(text: String) throws {
        let expected = try JSONValue(parsing: text)
        for chunk in 1...9 {
            let value = try parse(Array(text.utf8), chunk: chunk)
            #expect(value == expected)
            #expect(try value.serialized() == expected.serialized())
        }
    }

    @Test(arguments: TextSamples.malformed) func givesTheSameErrorHoweverTheTextIsCut(text: [UInt8]) {
        let expected = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        for chunk in [1, 2, 3, 1000] {
            let error = #expect(throws: JSONError.self) { try parse(text, chunk: chunk) }
            #expect(error == expected)
        }
    }

    @Test func givesTheSameAnswerForDamagedTexts() throws {
        var random = SeededRandom(seed: 5)
        let bytes: [UInt8] = Array("{}[]\",:\\u0019.eE+-tfn \n\u{1}".utf8) + [0xC3, 0xA9, 0xFF, 0xE2]
        for _ in 0..<3000 {
            var text = try random.value(depth: 3).serializedBytes()
            for _ in 0...random.below(3) {
                text.insert(bytes[random.below(bytes.count)], at: random.below(text.count + 1))
            }
            let limits = JSONLimits(depth: 4, values: 40)
            let whole = Result { () throws(JSONError) in try JSONValue(parsing: text, limits: limits) }
            let cut = Result { () throws(JSONError) in try parse(text, chunk: 1 + random.below(4), limits: limits) }
            #expect(whole == cut)
        }
    }

    @Test(arguments: TextSamples.valid) func showsPartialValuesThatOnlyGrow(text: String) throws {
        var parser = JSONIncrementalParser()
        var last: JSONValue?
        for byte in text.utf8 {
            try parser.feed([byte])
            let partial = parser.partialValue
            if let last { #expect(partial.map { last.isBeginning(of: $0) } == true) }
            last = partial
        }
        let value = try parser.finish()
        if let last { #expect(last.isBeginning(of: value)) }
        #expect(parser.partialValue == value)
    }

    @Test(
        arguments: [
            ("", nil), (" ", nil), ("[", []), ("[1", []), ("[1,", [1]), ("[12 ", [12]), ("[tru", []), ("[true", [true]),
            ("{", [:]),
            (#"{"a"#, [:]), (#"{"a":"#, [:]), (#"{"a":""#, ["a": ""]), (#"{"a":"x"#, ["a": "x"]),
            (#"{"a":"x\"#, ["a": "x"]),
            (#"{"a":"x\u00"#, ["a": "x"]), (#"{"a":"x\uD83D\uDE"#, ["a": "x"]),
            (#"{"a":"x","b":[{"c":"#, ["a": "x", "b": [[:]]]),
            (#"{"a":-"#, [:]), ("\"ab", "ab"), ("12", nil), ("12 ", 12),
        ] as [(String, JSONValue?)]) func showsOpenStringsAndHoldsTheRestBack(text: String, expected: JSONValue?) throws
    {
        var parser = JSONIncrementalParser()
        try parser.feed(text)
        #expect(parser.partialValue == expected)
    }

    @Test func holdsHalfACharacterBack() throws {
        var parser = JSONIncrementalParser()
        try parser.feed([0x22, 0x61, 0xE2, 0x82])
        #expect(parser.partialValue == "a")
        try parser.feed([0xAC])
        #expect(parser.partialValue == "a€")
    }

    @Test func takesEveryFormOfBytes() throws {
        var parser = JSONIncrementalParser()
        let bytes = Array("[1".utf8)
        try parser.feed(bytes)
        try parser.feed(",\"".utf8)
        try parser.feed(Array("ab".utf8).span)
        try parser.feed("c\"".utf8.lazy.map { $0 })
        try bytes.withUnsafeBytes { try parser.feed(UnsafeRawBufferPointer(rebasing: $0[..<0])) }
        try parser.feed("")
        try parser.feed("]")
        #expect(try parser.finish() == [1, "abc"])
    }

    @Test func knowsWhenTheValueIsComplete() throws {
        var parser = JSONIncrementalParser()
        try parser.feed("{\"a\":1")
        #expect(!parser.isComplete)
        try parser.feed("}")
        #expect(parser.isComplete)
        try parser.feed(" \n")
        #expect(try parser.finish() == ["a": 1])
    }

    @Test func throwsTheSameErrorAgain() {
        var parser = JSONIncrementalParser()
        let first = #expect(throws: JSONError.self) { try parser.feed("[}") }
        let second = #expect(throws: JSONError.self) { try parser.feed("]") }
        let third = #expect(throws: JSONError.self) { try parser.finish() }
        #expect(first == second && second == third)
        #expect(!parser.isComplete)
    }

    @Test func boundsTheSizeOfAllPiecesTogether() throws {
        var parser = JSONIncrementalParser(limits: JSONLimits(bytes: 5))
        try parser.feed("[1,")
        try parser.feed("2]")
        let error = #expect(throws: JSONError.self) { try parser.feed(" ") }
        #expect(error?.code == .sizeLimit)
    }
}

extension JSONValue {
    /// Whether `later` is this partial value with more at its end.
    fileprivate func isBeginning(of later: JSONValue) -> Bool {
        switch (self, later) {
        case (.string(let a), .string(let b)): b.utf8.starts(with: a.utf8)
        case (.array(let a), .array(let b)):
            a.count <= b.count && a.dropLast().elementsEqual(b.prefix(max(0, a.count - 1)))
                && (a.isEmpty || a[a.count - 1].isBeginning(of: b[a.count - 1]))
        case (.object(let a), .object(let b)):
            a.count <= b.count
                && zip(a.members, b.members).allSatisfy { $0.key == $1.key && $0.value.isBeginning(of: $1.value) }
        default: self == later
        }
    }
}
