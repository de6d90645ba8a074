// SPDX-License-Identifier: Apache-2.0

/// The powers of ten that reading and writing doubles needs.
///
/// They are worked out once, in some 20 µs, with exact integers. What lies at ``table`` is first, in 8 words, the
/// integers 10^0 to 10^7, and then for each exponent two words, the higher first: the leading 128 bits
/// of the power, cut off; from 10^-27 to 10^-1 rounded up instead. So Lemire's algorithm wants it ("Number Parsing at
/// a Gigabyte per Second", 2021, §5.2).
enum JSONPowersOfTen {
    static let lowest = -342
    static let highest = 324
    /// Where the pairs begin in the table.
    static let pairs = 8

    nonisolated(unsafe) static let table: UnsafePointer<UInt64> = unsafe makeTable()

    /// The place of a power's higher word.
    @inline(__always) static func place(_ exponent: Int) -> Int { pairs &+ 2 &* (exponent &- lowest) }

    private static func makeTable() -> UnsafePointer<UInt64> {
        let words = pairs + 2 * (highest - lowest + 1)
        let table = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
        unsafe table.initialize(repeating: 0, count: words)
        var exact: UInt64 = 1
        for exponent in 0..<8 {
            unsafe table[exponent] = exact
            exact *= 10
        }
        // A power of ten has the leading bits of the power of five.
        var number = [UInt64](repeating: 0, count: 15)
        number[0] = 1
        for exponent in 0...highest {
            unsafe put(leadingBits(of: number), into: table, exponent)
            multiplyByFive(&number)
        }
        // 2^959 / 5^342 has still 165 bits, and dividing step by step cuts off what one division would.
        number = [UInt64](repeating: 0, count: 15)
        number[14] = 1 << 63
        for exponent in stride(from: -1, through: lowest, by: -1) {
            divideByFive(&number)
            unsafe put(leadingBits(of: number) &+ (exponent >= -27 ? 1 : 0), into: table, exponent)
        }
        return unsafe UnsafePointer(table)
    }

    private static func put(_ bits: UInt128, into table: UnsafeMutablePointer<UInt64>, _ exponent: Int) {
        unsafe table[place(exponent)] = UInt64(truncatingIfNeeded: bits >> 64)
        unsafe table[place(exponent) + 1] = UInt64(truncatingIfNeeded: bits)
    }

    private static func leadingBits(of number: [UInt64]) -> UInt128 {
        let top = number.lastIndex { $0 != 0 } ?? 0
        let shift = number[top].leadingZeroBitCount
        let second = top > 0 ? number[top - 1] : 0
        let third = top > 1 ? number[top - 2] : 0
        let leading = UInt128(number[top]) << 64 | UInt128(second)
        return shift == 0 ? leading : leading << UInt128(shift) | UInt128(third >> UInt64(64 - shift))
    }

    private static func multiplyByFive(_ number: inout [UInt64]) {
        var carry: UInt64 = 0
        for index in number.indices {
            let (high, low) = number[index].multipliedFullWidth(by: 5)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            number[index] = sum
            carry = high + (overflow ? 1 : 0)
        }
    }

    private static func divideByFive(_ number: inout [UInt64]) {
        var remainder: UInt64 = 0
        for index in number.indices.reversed() {
            (number[index], remainder) = (5 as UInt64).dividingFullWidth((remainder, number[index]))
        }
    }

    /// The double nearest to `mantissa` · 10^`exponent`, infinite when there is none: Eisel and Lemire's algorithm.
    @inline(__always)
    static func double(_ mantissa: UInt64, _ exponent: Int, _ table: UnsafePointer<UInt64>) -> Double {
        if mantissa == 0 || exponent < lowest { return 0 }
        if exponent > 308 { return .infinity }
        let zeros = mantissa.leadingZeroBitCount
        let scaled = mantissa &<< UInt64(truncatingIfNeeded: zeros)
        let power = unsafe table + place(exponent)
        var (high, low) = unsafe scaled.multipliedFullWidth(by: power[0])
        if high & 0x1FF == 0x1FF {
            // The product with the power's lower word may still carry into the bits that count.
            let carry = unsafe scaled.multipliedFullWidth(by: power[1]).high
            low = low &+ carry
            if carry > low { high = high &+ 1 }
        }
        let upper = Int(truncatingIfNeeded: high &>> 63)
        let shift = UInt64(truncatingIfNeeded: upper &+ 9)
        var bits = high &>> shift
        // 217706 / 2^16 is the logarithm of 10 to the base 2.
        var binary = (217_706 &* exponent) &>> 16 &+ 1086 &+ upper &- zeros
        if binary <= 0 {
            if binary < -62 { return 0 }
            bits = bits &>> UInt64(truncatingIfNeeded: 1 &- binary)
            bits = (bits &+ bits & 1) &>> 1
            // Rounding up may make it a normal number; the bit that says so is then in the exponent's place.
            return Double(bitPattern: bits)
        }
        if low <= 1 && exponent >= -4 && exponent <= 23 && bits & 3 == 1 && bits &<< shift == high {
            // Half way between two doubles: to the even one.
            bits &= ~1
        }
        bits = (bits &+ bits & 1) &>> 1
        if bits >= 1 &<< 53 {
            bits = 1 &<< 52
            binary &+= 1
        }
        if binary >= 0x7FF { return .infinity }
        return Double(bitPattern: bits & ~(1 &<< 52) | UInt64(truncatingIfNeeded: binary) &<< 52)
    }
}
