// SPDX-License-Identifier: Apache-2.0

import Testing

// Internal: Punycode and normalization show in no public answer by themselves.
@testable import StringFormats

@Suite struct InternationalNameTests {
    @Test func followsTheRulesOfLabels() {
        FormatCase(
            format: .idnHostname,
            valid: [
                "실례.테스트", "bücher.example", "münchen.de", "faß.de", "βόλος.com", "例え.テスト", "www.example.com", "a。b．c｡d",
                "xn--bcher-kva.example", "ab--cd", "ß\u{3C2}\u{F0B}\u{3007}", "\u{6FD}\u{6FE}", "à", "ệ",
                String(repeating: "a", count: 63), String(repeating: "ü", count: 55),
            ],
            invalid: [
                "", ".", "。", "ü.", ".ü", "ü..ü", "-ü", "ü-", "üa--b", "aü--b", "Bücher.example", "bücher.EXAMPLE_",
                "ü ü", "☃.example",
                "\u{300}a", "\u{903}a", "\u{488}a", "\u{640}\u{7FA}", "\u{3031}", "a\u{302E}b", "\u{1100}\u{1161}", "ａ",
                "ﬁ", "Ⅳ",
                "a\u{AD}b", "a\u{200B}b", "\u{E000}", "\u{10FFFF}", "\u{378}", "xn--a", "XN--aa---o47jg78q", "xn--ls8h",
                String(repeating: "a", count: 64), String(repeating: "ü", count: 60),
                Array(repeating: String(repeating: "ü", count: 50), count: 5).joined(separator: "."),
            ]
        ).check()
    }

    /// RFC 5892 appendix A.
    @Test func followsTheRulesOfContext() {
        FormatCase(
            format: .idnHostname,
            valid: [
                "l·l", "α\u{375}β", "א\u{5F3}ב", "א\u{5F4}ב", "\u{30FB}ぁ", "\u{30FB}ァ", "丈\u{30FB}", "ب\u{660}ب",
                "\u{6F0}0",
                "\u{915}\u{94D}\u{200D}\u{937}", "\u{915}\u{94D}\u{200C}\u{937}", "بي\u{200C}بي",
                "ب\u{64B}\u{200C}\u{64B}ا",
            ],
            invalid: [
                "a·l", "l·a", "·l", "l·", "L·l", "α\u{375}", "α\u{375}a", "\u{5F3}ב", "\u{5F4}", "def\u{30FB}abc",
                "\u{30FB}",
                "ب\u{660}\u{6F0}", "\u{915}\u{200D}\u{937}", "\u{200D}\u{937}", "a\u{200C}b", "ا\u{200C}ب", "ب\u{200C}",
                "\u{200C}ب",
            ]
        ).check()
    }

    /// RFC 5893 §2, in whole names.
    @Test func followsTheRuleOfDirection() {
        FormatCase(
            format: .idnHostname,
            valid: ["אבג", "אבג.com", "a1.אבג", "א1", "א\u{660}", "xn--4dbcagdahymbxekheh6e0a7fei0b", "אבג.אבג"],
            invalid: ["1אב", "אa", "aא", "א1\u{660}", "1a.אבג", "אבג.1", "\u{660}א", "1.xn--4dbc5h"]
        ).check()
    }

    /// Unicode normalization form C.
    @Test func refusesWhatIsNotComposed() {
        FormatCase(
            format: .idnHostname,
            valid: [
                "\u{E9}", "\u{1EC7}", "q\u{323}\u{307}", "\u{995}\u{9CB}", "\u{1F06}", "x\u{301}",
            ],
            invalid: [
                "e\u{301}", "e\u{323}\u{302}", "\u{EA}\u{323}", "\u{1EB9}\u{302}", "q\u{307}\u{323}", "\u{9C7}\u{9BE}",
                "\u{958}",
                "\u{1F00}\u{342}", "\u{3B1}\u{345}", "か\u{3099}",
            ]
        ).check()
    }

    /// RFC 3492 §7.1, and names in use.
    @Test(arguments: [
        ("bücher", "bcher-kva"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"), ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
        ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"), ("パフィーdeルンバ", "de-jg4avhby1noc0d"),
        ("ü", "tda"),
        ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"), ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
    ]) func punycodeGoesBothWays(text: String, encoded: String) {
        let scalars = text.unicodeScalars.map(\.value)
        #expect(Punycode.decode(encoded.unicodeScalars.map(\.value)[...]) == scalars)
        #expect(Punycode.encodedLength(of: scalars) == encoded.utf8.count)
    }

    @Test(arguments: ["-", "-a", "!", "99999999", "zzzzzzzzzzzzzzzzzzzzzzzzzzz", "é", "a-b-", "ab-c-!"])
    func whatIsNoPunycodeIsRefused(text: String) {
        let decoded = Punycode.decode(text.unicodeScalars.map(\.value)[...])
        #expect(decoded == nil || text == "a-b-")
    }

    @Test func tablesAreSorted() {
        #expect(zip(IDNATables.propertyRuns, IDNATables.propertyRuns.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(IDNATables.compositions, IDNATables.compositions.dropFirst()).allSatisfy { $0 < $1 })
        #expect(IDNATables.composition(of: 0x65, and: 0x301) == 0xE9)
        #expect(IDNATables.decomposition(of: 0xE9).map { [$0.first, $0.second] } == [0x65, 0x301])
    }

    /// The pairs agree with the canonical equivalence that the standard library knows.
    @Test func compositionsAreCanonicallyEquivalent() throws {
        for entry in IDNATables.compositions {
            let parts = try [entry >> 21 & 0x1F_FFFF, entry >> 42].map { try #require(Unicode.Scalar(UInt32($0))) }
            let composite = try #require(Unicode.Scalar(UInt32(entry & 0x1F_FFFF)))
            var text = String.UnicodeScalarView()
            text.append(contentsOf: parts)
            #expect(String(text) == String(Character(composite)))
        }
    }
}
