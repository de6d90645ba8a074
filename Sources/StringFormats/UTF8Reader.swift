// SPDX-License-Identifier: Apache-2.0

enum UTF8Reader {
    /// The scalar that starts at `position`, which is moved behind it; `nil` when the bytes are not UTF-8 (RFC 3629 §4).
    static func next(_ bytes: Span<UInt8>, at position: inout Int) -> UInt32? {
        let first = bytes[position]
        let (length, smallest): (Int, UInt32)
        switch first {
        case 0..<0x80:
            position += 1
            return UInt32(first)
        case 0xC2...0xDF: (length, smallest) = (2, 0x80)
        case 0xE0...0xEF: (length, smallest) = (3, 0x800)
        case 0xF0...0xF4: (length, smallest) = (4, 0x10000)
        default: return nil
        }
        guard position + length <= bytes.count else { return nil }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for index in position + 1..<position + length {
            guard bytes[index] & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(bytes[index] & 0x3F)
        }
        let isSurrogate = scalar & 0xFFFF_F800 == 0xD800
        guard scalar >= smallest, scalar <= 0x10FFFF, !isSurrogate else { return nil }
        position += length
        return scalar
    }
}
