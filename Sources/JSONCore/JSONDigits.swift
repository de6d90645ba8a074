// SPDX-License-Identifier: Apache-2.0

/// Writes numbers as text where there is room for them.
enum JSONDigits {
    /// More than any number takes.
    static let room = 48

    /// - Returns: how many bytes it has written.
    @inline(__always) static func put(_ integer: Int64, at target: UnsafeMutablePointer<UInt8>) -> Int {
        if integer >= 0 { return unsafe put(UInt64(bitPattern: integer), at: target) }
        unsafe target[0] = UInt8(ascii: "-")
        return unsafe 1 &+ put(integer.magnitude, at: target + 1)
    }

    @inline(__always) static func put(_ number: UInt64, at target: UnsafeMutablePointer<UInt8>) -> Int {
        if number < 10 {
            unsafe target[0] = 0x30 &+ UInt8(truncatingIfNeeded: number)
            return 1
        }
        let length = count(number)
        unsafe fill(number, length, at: target)
        return length
    }

    /// Writes the `length` digits of a number, and may write up to eight bytes behind them.
    @inline(__always) static func fill(_ number: UInt64, _ length: Int, at target: UnsafeMutablePointer<UInt8>) {
        let raw = UnsafeMutableRawPointer(target)
        if length <= 8 {
            let word = eight(number) &>> UInt64(truncatingIfNeeded: (8 &- length) &<< 3)
            return unsafe raw.storeBytes(of: word.littleEndian, as: UInt64.self)
        }
        let high = number / 100_000_000
        let low = number &- high &* 100_000_000
        unsafe fillUpper(high, length &- 8, at: target)
        unsafe raw.storeBytes(of: eight(low).littleEndian, toByteOffset: length &- 8, as: UInt64.self)
    }

    @inline(__always)
    private static func fillUpper(_ number: UInt64, _ length: Int, at target: UnsafeMutablePointer<UInt8>) {
        let raw = UnsafeMutableRawPointer(target)
        if length <= 8 {
            let word = eight(number) &>> UInt64(truncatingIfNeeded: (8 &- length) &<< 3)
            return unsafe raw.storeBytes(of: word.littleEndian, as: UInt64.self)
        }
        let high = number / 100_000_000
        let low = number &- high &* 100_000_000
        if high < 10 {
            // The most frequent: 17 digits in all.
            unsafe target[0] = 0x30 &+ UInt8(truncatingIfNeeded: high)
        } else {
            let word = eight(high) &>> UInt64(truncatingIfNeeded: (16 &- length) &<< 3)
            unsafe raw.storeBytes(of: word.littleEndian, as: UInt64.self)
        }
        unsafe raw.storeBytes(of: eight(low).littleEndian, toByteOffset: length &- 8, as: UInt64.self)
    }

    /// The eight digits of a number below 10^8, the first in the lowest byte: fours, then pairs, then digits, all of one
    /// kind divided at once.
    @inline(__always) static func eight(_ number: UInt64) -> UInt64 {
        let upper = number / 10_000
        let fours = upper | (number &- upper &* 10_000) &<< 32
        let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let pairs = hundreds | (fours &- hundreds &* 100) &<< 16
        let tens = (pairs &* 103) &>> 10 & 0x000F_000F_000F_000F
        return (tens | (pairs &- tens &* 10) &<< 8) &+ 0x3030_3030_3030_3030
    }

    /// How many digits a number has.
    @inline(__always) static func count(_ number: UInt64) -> Int {
        if number >= 10_000_000_000_000_000 { return countOfLong(number) }
        if number >= 1_000_000_000_000_000 { return 16 }
        if number >= 100_000_000 { return 8 &+ countOfShort(number / 100_000_000) }
        return countOfShort(number)
    }

    @inline(__always) private static func countOfShort(_ number: UInt64) -> Int {
        if number < 10_000 { return number < 100 ? (number < 10 ? 1 : 2) : number < 1000 ? 3 : 4 }
        return number < 1_000_000 ? (number < 100_000 ? 5 : 6) : number < 10_000_000 ? 7 : 8
    }

    @inline(__always) private static func countOfLong(_ number: UInt64) -> Int {
        if number < 100_000_000_000_000_000 { return 17 }
        if number < 1_000_000_000_000_000_000 { return 18 }
        return number < 10_000_000_000_000_000_000 ? 19 : 20
    }
}
