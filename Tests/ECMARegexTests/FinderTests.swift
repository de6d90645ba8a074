// SPDX-License-Identifier: Apache-2.0

import ECMARegex
import Testing

/// Where patterns match. The expected texts are what `[...text.matchAll(/pattern/gu)]` of V8 gives.
@Suite struct FinderTests {
    @Test(
        arguments: [
            ("a", "banana", ["a", "a", "a"]), ("a+", "aab aaa", ["aa", "aaa"]), ("a+?", "aaa", ["a", "a", "a"]),
            ("a|ab", "abab", ["a", "a"]), ("ab|a", "aba", ["ab", "a"]), ("^a", "aa", ["a"]), ("a$", "aa", ["a"]),
            ("(a)\\1", "aaaaa", ["aa", "aa"]), ("(?<=\\$)\\d+", "$12 13 $4", ["12", "4"]),
            ("é+", "xéé🐲é", ["éé", "é"]),
            (".", "a🐲\nb", ["a", "🐲", "b"]), ("x*", "axxb", ["", "xx", "", ""]), ("", "é", ["", ""]),
            ("q", "banana", []),
            ("(?:(x)|y)+", "xyx", ["xyx"]), ("\\b\\w", "ab cd", ["a", "c"]), ("(?i:AB)", "abAb", ["ab", "Ab"]),
            ("foo", "foofoo", ["foo", "foo"]), ("a.*b", "a1b2b3\nab", ["a1b2b", "ab"]),
        ] as [(String, String, [String])]) func findsWhatV8Finds(pattern: String, text: String, expected: [String])
        throws
    {
        let ranges = try #require(try ECMARegexFinder(pattern).ranges(in: text))
        let bytes = Array(text.utf8)
        #expect(ranges.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
    }

    @Test func givesUpAtTheLimitOfSteps() throws {
        let finder = try ECMARegexFinder("(?:a+)+b")
        #expect(finder.ranges(in: String(repeating: "a", count: 3000)) == nil)
    }

    /// There is a match exactly where the search says so.
    @Test func agreesWithTheSearch() throws {
        for pattern in ["a*b", "(a|b)+c", "^$", "[^a]", "a(?!b)", "(?<!a)b", "(a)?\\1c", "x{2,3}"] {
            let (finder, regex) = (try ECMARegexFinder(pattern), try ECMARegex(pattern))
            for text in ["", "a", "b", "ab", "aab", "abc", "ccc", "xx", "axxxxb", "ba", "é"] {
                let ranges = try #require(finder.ranges(in: text))
                #expect(ranges.isEmpty == !regex.matches(text), "\(pattern) in \(text)")
            }
        }
    }
}
