// SPDX-License-Identifier: Apache-2.0

/// Addresses as text.
enum IPAddress {
    /// `dotted-quad` of RFC 2673 §3.2: four numbers to 255. No leading zeros, which some readers take for octal.
    static func isIPv4(_ bytes: Span<UInt8>) -> Bool {
        isIPv4(bytes, from: 0)
    }

    private static func isIPv4(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        guard bytes.count - start >= 7, bytes.count - start <= 15 else { return false }
        var position = start
        for part in 0..<4 {
            if part > 0 {
                guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return false }
                position += 1
            }
            let first = position
            var value = 0
            while position < bytes.count, position - first < 3, bytes[position].isDigit {
                value = value * 10 + Int(bytes[position] &- 0x30)
                position += 1
            }
            let hasLeadingZero = position - first > 1 && bytes[first] == UInt8(ascii: "0")
            guard position > first, value <= 255, !hasLeadingZero else { return false }
        }
        return position == bytes.count
    }

    /// RFC 4291 §2.2, all three forms. A zone (RFC 4007 §11) is not part of an address.
    static func isIPv6(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 2, bytes.count <= 45 else { return false }
        let colon = UInt8(ascii: ":")
        var groups = 0
        var isCompressed = false
        var position = 0
        if bytes[0] == colon {
            guard bytes[1] == colon else { return false }
            isCompressed = true
            position = 2
        }
        while position < bytes.count {
            let start = position
            while position < bytes.count, bytes[position].isHexDigit { position += 1 }
            if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
                guard isIPv4(bytes, from: start) else { return false }
                groups += 2
                break
            }
            guard position > start, position - start <= 4 else { return false }
            groups += 1
            guard position < bytes.count else { break }
            guard bytes[position] == colon, position + 1 < bytes.count else { return false }
            position += 1
            if bytes[position] == colon {
                guard !isCompressed else { return false }
                isCompressed = true
                position += 1
            }
        }
        return isCompressed ? groups < 8 : groups == 8
    }
}
