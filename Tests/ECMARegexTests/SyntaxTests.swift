// SPDX-License-Identifier: Apache-2.0

import ECMARegex
import Testing

@Suite struct SyntaxTests {
    @Test(arguments: [
        "", "a|b", "|", "(?:)", "()", "[]", "[^]", "[-a]", "[a-]", "[^^]", "a{2}", "a{2,}", "a{2,3}?", "a??",
        #"\."#, #"\/"#, #"[\-]"#, #"\cA"#, #"\x41"#, #"\u0041"#, #"\u{10FFFF}"#, #"\ud83d\udc32"#, #"\0"#, #"[\b]"#,
        #"(a)\1"#, #"\1(a)"#, #"(?<n>a)\k<n>"#, #"(?<n>a)|(?<n>b)"#, #"(?<\u{61}b>x)"#, "(?=a)", "(?!a)", "(?<=a)",
        "(?<!a)", "(?i:a)", "(?i-s:a)", "(?-m:a)", #"\p{L}"#, #"\p{Script=Greek}"#, #"\p{scx=Deva}"#, #"\P{Lu}"#,
        #"\p{gc=Decimal_Number}"#, #"\p{White_Space}"#, #"([abc])+\s+$"#, "a{99999999999999999999}",
    ]) func acceptsUnicodeMode(pattern: String) {
        #expect(ECMARegex.isValid(pattern))
        #expect(throws: Never.self) { try ECMARegex(pattern, dialect: .strict) }
    }

    @Test(arguments: [
        "(", ")", "^(abc]", "[", "[b-a]", "*", "a**", "a{3,2}", "{1}", "a{,5}", "^*", "(?=a)*", #"\b+"#, #"\"#, #"\a"#,
        #"\A"#, #"\Z"#, #"\z"#, #"^\S(|(.|\n)*\S)\Z"#, #"\c1"#, #"\x4"#, #"\u41"#, #"\u{110000}"#, #"\u{}"#, #"\00"#,
        #"\1"#, #"(a)\2"#, #"\k<n>"#, #"(?<n>a)\k<m>"#, "(?<n>a)(?<n>b)", "(?<1>a)", "(?<>a)", "(?P<n>a)", "(?i)a",
        "(?ii:a)", "(?-:a)", "(?i-i:a)", "(?>a)", #"\p{IsGreek}"#, #"\p{l}"#, #"\p"#, #"\p{Script=}"#, #"[\B]"#,
        "(?<n", #"(?<n>a)\k"#, "a++",
    ]) func refusesWhatBothDialectsRefuse(pattern: String) {
        #expect(!ECMARegex.isValid(pattern))
        #expect(throws: ECMARegexError.self) { try ECMARegex(pattern) }
    }

    @Test(arguments: [
        (#"^\-\_\@\"\ $"#, "-_@\" "), ("^{a}$", "{a}"), ("^a]$", "a]"), (#"^[\w-.]+$"#, "a-."), (#"^[\@]$"#, "@"),
    ]) func lenientTakesWhatNeedsNoEscape(pattern: String, text: String) throws {
        #expect(!ECMARegex.isValid(pattern))
        #expect(throws: ECMARegexError.self) { try ECMARegex(pattern, dialect: .strict) }
        #expect(try ECMARegex(pattern).matches(text))
    }

    @Test func errorSaysWhereAndWhy() throws {
        let error = try #require(throws: ECMARegexError.self) { try ECMARegex(#"é(\Z)"#) }
        #expect(error.offset == 3)
        #expect(error.message == #"\Z is no escape of ECMA-262"#)
    }

    @Test func refusesWhatWouldNotFit() {
        // Repeating one character takes one step, so this comes to a thousand.
        #expect(throws: Never.self) { try ECMARegex("(a{1000}){1000}\\1") }
        #expect(throws: ECMARegexError.self) { try ECMARegex("((ab){1000}){1000}") }
        #expect(throws: ECMARegexError.self) { try ECMARegex(String(repeating: "(", count: 101)) }
        #expect(throws: ECMARegexError.self) { try ECMARegex(String(repeating: "()", count: 1001)) }
        #expect(throws: Never.self) { try ECMARegex("(?:(?:(?:){9999}){9999}){9999}") }
        #expect(throws: Never.self) { try ECMARegex(#"^[\s\S]{0,1000000}$"#) }
    }
}
