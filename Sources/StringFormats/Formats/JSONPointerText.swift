// SPDX-License-Identifier: Apache-2.0

enum JSONPointerText {
    /// RFC 6901 §3: empty, or tokens that start with `/`, where `~` only comes as `~0` or `~1`.
    static func isPointer(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        guard start < bytes.count else { return true }
        guard bytes[start] == UInt8(ascii: "/") else { return false }
        for index in start + 1..<bytes.count where bytes[index] == UInt8(ascii: "~") {
            guard index + 1 < bytes.count, bytes[index + 1] | 1 == UInt8(ascii: "1") else { return false }
        }
        return true
    }

    /// draft-bhutton-relative-json-pointer-00 §3: a number, a step to a sibling such as `+1`, which drafts before
    /// 2020-12 did not have, then `#` or a pointer.
    static func isRelativePointer(_ bytes: Span<UInt8>) -> Bool {
        var position = 0
        guard takeNumber(bytes, at: &position) else { return false }
        if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
            position += 1
            guard takeNumber(bytes, at: &position) else { return false }
        }
        if position + 1 == bytes.count, bytes[position] == UInt8(ascii: "#") { return true }
        return isPointer(bytes, from: position)
    }

    /// Reads `0`, or digits that do not start with 0.
    private static func takeNumber(_ bytes: Span<UInt8>, at position: inout Int) -> Bool {
        let start = position
        while position < bytes.count, bytes[position].isDigit { position += 1 }
        return position > start && (position == start + 1 || bytes[start] != UInt8(ascii: "0"))
    }
}
