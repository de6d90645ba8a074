// SPDX-License-Identifier: Apache-2.0

extension JSONTapeParser {
    /// Reads an integer of up to 18 digits at `p` into `slot`.
    ///
    /// - Parameter mantissa: becomes what the digits mean, or its lowest 64 bits.
    /// - Returns: the place behind the digits, and whether they are the whole number; if not, or if it may be none,
    ///   ``number(_:_:_:_:_:_:)`` must read on there.
    @inline(__always)
    static func shortInteger(
        _ p: JSONBytes, _ byte: UInt8, _ slot: UnsafeMutablePointer<JSONSlot>, _ mantissa: inout UInt64
    ) -> (JSONBytes, Bool) {
        let isNegative = byte == UInt8(ascii: "-")
        var q = unsafe isNegative ? p + 1 : p
        let first = unsafe q
        var digit = unsafe q[0] &- 0x30
        let mayNotGoOn = digit == 0
        while digit <= 9 {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            unsafe q += 1
            digit = unsafe q[0] &- 0x30
        }
        let digits = unsafe q - first
        // What the byte is, less 0x30.
        if digits &- 1 >= 18 || digits == 0 || digit == 0xFE || (digit &+ 0x30) | 0x20 == UInt8(ascii: "e") {
            return unsafe (q, false)
        }
        if mayNotGoOn && (isNegative || digits > 1) { return unsafe (q, false) }
        unsafe slot.pointee = JSONSlot(.integer, payload: isNegative ? 0 &- mantissa : mantissa)
        return unsafe (q, true)
    }

    /// Reads the number at `p` into `slot`: RFC 8259 §6.
    ///
    /// - Parameters:
    ///   - firstEnd: behind the digits before the point.
    ///   - whole: what they mean.
    /// - Returns: the place behind it; `nil` when it is not valid.
    @inline(never)
    static func number(
        _ p: JSONBytes, _ firstEnd: JSONBytes, _ whole: UInt64, _ slot: UnsafeMutablePointer<JSONSlot>,
        _ base: JSONBytes, _ state: inout JSONParseState
    ) -> JSONBytes? {
        var q = unsafe firstEnd
        var mantissa = whole
        let isNegative = unsafe p[0] == UInt8(ascii: "-")
        let first = unsafe isNegative ? p + 1 : p
        var digits = unsafe q - first
        var digit: UInt8
        if digits == 0 { return unsafe noNumber(.digit, at: q, base, &state) }
        if unsafe digits > 1 && first[0] == UInt8(ascii: "0") {
            return unsafe noNumber(.leadingZero, at: first + 1, base, &state)
        }
        let next = unsafe q[0]
        if next != UInt8(ascii: ".") && next | 0x20 != UInt8(ascii: "e") {
            if digits >= 19 || isNegative && mantissa == 0 {
                guard unsafe longInteger(p, q, mantissa, slot, base, &state) else { return nil }
            } else {
                unsafe slot.pointee = JSONSlot(.integer, payload: isNegative ? 0 &- mantissa : mantissa)
            }
            return unsafe q
        }
        var exponent = 0
        if next == UInt8(ascii: ".") {
            unsafe q += 1
            let point = unsafe q
            digit = unsafe q[0] &- 0x30
            if digit > 9 { return unsafe noNumber(.fraction, at: q, base, &state) }
            if mantissa == 0 {
                // Zeros before the first digit that counts.
                while unsafe q[0] == UInt8(ascii: "0") { unsafe q += 1 }
                digits = unsafe point - q
            }
            let table = unsafe JSONPowersOfTen.table
            var eight = unsafe load(q)
            var others = nonDigits(eight)
            while others == 0 {
                mantissa = mantissa &* 100_000_000 &+ value(ofDigits: eight)
                unsafe q += 8
                eight = unsafe load(q)
                others = nonDigits(eight)
            }
            let left = others.trailingZeroBitCount &>> 3
            if left > 0 {
                // Moved up, with zeros below, which are the first of the eight digits.
                let shift = UInt64(truncatingIfNeeded: (8 &- left) &<< 3)
                let rest = value(ofDigits: (eight &- zeros) &<< shift &+ zeros)
                mantissa = unsafe mantissa &* table[left] &+ rest
                unsafe q += left
            }
            exponent = unsafe point - q
            digits &-= exponent
        }
        if unsafe q[0] | 0x20 == UInt8(ascii: "e") {
            unsafe q += 1
            let sign = unsafe q[0]
            if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { unsafe q += 1 }
            digit = unsafe q[0] &- 0x30
            if digit > 9 { return unsafe noNumber(.exponent, at: q, base, &state) }
            var value = 0
            repeat {
                // Far beyond what the zeros of a text that fits the memory can make up for.
                if value < 1_000_000_000_000 { value = value &* 10 &+ Int(digit) }
                unsafe q += 1
                digit = unsafe q[0] &- 0x30
            } while digit <= 9
            exponent &+= sign == UInt8(ascii: "-") ? -value : value
        }
        var number: Double
        if digits > 19 {
            number = unsafe longDouble(p, q)
        } else {
            number = unsafe JSONPowersOfTen.double(mantissa, exponent, JSONPowersOfTen.table)
            if isNegative { number = -number }
        }
        guard number.isFinite else { return unsafe noNumber(.numberOutOfRange, at: p, base, &state) }
        unsafe slot.pointee = JSONSlot(.number, payload: number.bitPattern)
        return unsafe q
    }

    private static func noNumber(
        _ kind: JSONFailure.Kind, at place: JSONBytes, _ base: JSONBytes, _ state: inout JSONParseState
    ) -> JSONBytes? {
        _ = unsafe failNumber(kind, at: place, base, &state)
        return nil
    }

    @inline(never)
    private static func failNumber(
        _ kind: JSONFailure.Kind, at place: JSONBytes, _ base: JSONBytes, _ state: inout JSONParseState
    ) -> Bool {
        state.phase = .value
        unsafe state.fail(kind, at: place - base)
        return false
    }

    /// An integer of 19 or more digits, or `-0`, which only a double can hold.
    @inline(never)
    private static func longInteger(
        _ start: JSONBytes, _ end: JSONBytes, _ mantissa: UInt64, _ slot: UnsafeMutablePointer<JSONSlot>,
        _ base: JSONBytes, _ state: inout JSONParseState
    ) -> Bool {
        let isNegative = unsafe start[0] == UInt8(ascii: "-")
        let digits = unsafe end - start - (isNegative ? 1 : 0)
        // 19 digits are below 2^64, so that the mantissa is exact.
        let limit: UInt64 = isNegative ? 1 << 63 : 1 << 63 - 1
        if digits == 1 {
            unsafe slot.pointee = JSONSlot(.number, payload: (-0.0).bitPattern)
        } else if digits == 19 && mantissa <= limit {
            unsafe slot.pointee = JSONSlot(.integer, payload: isNegative ? 0 &- mantissa : mantissa)
        } else {
            guard state.limits.bigNumbers == .round else {
                return unsafe failNumber(.notInt64, at: start, base, &state)
            }
            let number = unsafe longDouble(start, end)
            guard number.isFinite else { return unsafe failNumber(.numberOutOfRange, at: start, base, &state) }
            unsafe slot.pointee = JSONSlot(.number, payload: number.bitPattern)
        }
        return true
    }

    /// A number with more digits than a 64-bit mantissa holds; its grammar has been checked.
    @inline(never) private static func longDouble(_ start: JSONBytes, _ end: JSONBytes) -> Double {
        let bytes = unsafe UnsafeBufferPointer(start: start, count: end - start)
        return Double(unsafe String(decoding: bytes, as: UTF8.self)) ?? .infinity
    }

    private static var zeros: UInt64 { 0x3030_3030_3030_3030 }

    /// Not zero in each byte that is no digit, from the lowest such byte upwards; above it a digit may seem to be none.
    @inline(__always) private static func nonDigits(_ word: UInt64) -> UInt64 {
        let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        return (word & high | ((word &+ 0x0606_0606_0606_0606) & high) &>> 4) ^ 0x3333_3333_3333_3333
    }

    /// The value of eight digits, the first in the lowest byte: pairs, then fours, then eight.
    @inline(__always) private static func value(ofDigits word: UInt64) -> UInt64 {
        let digits = word &- 0x3030_3030_3030_3030
        let pairs = digits &* 10 &+ digits &>> 8
        let mask: UInt64 = 0x0000_00FF_0000_00FF
        let high = (pairs & mask) &* 0x000F_4240_0000_0064
        let low = (pairs &>> 16 & mask) &* 0x0000_2710_0000_0001
        return (high &+ low) &>> 32
    }
}
