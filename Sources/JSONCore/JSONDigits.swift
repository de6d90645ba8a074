// SPDX-License-Identifier: Apache-2.0

/// Writes numbers as text where there is room for them.
enum JSONDigits {
    /// More than any number takes.
    static let room = 32

    /// "00", "01" … "99", two bytes each.
    nonisolated(unsafe) private static let pairs: UnsafePointer<UInt16> = {
        let pairs = UnsafeMutablePointer<UInt16>.allocate(capacity: 100)
        for number in 0..<100 {
            let text = UInt16(0x30 + number / 10) | UInt16(0x30 + number % 10) << 8
            unsafe (pairs + number).initialize(to: text.littleEndian)
        }
        return unsafe UnsafePointer(pairs)
    }()

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

    /// Writes exactly `length` digits.
    @inline(__always) static func fill(_ number: UInt64, _ length: Int, at target: UnsafeMutablePointer<UInt8>) {
        let pairs = unsafe pairs
        var rest = number
        var end = length
        while rest >= 100 {
            let next = rest / 100
            end &-= 2
            unsafe UnsafeMutableRawPointer(target + end).storeBytes(
                of: pairs[Int(truncatingIfNeeded: rest &- next &* 100)], as: UInt16.self)
            rest = next
        }
        if end > 1 {
            unsafe UnsafeMutableRawPointer(target).storeBytes(of: pairs[Int(truncatingIfNeeded: rest)], as: UInt16.self)
        } else {
            unsafe target[0] = 0x30 &+ UInt8(truncatingIfNeeded: rest)
        }
    }

    /// How many digits a number has.
    @inline(__always) static func count(_ number: UInt64) -> Int {
        var length = 1
        var rest = number
        while rest >= 10_000 {
            rest /= 10_000
            length &+= 4
        }
        return length &+ (rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
    }

    /// Writes a finite double as the shortest text that reads back as the same; it has a point or an exponent, the same
    /// as `Double.description`: plain from 10^-4 to 2^53, else with an exponent.
    ///
    /// - Returns: how many bytes it has written.
    @inline(__always)
    static func put(_ number: Double, at target: UnsafeMutablePointer<UInt8>, _ table: UnsafePointer<UInt64>) -> Int {
        var start = unsafe target
        if number.sign == .minus {
            unsafe start[0] = UInt8(ascii: "-")
            unsafe start += 1
        }
        if number == 0 {
            unsafe start[0] = UInt8(ascii: "0")
            unsafe start[1] = UInt8(ascii: ".")
            unsafe start[2] = UInt8(ascii: "0")
            return unsafe start - target + 3
        }
        let decimal = unsafe JSONShortestDecimal.of(number.bitPattern & ~(1 &<< 63), table)
        let length = count(decimal.digits)
        // Where the point stands, in digits from the first.
        let point = length &+ decimal.exponent
        let isPlain = point > -4 && number.magnitude <= 0x1p53
        return unsafe start - target
            + (isPlain
                ? putPlain(decimal.digits, length, point, at: start)
                : putScientific(decimal.digits, length, point, at: start))
    }

    @inline(__always)
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
        let exponent = point &- 1
        unsafe target[end] = UInt8(ascii: "e")
        unsafe target[end &+ 1] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
        let magnitude = UInt64(exponent.magnitude)
        let width = max(2, count(magnitude))
        if magnitude < 10 { unsafe target[end &+ 2] = UInt8(ascii: "0") }
        unsafe fill(magnitude, magnitude < 10 ? 1 : width, at: target + (end &+ 2 &+ (magnitude < 10 ? 1 : 0)))
        return end &+ 2 &+ width
    }
}
