// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONWriterTests {
    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (-1, "-1"), (1.0, "1.0"), (0.1, "0.1"),
            (1e21, "1e+21"),
            (-0.0, "-0.0"), (.number(.leastNonzeroMagnitude), "5e-324"), ("", "\"\""), ([], "[]"), ([:], "{}"),
            ([1, [2]], "[1,[2]]"),
            (["a": 1, "b": [:]], #"{"a":1,"b":{}}"#), (.integer(.max), "9223372036854775807"),
            (.integer(.min), "-9223372036854775808"),
            (10, "10"), (99, "99"), (100, "100"), (1_234_567_890, "1234567890"),
        ] as [(JSONValue, String)]) func writes(value: JSONValue, expected: String) throws
    {
        #expect(try value.serialized() == expected)
        #expect(try value.serializedBytes() == Array(expected.utf8))
        var bytes: [UInt8] = [0x20]
        try value.append(to: &bytes)
        #expect(bytes == [0x20] + Array(expected.utf8))
    }

    @Test func escapesWhatItMustAndNothingElse() throws {
        let text = "\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é\u{2028}\u{2029}\u{1F600}"
        let expected = #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}é\u{2028}\u{2029}\u{1F600}\""
        #expect(try JSONValue.string(text).serialized() == expected)
    }

    @Test func escapesLongRuns() throws {
        let text = String(repeating: "\u{1}", count: 5000)
        #expect(try JSONValue.string(text).serialized() == "\"" + String(repeating: "\\u0001", count: 5000) + "\"")
    }

    @Test func writesIndented() throws {
        let value: JSONValue = ["a": [1, []], "b": [:]]
        let expected = """
            {
              "a": [
                1,
                []
              ],
              "b": {}
            }
            """
        #expect(try value.serialized(indent: 2) == expected)
        #expect(try JSONValue(parsing: expected) == value)
    }

    @Test func sortsKeysByTheirBytesAtEveryLevel() throws {
        let value: JSONValue = ["b": ["z": 1, "y": 2], "a": 1, "\u{FF5E}": 3, "\u{1F600}": 4, "B": 5]
        let expected = "{\"B\":5,\"a\":1,\"b\":{\"y\":2,\"z\":1},\"\u{FF5E}\":3,\"\u{1F600}\":4}"
        #expect(try value.serialized(order: .sorted) == expected)
    }

    @Test(
        arguments: [
            (.number(.infinity), "the number is inf, which JSON cannot express"),
            (["a/b": [1, .number(-.infinity)]], "the number at /a~1b/1 is -inf, which JSON cannot express"),
            ([.number(.nan)], "the number at /0 is nan, which JSON cannot express"),
        ] as [(JSONValue, String)]) func refusesNumbersThatAreNotFinite(value: JSONValue, message: String)
    {
        let error = #expect(throws: JSONError.self) { try value.serialized() }
        #expect(error?.code == .nonFiniteNumber)
        #expect(error?.message == message)
        var bytes: [UInt8] = [1]
        #expect(throws: JSONError.self) { try value.append(to: &bytes) }
        #expect(bytes == [1])
    }

    @Test func readsBackWhatItWrote() throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<1500 {
            let value = random.value()
            let text = try value.serialized()
            #expect(try JSONValue(parsing: text) == value)
            #expect(try JSONValue(parsing: value.serialized(order: .sorted, indent: random.below(5))) == value)
            #expect(try JSONValue(parsing: text).serialized() == text)
        }
    }

    @Test func writesIntoTheSameBufferAgain() throws {
        var random = SeededRandom(seed: 2)
        var serializer = JSONSerializer()
        for _ in 0..<300 {
            let value = random.value()
            let expected = try value.serializedBytes()
            let tape = JSONTape(value)
            #expect(try serializer.withBytes(of: value) { bytes in bytes.indices.map { bytes[$0] } } == expected)
            #expect(try serializer.withBytes(of: tape) { bytes in bytes.indices.map { bytes[$0] } } == expected)
        }
        #expect(throws: JSONError.self) { try JSONTape([.number(.nan)]).serialized() }
        #expect(try serializer.withBytes(of: 7) { $0.count } == 1)
    }
}
