// SPDX-License-Identifier: Apache-2.0

struct CodePointRange: Sendable, Hashable {
    var lower: UInt32
    var upper: UInt32
}

/// A set of code points: a bitmap for ASCII, sorted ranges that neither touch nor overlap for the rest.
///
/// A set of ASCII characters needs no allocation.
struct CodePointSet: Sendable, Hashable {
    private(set) var low: UInt64 = 0
    private(set) var high: UInt64 = 0
    private(set) var ranges: [CodePointRange] = []

    static let last: UInt32 = 0x10FFFF

    init() {}

    init(low: UInt64, high: UInt64, ranges: [CodePointRange] = []) {
        self.low = low
        self.high = high
        self.ranges = ranges
    }

    init(_ codePoint: UInt32) {
        insert(codePoint, codePoint)
    }

    /// - Parameter sorted: ascending ranges that do not overlap.
    init(sorted: [CodePointRange]) {
        for range in sorted {
            if range.lower < 0x80 { insertASCII(range.lower, min(range.upper, 0x7F)) }
            if range.upper >= 0x80 { append(max(range.lower, 0x80), range.upper) }
        }
    }

    var isEmpty: Bool { low == 0 && high == 0 && ranges.isEmpty }
    var isASCII: Bool { ranges.isEmpty }
    var hasASCII: Bool { low | high != 0 }
    var hasEveryNonASCII: Bool { ranges.count == 1 && ranges[0] == CodePointRange(lower: 0x80, upper: Self.last) }

    /// The only member, if there is exactly one.
    var single: UInt32? {
        let count = low.nonzeroBitCount + high.nonzeroBitCount
        if count == 1, ranges.isEmpty {
            return low != 0 ? UInt32(low.trailingZeroBitCount) : 64 + UInt32(high.trailingZeroBitCount)
        }
        guard count == 0, ranges.count == 1, ranges[0].lower == ranges[0].upper else { return nil }
        return ranges[0].lower
    }

    func contains(_ codePoint: UInt32) -> Bool {
        if codePoint < 64 { return low >> UInt64(codePoint) & 1 == 1 }
        if codePoint < 128 { return high >> UInt64(codePoint &- 64) & 1 == 1 }
        var start = 0
        var end = ranges.count
        while start < end {
            let middle = (start &+ end) >> 1
            if ranges[middle].upper < codePoint { start = middle &+ 1 } else { end = middle }
        }
        return start < ranges.count && ranges[start].lower <= codePoint
    }

    func isDisjoint(with other: CodePointSet) -> Bool {
        guard low & other.low == 0, high & other.high == 0 else { return false }
        var mine = 0
        var theirs = 0
        while mine < ranges.count, theirs < other.ranges.count {
            if ranges[mine].upper < other.ranges[theirs].lower {
                mine += 1
            } else if other.ranges[theirs].upper < ranges[mine].lower {
                theirs += 1
            } else {
                return false
            }
        }
        return true
    }

    var complement: CodePointSet {
        var result = CodePointSet(low: ~low, high: ~high)
        var next: UInt32 = 0x80
        for range in ranges {
            if next < range.lower { result.ranges.append(CodePointRange(lower: next, upper: range.lower - 1)) }
            next = range.upper + 1
        }
        if next <= Self.last { result.ranges.append(CodePointRange(lower: next, upper: Self.last)) }
        return result
    }

    mutating func insert(_ lower: UInt32, _ upper: UInt32) {
        if lower < 0x80 { insertASCII(lower, min(upper, 0x7F)) }
        guard upper >= 0x80 else { return }
        let range = CodePointRange(lower: max(lower, 0x80), upper: upper)
        if let last = ranges.last, last.lower > range.lower {
            ranges = Self.merge(ranges, [range])
        } else {
            append(range.lower, range.upper)
        }
    }

    mutating func formUnion(_ other: CodePointSet) {
        low |= other.low
        high |= other.high
        if ranges.isEmpty {
            ranges = other.ranges
        } else if !other.ranges.isEmpty {
            ranges = Self.merge(ranges, other.ranges)
        }
    }

    private mutating func insertASCII(_ lower: UInt32, _ upper: UInt32) {
        if lower < 64 {
            low |= Self.bits(UInt64(lower), UInt64(min(upper, 63)))
        }
        if upper >= 64 {
            high |= Self.bits(UInt64(max(lower, 64)) - 64, UInt64(upper) - 64)
        }
    }

    /// Ones from `lower` to `upper`, both at most 63.
    private static func bits(_ lower: UInt64, _ upper: UInt64) -> UInt64 {
        ~0 << lower & ~0 >> (63 - upper)
    }

    /// - Precondition: `lower` is not below the lower end of the last range.
    private mutating func append(_ lower: UInt32, _ upper: UInt32) {
        if let last = ranges.last, lower <= last.upper + 1 {
            ranges[ranges.count - 1].upper = max(last.upper, upper)
        } else {
            ranges.append(CodePointRange(lower: lower, upper: upper))
        }
    }

    private static func merge(_ first: [CodePointRange], _ second: [CodePointRange]) -> [CodePointRange] {
        var result = CodePointSet()
        result.ranges.reserveCapacity(first.count + second.count)
        var left = 0
        var right = 0
        while left < first.count || right < second.count {
            let takesLeft = right == second.count || left < first.count && first[left].lower <= second[right].lower
            let range = takesLeft ? first[left] : second[right]
            if takesLeft { left += 1 } else { right += 1 }
            result.append(range.lower, range.upper)
        }
        return result.ranges
    }
}

extension CodePointSet {
    static let everything = CodePointSet().complement

    /// `\d`: ECMA-262 §22.2.2.9, ASCII only.
    static let digits = CodePointSet(low: 0x03FF_0000_0000_0000, high: 0)

    /// `\w`: ECMA-262 §22.2.2.9.3 WordCharacters, ASCII only.
    static let word = CodePointSet(low: 0x03FF_0000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)

    /// LineTerminator, ECMA-262 §12.3.
    static let lineTerminators = CodePointSet(
        low: 1 << 0x0A | 1 << 0x0D, high: 0, ranges: [CodePointRange(lower: 0x2028, upper: 0x2029)])

    /// `\s`: WhiteSpace and LineTerminator, ECMA-262 §12.2 and §12.3; Space_Separator has been stable since Unicode 6.3.
    static let space = CodePointSet(
        low: 0x1_0000_3E00, high: 0,
        ranges: [
            CodePointRange(lower: 0xA0, upper: 0xA0), CodePointRange(lower: 0x1680, upper: 0x1680),
            CodePointRange(lower: 0x2000, upper: 0x200A), CodePointRange(lower: 0x2028, upper: 0x2029),
            CodePointRange(lower: 0x202F, upper: 0x202F), CodePointRange(lower: 0x205F, upper: 0x205F),
            CodePointRange(lower: 0x3000, upper: 0x3000), CodePointRange(lower: 0xFEFF, upper: 0xFEFF),
        ])

    static let notDigits = digits.complement
    static let notWord = word.complement
    static let notSpace = space.complement
    static let notLineTerminators = lineTerminators.complement
}
