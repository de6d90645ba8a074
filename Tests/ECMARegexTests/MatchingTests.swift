// SPDX-License-Identifier: Apache-2.0

import ECMARegex
import Testing

@Suite struct MatchingTests {
    /// Pattern, texts that match, texts that do not.
    typealias Row = (pattern: String, yes: [String], no: [String])

    @Test(
        arguments: [
            ("", ["", "x"], []), ("abc", ["abc", "xabcx"], ["ab", ""]), ("^$", [""], ["x"]),
            ("a|bc", ["a", "bc"], ["b"]),
            ("^a.c$", ["abc", "a🐲c"], ["a\nc", "a\u{2028}c", "ac"]), ("^.*$", ["", "é"], ["a\n", "\r"]),
            ("^(?:ab)*$", ["", "abab"], ["aba"]), ("^a+?$", ["a", "aa"], [""]),
            ("^(a|ab)(c|bcd)$", ["abcd", "ac"], ["ab"]),
            ("^[^a]$", ["b", "é", "\n"], ["a"]), ("[]", [], ["", "a"]), ("^[^]$", ["\n", "🐲"], [""]),
            ("^x-", ["x-a", "x-"], ["ax-"]), ("end$", ["end", "the end"], ["end\n"]),
            ("^(get|put)$", ["put"], ["puts"]),
            ("^a$|^bc$", ["a", "bc"], ["abc"]), ("^foo.*", ["foo"], ["fo"]), (".*foo.+", ["xfooy"], ["foo"]),
            ("^[a-z]+[0-9]*-?x$", ["abx", "a1-x", "a1x"], ["a1-"]),
            (#"^[a-z][a-z0-9]*$"#, ["a", "a1"], ["1a", ""]), (#"^.{2,3}$"#, ["éé", "🐲🐲🐲"], ["é", "abcd"]),
        ] as [Row]) func basics(row: Row) throws
    { try check(row) }

    @Test(
        arguments: [
            (#"\bfoo\b"#, ["a foo b", "foo"], ["food", "_foo"]), (#"^\B.\B$"#, ["-", "é"], ["a"]),
            (#"^\d\D\w\W$"#, ["1a_-"], ["aa_-", "߀a_-"]),
            (#"^\s$"#, ["\u{FEFF}", "\u{A0}", "\u{2003}", "\u{B}"], ["\u{1}"]),
            (#"^[\d-x]$"#, ["-", "x", "5"], ["y"]), (#"^\cJ\x41\u{1F432}\ud83d\udc32\0$"#, ["\nA🐲🐲\0"], ["\nA🐲🐲"]),
            (#"^[\u{1F430}-\u{1F440}]$"#, ["🐲"], ["🐉\u{0}", "a"]), (#"\ud83d"#, [], ["🐲"]),
            (#"^\p{Lu}\P{Lu}\p{Script=Greek}\p{L}$"#, ["Aaαб"], ["aaαб"]), (#"^\p{scx=Deva}$"#, ["\u{964}"], ["a"]),
            (#"^\p{Emoji}\p{Any}\p{ASCII}\p{Assigned}$"#, ["🐲éaa"], ["🐲éé\u{E01F0}"]), (#"^\p{sc=Han}$"#, ["日"], ["か"]),
        ] as [Row]) func escapes(row: Row) throws
    { try check(row) }

    @Test(
        arguments: [
            (#"^(a+)b\1$"#, ["aabaa"], ["aaba"]), (#"^(?<q>['"]).*\k<q>$"#, ["'x'", "\"\""], ["'x\""]),
            (#"^(?:(?<n>a)|(?<n>b))\k<n>$"#, ["aa", "bb"], ["ab"]), (#"^\1(a)$"#, ["a"], ["aa"]),
            (#"^(?:(a)|b)*\1$"#, ["ab", "b", "aa"], ["c"]), (#"(?<=(\w)\1)x"#, ["ax"], ["x"]),
            (#"^(?=.*[a-z])(?=.*\d).{8,}$"#, ["password1"], ["password", "PASSWORD1", "pass1"]),
            (#"^(?!-)[a-z-]+(?<!-)$"#, ["a-b"], ["-a", "a-"]), (#"(?<=\$)\d+"#, ["$5"], ["5"]),
            (#"(?<!\$)\b\d"#, ["5"], ["$5"]),
            (#"a(?=b(?!c))"#, ["abd"], ["abc"]), (#"(?=(a+))a*b\1"#, ["abaaab"], ["b"]),
            (#"^(?:(?=(a))a|b)+$"#, ["abab"], ["abc"]),
            ("^(?i:straße K)$", ["STRAßE k", "straẞe \u{212A}"], ["strasse k"]),
            ("^(?s:.)(?m:^a$)", ["\na\nb"], ["\nb"]),
            ("(?i:(a))\\1", ["aa", "AA"], ["Aa"]), (#"(?i:(a)\1)"#, ["aA"], ["ab"]), ("(?i:[^x])", ["y"], ["X", "x"]),
        ] as [Row]) func referencesLooksAndModifiers(row: Row) throws
    { try check(row) }

    /// The groups, texts and answers of JSON-Schema-Test-Suite, tests/draft2020-12: pattern.json, patternProperties.json,
    /// optional/ecmascript-regex.json and optional/non-bmp-regex.json.
    @Test(
        arguments: [
            ("^a*$", ["aaa"], ["abc"]), ("a+", ["xxaayy"], []), ("f.*o", ["foo", "foooooo"], ["bar"]),
            ("aaa*", ["aaaa"], ["a"]),
            ("[0-9]{2,}", ["a31b"], ["answer 1"]), ("X_", ["a_X_3"], ["a_x_3"]), ("^.*bar$", ["foobar"], ["bars"]),
            ("^abc$", ["abc"], ["abc\n"]), (#"^\t$"#, ["\t"], [#"\t"#]), (#"^\cC$"#, ["\u{3}"], [#"\cC"#]),
            (#"^\cc$"#, ["\u{3}"], [#"\cc"#]), (#"^\d$"#, ["0"], ["\u{7C0}"]), (#"^\D$"#, ["\u{7C0}"], ["0"]),
            (#"^\w$"#, ["a"], ["é"]), (#"^\W$"#, ["é"], ["a"]),
            (
                #"^\s$"#, [" ", "\t", "\u{B}", "\u{C}", "\u{A0}", "\u{FEFF}", "\n", "\u{2029}", "\u{2003}"],
                ["\u{1}", "\u{2013}"]
            ),
            (
                #"^\S$"#, ["\u{1}", "\u{2013}"],
                [" ", "\t", "\u{B}", "\u{C}", "\u{A0}", "\u{FEFF}", "\n", "\u{2029}", "\u{2003}"]
            ),
            (#"\p{Letter}cole"#, ["l'ecole", "l'école"], ["L'ÉCOLE"]),
            (#"\wcole"#, ["l'ecole"], ["l'école", "L'ÉCOLE"]),
            ("[a-z]cole", ["l'ecole"], ["l'école"]), (#"^\d+$"#, ["42"], ["-%#", "৪২"]),
            (#"^\p{digit}+$"#, ["42", "৪২"], ["-%#"]),
            ("^🐲*$", ["", "🐲", "🐲🐲"], ["🐉", "🐉🐉", "D", "DD"]),
        ] as [Row]) func schemaTestSuite(row: Row) throws
    { try check(row) }

    private func check(_ row: Row, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let regex = try ECMARegex(row.pattern)
        // Often enough that the automaton answers too.
        for _ in 0..<40 {
            for text in row.yes {
                #expect(regex.search(text) == .match, "\(row.pattern) \(text)", sourceLocation: sourceLocation)
            }
            for text in row.no {
                #expect(regex.search(text) == .noMatch, "\(row.pattern) \(text)", sourceLocation: sourceLocation)
            }
        }
    }
}
