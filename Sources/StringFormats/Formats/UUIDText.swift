// SPDX-License-Identifier: Apache-2.0

enum UUIDText {
    /// RFC 4122 §3, of any version and variant.
    static func accepts(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count == 36 else { return false }
        let hyphen = UInt8(ascii: "-")
        guard bytes[8] == hyphen, bytes[13] == hyphen, bytes[18] == hyphen, bytes[23] == hyphen else { return false }
        // Unsafe only for elements that are no plain bytes, as the loads below; both check bounds.
        let raw = unsafe bytes.bytes
        return areHexDigits(word(raw, 0)) && areHexDigits(UInt64(half(raw, 9)) << 32 | UInt64(half(raw, 14)))
            && areHexDigits(UInt64(half(raw, 19)) << 32 | UInt64(half(raw, 24))) && areHexDigits(word(raw, 28))
    }

    private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    private static func half(_ bytes: RawSpan, _ offset: Int) -> UInt32 {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }

    /// Whether all eight bytes are hexadecimal digits. A byte below 0x80 plus 0x80 - x has its high bit set when it is
    /// x or more, and no sum carries into the next byte.
    private static func areHexDigits(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits = ones &* 0x80
        let text = word & ~highBits
        let lower = text | ones &* 0x20
        let digits = (text &+ ones &* (0x80 - 0x30)) & ~(text &+ ones &* (0x80 - 0x3A))
        let letters = (lower &+ ones &* (0x80 - 0x61)) & ~(lower &+ ones &* (0x80 - 0x67))
        return (digits | letters) & ~word & highBits == highBits
    }
}
