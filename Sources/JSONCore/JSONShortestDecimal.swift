// SPDX-License-Identifier: Apache-2.0

/// The shortest decimal that reads back as a double: Raffaello Giulietti's Schubfach ("The Schubfach way to render
/// doubles", 2021), with the powers of ten that the parser has too.
enum JSONShortestDecimal {
    /// The same in most cases, at a third of the multiplications: half the distance of two doubles is the power of ten
    /// itself, shifted. All quantities are wrong by less than three units in their last place, and what is nearer than
    /// that to a decision is left to ``of(_:_:)``.
    ///
    /// - Parameter bits: of a finite double that is not zero; the sign does not count.
    /// - Returns: `digits` · 10^`exponent`, of 16 or 17 digits with zeros at their end where a shorter decimal will do;
    ///   no digits when ``of(_:_:)`` must be asked.
    @inline(__always)
    static func long(_ bits: UInt64, _ table: UnsafePointer<UInt64>) -> (digits: UInt64, exponent: Int) {
        let fraction = bits & (1 &<< 52 &- 1)
        let biased = Int(truncatingIfNeeded: bits &>> 52)
        if fraction == 0 || biased == 0 { return (0, 0) }
        let binary = biased &- 1075
        let scale = (binary &* 1_262_611) &>> 22
        let shift = UInt64(truncatingIfNeeded: binary &+ (-scale &* 1_741_647) &>> 19 &+ 1)
        let power = unsafe table + JSONPowersOfTen.place(-scale)
        let factor = (fraction | 1 &<< 52) &<< shift
        let lower = unsafe power[1].multipliedFullWidth(by: factor).high
        let upper = unsafe power[0].multipliedFullWidth(by: factor)
        let part = upper.low &+ lower
        let whole = upper.high &+ (part < lower ? 1 : 0)
        let tens = whole / 10 &* 10
        // From the multiple of ten below, and from there to the next, in units of 2^-60.
        let above = (whole &- tens) &<< 60 | part &>> 4
        let half = unsafe power[0] &>> (5 &- shift)
        let reach = above &+ half
        let ten: UInt64 = 10 &<< 60
        if half &- above &+ 4 <= 8 || ten &- reach &+ 4 <= 8 || part &- (1 &<< 63 &- 8) <= 16 { return (0, 0) }
        let isNextIn = reach > ten
        let isTrimmed = half > above || isNextIn
        let nearest = whole &+ part &>> 63
        return (isTrimmed ? tens &+ (isNextIn ? 10 : 0) : nearest, scale)
    }

    /// - Parameter bits: of a finite double that is not zero; the sign does not count.
    /// - Returns: `digits` · 10^`exponent`, without zeros at the end of the digits.
    @inline(__always)
    static func of(_ bits: UInt64, _ table: UnsafePointer<UInt64>) -> (digits: UInt64, exponent: Int) {
        let fraction = bits & (1 &<< 52 &- 1)
        let biased = Int(truncatingIfNeeded: bits &>> 52 & 0x7FF)
        let mantissa = biased == 0 ? fraction : fraction | 1 &<< 52
        let binary = biased == 0 ? -1074 : biased &- 1075
        let isEven = mantissa & 1 == 0
        // Below a power of two, doubles stand half as far apart.
        let isUneven = fraction == 0 && biased > 1
        let scale = (binary &* 1_262_611 &- (isUneven ? 524_031 : 0)) >> 22
        let shift = UInt64(truncatingIfNeeded: binary &+ (-scale &* 1_741_647) >> 19 &+ 1)
        let place = JSONPowersOfTen.place(-scale)
        let high = unsafe table[place]
        // Rounded up, where the table cut it off.
        let low = unsafe table[place &+ 1] &+ (-scale < -27 || -scale > 55 ? 1 : 0)
        let middle = mantissa &<< 2
        var lower = product(high, low, (middle &- (isUneven ? 1 : 2)) &<< shift)
        let value = product(high, low, middle &<< shift)
        var upper = product(high, low, (middle &+ 2) &<< shift)
        if !isEven {
            lower &+= 1
            upper &-= 1
        }
        let whole = value &>> 2
        if whole >= 10 {
            let tenth = whole / 10
            let isLowIn = lower <= 40 &* tenth
            let isHighIn = 40 &* tenth &+ 40 <= upper
            if isLowIn != isHighIn { return trimmed(tenth &+ (isHighIn ? 1 : 0), scale &+ 1) }
        }
        let isLowIn = lower <= whole &<< 2
        let isHighIn = whole &<< 2 &+ 4 <= upper
        let half = whole &<< 2 &+ 2
        let roundsUp = value > half || value == half && whole & 1 != 0
        // Chosen without a branch, which no processor could foresee.
        let isHigher = isLowIn != isHighIn ? isHighIn : roundsUp
        // Only the few digits of the smallest numbers may end in a zero here.
        let digits = whole &+ (isHigher ? 1 : 0)
        return digits < 100 ? trimmed(digits, scale) : (digits, scale)
    }

    /// The product's leading 64 bits, the lowest of them set when anything is cut off.
    @inline(__always) private static func product(_ high: UInt64, _ low: UInt64, _ factor: UInt64) -> UInt64 {
        let lower = low.multipliedFullWidth(by: factor).high
        let upper = high.multipliedFullWidth(by: factor)
        let (sum, carry) = upper.low.addingReportingOverflow(lower)
        return (upper.high &+ (carry ? 1 : 0)) | (sum > 1 ? 1 : 0)
    }

    @inline(__always)
    private static func trimmed(_ digits: UInt64, _ exponent: Int) -> (digits: UInt64, exponent: Int) {
        var digits = digits
        var exponent = exponent
        while true {
            let tenth = digits / 10
            if tenth &* 10 != digits || digits == 0 { return (digits, exponent) }
            digits = tenth
            exponent &+= 1
        }
    }
}
