// SPDX-License-Identifier: Apache-2.0

/// The rules of escapes in strings: RFC 8259 §7.
enum JSONEscape {
    /// The byte that `\` and `letter` stand for; 0 for `u` and for what is no escape.
    @inline(__always) static func decoded(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: 0
        }
    }

    /// The letter that stands for `byte` behind a backslash; 0 for a byte that takes the long form.
    @inline(__always) static func letter(for byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: 0
        }
    }

    /// The high bit of each byte that is a quote, a backslash or below 0x20, the bytes that cannot stand for themselves.
    /// Above the lowest bit set there may be false ones, as a borrow runs upwards.
    @inline(__always) static func stops(in word: UInt64) -> UInt64 {
        // Exclusive or with 2 puts the quote below 0x21, where the control characters stay.
        let quoteOrControl = (word ^ 0x0202_0202_0202_0202) &- 0x2121_2121_2121_2121
        let slash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
        return (quoteOrControl | slash) & ~word & 0x8080_8080_8080_8080
    }

    static func hexValue(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    static func isHigh(_ unit: UInt32) -> Bool { (0xD800..<0xDC00).contains(unit) }
    static func isLow(_ unit: UInt32) -> Bool { (0xDC00..<0xE000).contains(unit) }

    static func scalar(high: UInt32, low: UInt32) -> UInt32 { 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00) }

    /// Writes a scalar value as UTF-8; the caller has excluded surrogates.
    ///
    /// - Returns: how many bytes it takes, up to four.
    static func put(_ scalar: UInt32, at target: UnsafeMutablePointer<UInt8>) -> Int {
        let length = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
        if length == 1 {
            unsafe target[0] = UInt8(truncatingIfNeeded: scalar)
        } else {
            let mark: UInt32 = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0
            unsafe target[0] = UInt8(truncatingIfNeeded: mark | scalar >> UInt32(6 * (length - 1)))
            for index in 1..<length {
                let trail = 0x80 | scalar >> UInt32(6 * (length - 1 - index)) & 0x3F
                unsafe target[index] = UInt8(truncatingIfNeeded: trail)
            }
        }
        return length
    }
}

/// Checks UTF-8 one byte at a time: the table of RFC 3629 §4.
struct UTF8Checker: Sendable {
    /// Bytes of the open sequence that are still to come.
    private var missing = 0
    /// Bytes of the open sequence that have come.
    private(set) var received = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    var isInsideSequence: Bool { missing > 0 }

    mutating func accepts(_ byte: UInt8) -> Bool {
        guard missing > 0 else { return starts(byte) }
        guard (low...high).contains(byte) else { return false }
        (low, high) = (0x80, 0xBF)
        missing -= 1
        received += 1
        return true
    }

    private mutating func starts(_ byte: UInt8) -> Bool {
        (low, high, received) = (0x80, 0xBF, 1)
        switch byte {
        case 0..<0x80: missing = 0
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, low) = (2, 0xA0)
        case 0xED: (missing, high) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, low) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, high) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
