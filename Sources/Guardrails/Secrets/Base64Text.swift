// SPDX-License-Identifier: Apache-2.0

/// Reads base64 and base64url (RFC 4648 §4 and §5), with or without `=` at its end.
enum Base64Text {
    /// - Returns: `nil` when a byte is of neither alphabet, or a single character is left over.
    static func decoded(_ characters: some Collection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(characters.count * 3 / 4)
        var bits: UInt32 = 0
        var width = 0
        for byte in characters {
            if byte == UInt8(ascii: "=") { break }
            guard let value = value(byte) else { return nil }
            bits = bits << 6 | value
            width += 6
            if width >= 8 {
                width -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(width)))
            }
        }
        return width == 6 ? nil : result
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - 0x41)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - 0x61 + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - 0x30 + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
