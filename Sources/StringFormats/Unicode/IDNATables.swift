// SPDX-License-Identifier: Apache-2.0

/// Properties that RFC 5892 and RFC 5893 need and the standard library does not have. Only answers for characters that
/// labels may have mean something.
enum IDNATables {
    /// Bidi_Class (UAX #9).
    enum Bidi: UInt32 {
        case left, right, arabicLetter, europeanNumber, arabicNumber, nonspacing, europeanSeparator, neutral
    }

    /// Joining_Type (UAX #44).
    enum Joining: UInt32 {
        case none, left, right, dual, transparent, causing
    }

    /// Script (UAX #24), as far as RFC 5892 asks for it.
    enum Script: UInt32 {
        case other, greek, hebrew, hiragana, katakana, han
    }

    struct Properties {
        let bidi: Bidi
        let joining: Joining
        let script: Script
    }

    /// An entry of `propertyRuns` has the first scalar of a run in the bits from 9 on, and three fields of three bits.
    static func properties(of scalar: UInt32) -> Properties {
        let entry = propertyRuns[countNotAfter(scalar << 9 | 0x1FF, in: propertyRuns) - 1]
        return Properties(
            bidi: Bidi(rawValue: entry & 7) ?? .neutral, joining: Joining(rawValue: entry >> 3 & 7) ?? .none,
            script: Script(rawValue: entry >> 6 & 7) ?? .other)
    }

    /// An entry of `compositions` has the second character, the first one and what they make, 21 bits each.
    static func composition(of first: UInt32, and second: UInt32) -> UInt32? {
        let key = UInt64(second) << 42 | UInt64(first) << 21
        let count = countNotAfter(key | 0x1F_FFFF, in: compositions)
        guard count > 0, compositions[count - 1] & ~0x1F_FFFF == key else { return nil }
        return UInt32(compositions[count - 1] & 0x1F_FFFF)
    }

    static func isSecondOfComposition(_ scalar: UInt32) -> Bool {
        let count = countNotAfter(UInt64(scalar) << 42 | 0x3FF_FFFF_FFFF, in: compositions)
        return count > 0 && compositions[count - 1] >> 42 == scalar
    }

    static func decomposition(of scalar: UInt32) -> (first: UInt32, second: UInt32)? {
        let count = countNotAfter(UInt64(scalar) << 32 | 0xFFFF_FFFF, in: decompositions)
        guard count > 0, decompositions[count - 1] >> 32 == scalar else { return nil }
        let entry = compositions[Int(decompositions[count - 1] & 0xFFFF_FFFF)]
        return (UInt32(entry >> 21 & 0x1F_FFFF), UInt32(entry >> 42))
    }

    /// What compositions make, in the bits from 32 on, and their places in `compositions`; sorted.
    private static let decompositions: [UInt64] = compositions.enumerated()
        .map { ($0.element & 0x1F_FFFF) << 32 | UInt64($0.offset) }.sorted()

    /// How many of the sorted entries are not greater than `bound`.
    private static func countNotAfter<Entry: Comparable>(_ bound: Entry, in entries: [Entry]) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle] <= bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
