// SPDX-License-Identifier: Apache-2.0

/// Reads code points from bytes that should be UTF-8, and stays within them if they are not.
///
/// A byte that begins no well-formed sequence reads as U+FFFD, alone.
enum UTF8Cursor {
    /// - Precondition: `position` is within `bytes`.
    @inline(__always)
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (codePoint: UInt32, length: Int) {
        let first = bytes[position]
        if first < 0x80 { return (UInt32(first), 1) }
        return decodeLonger(bytes, at: position, first: UInt32(first))
    }

    @inline(never)
    private static func decodeLonger(
        _ bytes: UnsafeBufferPointer<UInt8>, at position: Int, first: UInt32
    ) -> (codePoint: UInt32, length: Int) {
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, length <= bytes.count &- position else { return (0xFFFD, 1) }
        var value = first & (0x7F >> UInt32(length))
        for index in 1..<length {
            let next = UInt32(bytes[position &+ index])
            guard next & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | next & 0x3F
        }
        return (value, length)
    }

    /// The code point that ends at `position`.
    ///
    /// - Precondition: `position` is above 0 and at most the number of bytes.
    @inline(__always)
    static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, endingAt position: Int
    ) -> (codePoint: UInt32, length: Int) {
        let last = bytes[position &- 1]
        if last < 0x80 { return (UInt32(last), 1) }
        return decodeLonger(bytes, endingAt: position)
    }

    @inline(never)
    private static func decodeLonger(
        _ bytes: UnsafeBufferPointer<UInt8>, endingAt position: Int
    ) -> (codePoint: UInt32, length: Int) {
        for length in 2...4 where length <= position {
            let first = bytes[position - length]
            if first & 0xC0 == 0x80 { continue }
            let decoded = decodeLonger(bytes, at: position - length, first: UInt32(first))
            if first >= 0x80, decoded.length == length { return decoded }
            break
        }
        return (0xFFFD, 1)
    }
}
