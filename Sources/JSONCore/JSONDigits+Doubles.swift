// SPDX-License-Identifier: Apache-2.0

extension JSONDigits {
    /// Writes a finite double as the shortest text that reads back as the same; it has a point or an exponent, the same
    /// as `Double.description`: plain from 10^-4 to 2^53, else with an exponent.
    ///
    /// - Returns: how many bytes it has written.
    @inline(__always)
    static func put(_ number: Double, at target: UnsafeMutablePointer<UInt8>, _ table: UnsafePointer<UInt64>) -> Int {
        var start = unsafe target
        // Without a branch, which no processor could foresee.
        unsafe start[0] = UInt8(ascii: "-")
        unsafe start += Int(truncatingIfNeeded: number.bitPattern &>> 63)
        if number == 0 {
            unsafe start[0] = UInt8(ascii: "0")
            unsafe start[1] = UInt8(ascii: ".")
            unsafe start[2] = UInt8(ascii: "0")
            return unsafe start - target + 3
        }
        let bits = number.bitPattern & ~(1 &<< 63)
        if let whole = wholeNumber(bits) {
            let length = unsafe put(whole, at: start)
            unsafe start[length] = UInt8(ascii: ".")
            unsafe start[length &+ 1] = UInt8(ascii: "0")
            return unsafe start - target + length &+ 2
        }
        let long = unsafe JSONShortestDecimal.long(bits, table)
        let length = unsafe long.digits == 0 ? putRare(bits, at: start, table) : putLong(long, at: start)
        return unsafe start - target + length
    }

    /// The value of a double that is whole, not zero and below 2^53.
    @inline(__always) private static func wholeNumber(_ bits: UInt64) -> UInt64? {
        let fraction = 1075 &- Int(truncatingIfNeeded: bits &>> 52)
        guard fraction >= 0 && fraction < 53 else { return nil }
        let mantissa = bits & (1 &<< 52 &- 1) | 1 &<< 52
        let whole = mantissa &>> UInt64(truncatingIfNeeded: fraction)
        return whole &<< UInt64(truncatingIfNeeded: fraction) == mantissa ? whole : nil
    }

    /// Writes a decimal of 16 or 17 digits without the zeros at their end. All its bytes are in three registers before
    /// the first is stored: a load of what was just stored in other portions would wait for it.
    @inline(__always)
    private static func putLong(_ decimal: (digits: UInt64, exponent: Int), at target: UnsafeMutablePointer<UInt8>)
        -> Int
    {
        let upper = decimal.digits / 100_000_000
        let lead = upper / 100_000_000
        let middle = eight(upper &- lead &* 100_000_000)
        let low = eight(decimal.digits &- upper &* 100_000_000)
        let zero: UInt64 = 0x3030_3030_3030_3030
        let zeros = low == zero ? 64 &+ (middle &- zero).leadingZeroBitCount : (low &- zero).leadingZeroBitCount
        let all = lead == 0 ? 16 : 17
        let length = all &- zeros &>> 3
        let shift: UInt64 = lead == 0 ? 0 : 8
        let first = middle &<< shift | (lead == 0 ? 0 : lead &+ 0x30)
        let second = low &<< shift | (lead == 0 ? 0 : middle &>> 56)
        let last = UInt8(truncatingIfNeeded: low &>> 56)
        // Where the point stands, in digits from the first; never behind the last in a plain number, which is not whole.
        let point = all &+ decimal.exponent
        let raw = UnsafeMutableRawPointer(target)
        // Doubles above 2^53 are the ones whose last digit of 16 or 17 counts ones or more.
        if point > 0 && decimal.exponent < 0 {
            unsafe store(first, second, last, pointAt: point, at: raw)
            return length &+ 1
        }
        if point <= 0 && point > -4 {
            unsafe raw.storeBytes(of: (0x3030_3030_3030_2E30 as UInt64).littleEndian, as: UInt64.self)
            unsafe (raw + (2 &- point)).storeBytes(of: first.littleEndian, as: UInt64.self)
            unsafe (raw + (10 &- point)).storeBytes(of: second.littleEndian, as: UInt64.self)
            unsafe target[18 &- point] = last
            return 2 &- point &+ length
        }
        unsafe store(first, second, last, pointAt: 1, at: raw)
        let end = length > 1 ? length &+ 1 : 1
        return unsafe end &+ putExponent(point &- 1, at: target + end)
    }

    /// Stores 17 digits with a point among them.
    ///
    /// - Parameter point: how many digits stand before the point, from 1 to 16.
    @inline(__always)
    private static func store(
        _ first: UInt64, _ second: UInt64, _ last: UInt8, pointAt point: Int, at target: UnsafeMutableRawPointer
    ) {
        unsafe target.storeBytes(of: second.littleEndian, toByteOffset: 9, as: UInt64.self)
        unsafe target.storeBytes(of: last, toByteOffset: 17, as: UInt8.self)
        let bits = UInt64(truncatingIfNeeded: (point & 7) &<< 3)
        let isFar = point >= 8
        let split = isFar ? second : first
        let before: UInt64 = (1 &<< bits) &- 1
        let mixed = split & before | UInt64(UInt8(ascii: ".")) &<< bits | (split & ~before) &<< 8
        unsafe target.storeBytes(of: (first &>> 56 | second &<< 8).littleEndian, toByteOffset: 8, as: UInt64.self)
        unsafe target.storeBytes(of: (isFar ? first : mixed).littleEndian, as: UInt64.self)
        if isFar {
            unsafe target.storeBytes(of: mixed.littleEndian, toByteOffset: 8, as: UInt64.self)
            if point == 16 {
                unsafe target.storeBytes(of: second.littleEndian, toByteOffset: 8, as: UInt64.self)
                unsafe target.storeBytes(of: UInt8(ascii: "."), toByteOffset: 16, as: UInt8.self)
            }
        }
    }

    /// Writes what ``JSONShortestDecimal/long(_:_:)`` leaves.
    @inline(never)
    private static func putRare(
        _ bits: UInt64, at target: UnsafeMutablePointer<UInt8>, _ table: UnsafePointer<UInt64>
    ) -> Int {
        let decimal = unsafe JSONShortestDecimal.of(bits, table)
        let length = count(decimal.digits)
        // Where the point stands, in digits from the first.
        let point = length &+ decimal.exponent
        let isPlain = point > -4 && Double(bitPattern: bits) <= 0x1p53
        return unsafe isPlain
            ? putPlain(decimal.digits, length, point, at: target)
            : putScientific(decimal.digits, length, point, at: target)
    }

    private static func putPlain(
        _ digits: UInt64, _ length: Int, _ point: Int, at target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        if point <= 0 {
            unsafe UnsafeMutableRawPointer(target).storeBytes(
                of: UInt64(0x3030_3030_3030_2E30).littleEndian, as: UInt64.self)
            unsafe fill(digits, length, at: target + (2 &- point))
            return 2 &- point &+ length
        }
        if point >= length {
            unsafe fill(digits, length, at: target)
            for offset in length..<point { unsafe target[offset] = UInt8(ascii: "0") }
            unsafe target[point] = UInt8(ascii: ".")
            unsafe target[point &+ 1] = UInt8(ascii: "0")
            return point &+ 2
        }
        // One to the right, then the digits before the point one back.
        unsafe fill(digits, length, at: target + 1)
        for offset in 0..<point { unsafe target[offset] = unsafe target[offset &+ 1] }
        unsafe target[point] = UInt8(ascii: ".")
        return length &+ 1
    }

    private static func putScientific(
        _ digits: UInt64, _ length: Int, _ point: Int, at target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        unsafe fill(digits, length, at: target + 1)
        unsafe target[0] = unsafe target[1]
        var end = 1
        if length > 1 {
            unsafe target[1] = UInt8(ascii: ".")
            end = length &+ 1
        }
        return unsafe end &+ putExponent(point &- 1, at: target + end)
    }

    /// Writes `e`, a sign and at least two digits.
    private static func putExponent(_ exponent: Int, at target: UnsafeMutablePointer<UInt8>) -> Int {
        unsafe target[0] = UInt8(ascii: "e")
        unsafe target[1] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
        let magnitude = UInt64(exponent.magnitude)
        if magnitude < 10 {
            unsafe target[2] = UInt8(ascii: "0")
            unsafe target[3] = 0x30 &+ UInt8(truncatingIfNeeded: magnitude)
            return 4
        }
        return unsafe 2 &+ put(magnitude, at: target + 2)
    }
}
