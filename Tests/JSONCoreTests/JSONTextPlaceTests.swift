// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONTextPlaceTests {
    static let text = """
        {
          "name": "Grüße", "a\\u002Fb": [1, {"x": "]}\\"", "y": [[], {}]}, "z"],
          "": {"é": null}
        }
        """

    @Test(arguments: [
        ("", 0, 1, 1), ("/name", 12, 2, 11), ("/a~1b", 35, 2, 32), ("/a~1b/0", 36, 2, 33), ("/a~1b/1", 39, 2, 36),
        ("/a~1b/1/x", 45, 2, 42), ("/a~1b/1/y/1", 63, 2, 60), ("/a~1b/2", 69, 2, 66), ("/", 81, 3, 7),
        ("//é", 88, 3, 13),
    ]) func findsTheValue(pointer: String, offset: Int, line: Int, column: Int) throws {
        let place = try #require(JSONTextPlace(of: try JSONPointer(parsing: pointer), in: Self.text))
        #expect(place.offset == offset)
        #expect(place.line == line)
        #expect(place.column == column)
    }

    @Test func findsTheKey() throws {
        let place = JSONTextPlace(of: try JSONPointer(parsing: "/a~1b"), in: Self.text, target: .key)
        #expect(place?.line == 2)
        #expect(place?.column == 20)
        let element = JSONTextPlace(of: try JSONPointer(parsing: "/a~1b/0"), in: Self.text, target: .key)
        #expect(element?.column == 33)
    }

    @Test(arguments: ["/x", "/name/x", "/a~1b/3", "/a~1b/-", "/a~1b/01", "/a~1b/1/y/0/0", "//e"])
    func findsNothingElsewhere(pointer: String) throws {
        #expect(JSONTextPlace(of: try JSONPointer(parsing: pointer), in: Self.text) == nil)
    }

    /// The value that begins at the place is the value that the pointer has in the tree.
    @Test func findsEveryValueOfRandomDocuments() throws {
        var random = SeededRandom(seed: 31)
        for _ in 0..<200 {
            let value = random.value(depth: 4)
            let bytes = try value.serializedBytes(indent: random.below(2) == 0 ? nil : 2)
            try check(value, at: JSONPointer(), in: bytes)
        }
    }

    private func check(_ value: JSONValue, at pointer: JSONPointer, in bytes: [UInt8]) throws {
        let place = try #require(JSONTextPlace(of: pointer, in: bytes))
        var parser = JSONIncrementalParser()
        for byte in bytes[place.offset...] where parser.partialValue != value || !parser.isComplete {
            do { try parser.feed([byte]) } catch { break }
        }
        let isNumber = value.doubleValue != nil
        if !isNumber { #expect(parser.partialValue == value) }
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                try check(element, at: pointer.appending(index), in: bytes)
            }
        case .object(let object):
            for member in object { try check(member.value, at: pointer.appending(member.key), in: bytes) }
        default: break
        }
    }

    @Test func survivesTextsThatAreNotJSON() throws {
        for text in ["", "{", "{\"a\"", "{\"a\":", "[", "[1", "\"", "[\"\\", "{\"a\":[1,"] {
            for pointer in ["", "/a", "/0", "/1", "/a/1"] {
                _ = JSONTextPlace(of: try JSONPointer(parsing: pointer), in: text)
            }
        }
    }
}
