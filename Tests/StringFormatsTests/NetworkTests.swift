// SPDX-License-Identifier: Apache-2.0

import StringFormats
import Testing

@Suite struct NetworkTests {
    private static let longLabel = String(repeating: "a", count: 63)
    private static let longName = "\(longLabel).\(longLabel).\(longLabel).\(String(repeating: "b", count: 61))"

    @Test(arguments: [
        FormatCase(
            format: .ipv4,
            valid: ["0.0.0.0", "255.255.255.255", "192.0.2.1", "1.20.199.249"],
            invalid: [
                "256.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4", "1.2.3.00", "1.2.3.1000",
                "0x7f.0.0.1", "2130706433", "1.2.3.4/24", "1.2.3.a", "-1.2.3.4", "1,2,3,4", "1.2.3.4.", "300.1.1.1",
            ]),
        FormatCase(
            format: .ipv6,
            valid: [
                "::", "::1", "1::", "2001:db8::1", "2001:DB8::A", "1:2:3:4:5:6:7:8", "1::3:4:5:6:7:8",
                "::2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::", "0000:0000:0000:0000:0000:0000:0000:0000", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4",
                "::1.2.3.4", "1::1.2.3.4", "1:2:3:4:5::1.2.3.4", "::2:3:4:5:6:1.2.3.4",
                "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
            ],
            invalid: [
                ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1::",
                "1:::2",
                "12345::", "g::", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8", "1.2.3.4", "::1.2.3", "::1.2.3.256", "::01.2.3.4",
                "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "::1.2.3.4:5", "::1.2.3.4.5", "::abcd.2.3.4",
                "fe80::1%eth0",
                "fe80::/64", "[::1]", "1:2:3:4::5:6:7:8:9", "::.1.2.3",
            ]),
        FormatCase(
            format: .hostname,
            valid: [
                "localhost", "www.example.com", "a", "1", "1host", "host-name", "a.b.c", "127.0.0.1", "EXAMPLE.com",
                longLabel,
                longName, "ab--cd.example", "r3---sn.example", "xn--4gbwdl.xn--wgbh1c", "XN--4GBWDL", "xn--zca",
            ],
            invalid: [
                ".", ".a", "a.", "a..b", "-a", "a-", "a.-b", "a-.b", "a_b", "a b", "a/b", "a:80", "é.com",
                longLabel + "a",
                longName + "c", "xn--", "xn--a", "xn--X", "xn---", "xn---a", "xn--abc-", "xn--99999999", "xn--ls8h",
                "XN--aa---o47jg78q", "a.xn--al-0ea", "xn--hello-zed",
            ]),
        FormatCase(
            format: .email,
            valid: [
                "joe.bloggs@example.com", "a@b", "a+b@example.com", "!#$%&'*+-/=?^_`{|}~@example.com",
                "\"joe bloggs\"@example.com", "\"\"@example.com", "\"a@b..c\"@example.com",
                "\"a\\\"b\\\\c\\ \"@example.com",
                "a@[127.0.0.1]", "a@[IPv6:::1]", "a@[ipv6:2001:db8::1]", "a@127.0.0.1", "a@c--n.com",
                String(repeating: "a", count: 64) + "@example.com", "a@" + longName,
            ],
            invalid: [
                "a", "@", "a@", "@b", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b c", "a@b@c", "a@-b", "a@b-", "a@b.",
                "a@.b", "a@b_c",
                "a@b=c", "\"a@b", "\"a\"b@c", "a\"b\"@c", "\"a\\\"@b", "\"\\", "\"\u{1}\"@b", "\"a\\\u{7F}\"@b",
                "a@[127.0.0.300]",
                "a@[127.0.0.1", "a@127.0.0.1]", "a@[]", "a@[::1]", "a@[IPv6:]", "a@[IPv6:1.2.3.4]", "a@[tag:x]",
                "a@[127.0.0.1]x",
                "a(b)@c", "a,b@c", "A <a@b>", "é@example.com", "a@é.com",
                String(repeating: "a", count: 65) + "@example.com",
                "a@xn--a",
            ]),
        FormatCase(
            format: .idnEmail,
            valid: [
                "joe.bloggs@example.com", "실례@실례.테스트", "é@example.com", "a.é@bücher.example", "\"é \\\"\"@b",
                "a@[127.0.0.1]",
                "a@c--n.com", "a@bu\u{308}cher.example",
            ],
            invalid: ["실례", "실례@", "é..a@b", "a@é。com", "a@\u{300}b", "a@B\u{FC}cher.example", "\"\\é\"@b", "a＠b"]),
    ]) func followsTheGrammar(formatCase: FormatCase) { formatCase.check() }

    @Test func uuids() {
        FormatCase(
            format: .uuid,
            valid: [
                "123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000",
                "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "abcdefAB-CDEF-0123-4567-89abcdefABCD",
            ],
            invalid: [
                "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}",
                "123e4567-e89b-12d3-a456-42661417400", "123e4567-e89b-12d3-a456-4266141740000",
                "123e4567_e89b-12d3-a456-426614174000", "123e456-7e89b-12d3-a456-426614174000",
            ]
        ).check()
    }

    @Test func everyByteOfAUUIDCounts() {
        let uuid = Array("123e4567-e89b-12d3-a456-426614174000".utf8)
        for index in uuid.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = uuid
                changed[index] = byte
                let isHexDigit = byte < 0x80 && Character(Unicode.Scalar(byte)).isHexDigit
                let expected = uuid[index] == UInt8(ascii: "-") ? byte == UInt8(ascii: "-") : isHexDigit
                changed.withUnsafeBufferPointer {
                    #expect(StringFormat.uuid.accepts($0) == expected, "\(index) \(byte)")
                }
            }
        }
    }
}
