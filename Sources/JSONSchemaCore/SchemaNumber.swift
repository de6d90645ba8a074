// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A number with its exact mathematical value, for comparisons across integers and doubles.
enum SchemaNumber: Sendable {
    case integer(Int64)
    case double(Double)

    init?(_ value: JSONValue) {
        switch value {
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .double(value)
        default: return nil
        }
    }

    static func < (left: SchemaNumber, right: SchemaNumber) -> Bool {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): a < b
        case (.double(let a), .double(let b)): a < b
        case (.integer(let a), .double(let b)): compare(a, b) < 0
        case (.double(let a), .integer(let b)): compare(b, a) > 0
        }
    }

    static func == (left: SchemaNumber, right: SchemaNumber) -> Bool {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)): Int64(exactly: b) == a
        }
    }

    /// -1, 0 or 1 as `integer` is less than, equal to or greater than `double`; never rounds.
    private static func compare(_ integer: Int64, _ double: Double) -> Int {
        if double >= 0x1p63 { return -1 }
        if double < -0x1p63 { return 1 }
        let floor = double.rounded(.down)
        let whole = Int64(floor)
        if integer != whole { return integer < whole ? -1 : 1 }
        return double > floor ? -1 : 0
    }
}

/// A divisor for `multipleOf`, which is meant in decimal: 0.0075 is a multiple of 0.0001 though no double says so.
struct SchemaDivisor: Sendable {
    let number: SchemaNumber
    private let decimal: Decimal

    /// `nil` unless `number` is above zero.
    init?(_ number: SchemaNumber) {
        guard SchemaNumber.integer(0) < number else { return nil }
        self.number = number
        decimal = Decimal(number)
    }

    func divides(_ number: SchemaNumber) -> Bool {
        if case .integer(let value) = number, decimal.exponent == 0 {
            return value.magnitude % decimal.digits == 0
        }
        return Decimal(number).isMultiple(of: decimal)
    }

    /// `digits` × 10^`exponent`, the magnitude of a number.
    private struct Decimal: Sendable {
        var digits: UInt64
        var exponent: Int

        init(_ number: SchemaNumber) {
            switch number {
            case .integer(let value): (digits, exponent) = (value.magnitude, 0)
            case .double(let value):
                // The shortest text that reads back as the double has at most 17 digits.
                (digits, exponent) = (0, 0)
                var isFraction = false
                var written = 0
                var writtenIsNegative = false
                var isExponent = false
                for byte in value.magnitude.description.utf8 {
                    switch byte {
                    case UInt8(ascii: "."): isFraction = true
                    case UInt8(ascii: "e"): isExponent = true
                    case UInt8(ascii: "-"): writtenIsNegative = true
                    case UInt8(ascii: "0")...UInt8(ascii: "9") where isExponent:
                        written = written * 10 + Int(byte - 0x30)
                    case UInt8(ascii: "0")...UInt8(ascii: "9"):
                        digits = digits * 10 + UInt64(byte - 0x30)
                        if isFraction { exponent -= 1 }
                    default: break
                    }
                }
                exponent += writtenIsNegative ? -written : written
                while digits != 0 && digits % 10 == 0 && exponent < 0 {
                    digits /= 10
                    exponent += 1
                }
            }
        }

        func isMultiple(of divisor: Decimal) -> Bool {
            if digits == 0 { return true }
            let shift = exponent - divisor.exponent
            if shift >= 0 {
                var rest = digits % divisor.digits
                // rest × 10^shift modulo the divisor, one power at a time; doubles end at 10^308.
                for _ in 0..<shift where rest != 0 {
                    let product = rest.multipliedFullWidth(by: 10)
                    rest = divisor.digits.dividingFullWidth(product).remainder
                }
                return rest == 0
            }
            var scaled = divisor.digits
            for _ in 0..<(-shift) {
                let (product, overflow) = scaled.multipliedReportingOverflow(by: 10)
                // A divisor above the number divides it only when that is 0.
                if overflow { return false }
                scaled = product
            }
            return digits % scaled == 0
        }
    }
}
