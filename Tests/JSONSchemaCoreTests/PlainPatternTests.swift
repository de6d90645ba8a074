// SPDX-License-Identifier: Apache-2.0

import Testing

// Internal: which engine runs a pattern shows in no public answer.
@testable import JSONSchemaCore

@Suite struct PlainPatternTests {
    @Test(arguments: [
        "^[A-Za-z0-9_-]{1,64}$", "^\\d{4}-\\d{2}$", "^x-", "^[a-z]+$", "^a*$", "^ab?c$", "^\\w+@\\w+\\.[a-z]{2,}$", "^",
        "^$", "^a{2,}b",
        "^[+-]?\\d+$", "^[-a]$", "^v\\d+\\.\\d+$", "^[\\d.]+$",
    ]) func agreesWithTheGeneralEngine(text: String) throws {
        let plain = try #require(PlainPattern(text))
        let regex = try Regex(text).matchingSemantics(.unicodeScalar).asciiOnlyDigits().asciiOnlyWordCharacters()
        let samples = [
            "", "a", "aa", "aab", "abc", "ac", "abbc", "x-", "x-1", "X-", "2024-01", "2024-1", "me@host.org",
            "me@host.o", "-5", "+", "5", "é",
            "aé", "a\n", "v1.22", "v1", "1.2.3", "-", "a_-9", String(repeating: "a", count: 65), "\u{0}",
        ]
        for sample in samples {
            let expected = try regex.firstMatch(in: sample) != nil
            #expect(plain.matches(sample) == expected, "\(text) on \(sample)")
        }
    }

    @Test(arguments: [
        "a", "a$", "^a|b", "^(a)$", "^.$", "^[^a]$", "^a+a$", "^a*b?c$", "^a+?$", "^a{1,2}{3}$", "^\\s$", "^\\bx",
        "^é$", "^[é]$", "^[a-\\d]$",
        "^[[a]]$", "^[]$", "^a{,2}$", "^{1}$", "^a^", "^a$b", "^\\u0041$", "^[*-/]$", "^[z-a]$", "^a{3,1}$", "^[a",
        "^a{1", "^\\",
    ]) func leavesOtherShapesToTheGeneralEngine(text: String) { #expect(PlainPattern(text) == nil) }
}
