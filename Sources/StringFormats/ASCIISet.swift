// SPDX-License-Identifier: Apache-2.0

/// A set of ASCII characters, one bit each.
struct ASCIISet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ characters: String) {
        for byte in characters.utf8 { insert(byte) }
    }

    init(_ range: ClosedRange<UInt8>) {
        for byte in range { insert(byte) }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
    }

    func union(_ other: ASCIISet) -> ASCIISet {
        var set = self
        set.low |= other.low
        set.high |= other.high
        return set
    }

    func union(_ characters: String) -> ASCIISet { union(ASCIISet(characters)) }

    func subtracting(_ characters: String) -> ASCIISet {
        let other = ASCIISet(characters)
        var set = self
        set.low &= ~other.low
        set.high &= ~other.high
        return set
    }

    @inline(__always) func contains(_ byte: UInt8) -> Bool {
        let word = byte & 0x40 == 0 ? low : high
        return byte < 0x80 && word >> UInt64(byte & 63) & 1 == 1
    }

    static let letters = ASCIISet(0x41...0x5A).union(ASCIISet(0x61...0x7A))
    static let digits = ASCIISet(0x30...0x39)
    static let alphanumerics = letters.union(digits)
    static let hostname = alphanumerics.union("-")
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
    /// This letter in lower case; the caller knows that it is a letter, or compares with one.
    @inline(__always) var lowercased: UInt8 { self | 0x20 }
}
