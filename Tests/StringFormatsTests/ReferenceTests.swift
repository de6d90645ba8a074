// SPDX-License-Identifier: Apache-2.0

import StringFormats
import Testing

@Suite struct ReferenceTests {
    private static let absolute = [
        "a:", "A+-.9:", "https://example.com/path?query#part", "http://user:pass%20word@host:8080/", "http://host:",
        "http://",
        "file:///etc/hosts", "http://[2001:db8::7]:80/c", "http://[::ffff:1.2.3.4]", "http://[v1.a:b]", "http://[VF.~]",
        "mailto:a@b.example", "urn:example:animal:ferret:nose", "tel:+1-816-555-1212", "http://a/b?c/d?e#f/g?h", "a:/b",
        "a:b:c@d",
        "http://999.1.1.1/", "http://ex%61mple.com", "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com", "x:?", "x:#",
        "http://h?q",
        "http://h#f",
    ]
    private static let relative = [
        "//host/path", "/", "/a:b", "a", "a/b:c", "./a:b", "..", "?q", "#f", "a@b", "%41", "//", "//h:1", "a?b:c", "1",
    ]
    private static let wrong = [
        "\\\\HOST\\share", "http://a b", "http://a/ ", "a:%", "a:%4", "a:%4G", "a:%G4", "http://[::1", "http://::1]",
        "http://[]",
        "http://[::1]a", "http://[1.2.3.4]", "http://[v.a]", "http://[v1.]", "http://[fe80::1%25eth0]", "http://h:80a",
        "http://a@b@c",
        "http://[@h", "http://h:1:2", ":a", "1a:b", "+a:b", "a,b:c", "a:b#c#d", "a:^", "a:`", "a:|", "a:<>", "a:{}",
        "a:\"", "a:[",
        "http://2001:db8::7/", "a:\u{7F}", "a:\u{0}", "%:a",
    ]
    private static let international = [
        "http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://実例.example/パス", "a:\u{A0}", "a:\u{1F600}", "a:?\u{E000}",
        "a:?\u{10FFFD}", "a:é:é",
    ]
    private static let neverInternational =
        [
            "é:a", "a:\u{E000}", "a:#\u{E000}", "a:\u{80}", "a:\u{9F}",
            "a:\u{E0001}", "a:\u{202E}b",
            "a:\u{FFF0}", "http://[é::]", "http://h:é",
        ] + [0xFDD0, 0xFFFF, 0x1FFFE].map { "a:" + noncharacter($0) }

    /// Swift has no literal for these.
    private static func noncharacter(_ value: UInt32) -> String {
        Unicode.Scalar(value).map { String(Character($0)) } ?? " "
    }

    @Test(arguments: [
        FormatCase(format: .uri, valid: absolute, invalid: wrong + relative + international + neverInternational),
        FormatCase(format: .uriReference, valid: absolute + relative, invalid: wrong + international + ["é", "//é"]),
        FormatCase(
            format: .iri, valid: absolute + international,
            invalid: wrong + relative + neverInternational + ["é", "//é"]),
        FormatCase(
            format: .iriReference,
            valid: absolute + relative + international + ["é", "//é", "é/a:b", "?é", "#é", "e:é"],
            invalid: wrong + neverInternational),
        FormatCase(
            format: .uriTemplate,
            valid: [
                "http://example.com/{term:1}/{term}", "{a}", "{+a}{#a}{.a}{/a}{;a}{?a}{&a}", "{=a}{,a}{!a}{@a}{|a}",
                "{a,b*,c:9999}",
                "{a.b}", "{a%20.b_9}", "{%41}", "a%41b", "a'b", "é\u{E000}\u{1F600}", "[]", "{a:1000}", ":/?#",
            ],
            invalid: [
                "{", "}", "{}", "{a", "a}", "{a,}", "{,+a}", "{a,,b}", "{a:}", "{a:0}", "{a:01}", "{a:10000}", "{a:1x}",
                "{a**}", "{a*:1}",
                "{a..b}", "{.}", "{a.}", "{a b}", "{a-b}", "{é}", "{{a}}", "{+}", "{++a}", "{a=b}", "%", "%4", "%4G",
                "{%4}", "a b", "a\"b",
                "<a>", "a\\b", "^", "`", "|", "\u{7F}", "\u{1}",
            ]),
        FormatCase(
            format: .jsonPointer,
            valid: ["", "/", "//", "/a", "/a~0b~1c", "/~01", "/a b/\"/\\/%/^/|/é", "/0/-", "/\u{0}"],
            invalid: ["a", "#", "#/a", "0", "/~", "/~2", "/a~", "/~~0", "/~0~", "/~-1", " /a", "~0"]),
        FormatCase(
            format: .relativeJSONPointer,
            valid: [
                "0", "1", "120", "0#", "10#", "0/", "0/a~0b", "2/0/b", "0+1", "0-1#", "1+2/a", "0-0",
                "99999999999999999999999",
            ],
            invalid: [
                "", "#", "/a", "-1", "+1/a", "01", "00", "0##", "0#/a", "0a", "0~", "0/~", "0/~2", "0+", "0-", "0+01",
                "0++1", "0+1a", "1 ",
            ]),
    ]) func followsTheGrammar(formatCase: FormatCase) { formatCase.check() }
}
