// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The forms in which a secret may stand in a text.
enum SecretForms {
    static func all(of secret: [UInt8]) -> [[UInt8]] {
        var forms = [secret]
        forms += escaped(secret)
        for lowercase in [false, true] {
            forms.append(percentEncoded(secret, lowercase: lowercase, plusForSpace: false))
            forms.append(percentEncoded(secret, lowercase: lowercase, plusForSpace: true))
            forms.append(secret.flatMap { hexadecimal($0, lowercase: lowercase) })
        }
        for alphabet in [standardAlphabet, urlAlphabet] {
            forms += (0..<3).map { base64(secret, behind: $0, alphabet) }
        }
        return forms
    }

    /// `bytes` without white space around it: where a variable was read from a file with a line feed at its end.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let rest = bytes.drop(while: isSpace)
        return Array(rest[...(rest.lastIndex { !isSpace($0) } ?? rest.startIndex - 1)])
    }

    /// As a part of a JSON string (RFC 8259 §7): as the writer of this project has it, and with `\/` for `/`.
    private static func escaped(_ secret: [UInt8]) -> [[UInt8]] {
        guard let text = try? JSONValue.string(String(decoding: secret, as: UTF8.self)).serialized() else { return [] }
        let inner = Array(text.utf8.dropFirst().dropLast())
        return [inner, inner.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] }]
    }

    /// RFC 3986 §2.1: all but the unreserved characters as `%XX`; `+` for a space as forms have it.
    private static func percentEncoded(_ secret: [UInt8], lowercase: Bool, plusForSpace: Bool) -> [UInt8] {
        secret.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                [byte]
            case 0x20 where plusForSpace: [UInt8(ascii: "+")]
            default: [UInt8(ascii: "%")] + hexadecimal(byte, lowercase: lowercase)
            }
        }
    }

    private static func hexadecimal(_ byte: UInt8, lowercase: Bool) -> [UInt8] {
        let digits = Array((lowercase ? "0123456789abcdef" : "0123456789ABCDEF").utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static let standardAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The characters of base64 (RFC 4648 §4) that hang on the secret alone when `count` other bytes, modulo three, stand before
    /// it, as `user:` does in basic authentication. A character at either end that it shares with a neighbour stays: it
    /// holds at most four bits of the secret.
    private static func base64(_ secret: [UInt8], behind count: Int, _ alphabet: [UInt8]) -> [UInt8] {
        var characters: [UInt8] = []
        var bits = 0
        var width = 0
        for byte in repeatElement(0, count: count) + secret {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            width += 8
            while width >= 6 {
                width -= 6
                characters.append(alphabet[bits >> width & 63])
            }
        }
        return Array(characters.dropFirst((count * 8 + 5) / 6))
    }
}
