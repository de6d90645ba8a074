// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONPointerTests {
    // The document and pointers of RFC 6901 §5.
    static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    @Test(
        arguments: [
            ("", document), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
            ("/e^f", 3), ("/g|h", 4),
            ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
        ] as [(String, JSONValue)]) func findsTheExamplesOfTheRFC(text: String, expected: JSONValue) throws
    {
        let pointer = try JSONPointer(parsing: text)
        #expect(pointer.value(in: Self.document) == expected)
        #expect(pointer.description == text)
    }

    @Test(arguments: [
        "/foo/2", "/foo/-", "/foo/01", "/foo/-1", "/foo/+1", "/foo/", "/foo/x", "/x", "/foo/0/0", "/ /x",
        "/foo/99999999999999999999",
    ])
    func findsNothingElsewhere(text: String) throws {
        #expect(try JSONPointer(parsing: text).value(in: Self.document) == nil)
    }

    @Test(arguments: ["a", "#/a", "/~", "/~2", "/a~/b", "/a~"]) func refusesWhatIsNoPointer(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONPointer(parsing: text) }
        #expect(error?.code == .invalidPointer)
    }

    @Test func decodesTildesOnce() throws {
        #expect(try JSONPointer(parsing: "/~01").tokens == ["~1"])
        #expect(JSONPointer(tokens: ["~1", "/", ""]).description == "/~01/~1/")
    }

    @Test func growsAndShrinks() {
        var pointer = JSONPointer().appending("a/b").appending(3)
        #expect(pointer.description == "/a~1b/3")
        pointer.removeLast()
        #expect(pointer == JSONPointer(tokens: ["a/b"]))
        pointer.removeLast()
        #expect(pointer.isRoot)
        #expect(JSONPointer(tokens: ["\u{E9}"]) != JSONPointer(tokens: ["e\u{301}"]))
    }
}
