// SPDX-License-Identifier: Apache-2.0

/// A divisor for `multipleOf`, which is meant in decimal: 0.0075 is a multiple of 0.0001 though no double says so.
struct SchemaDivisor: Sendable {
    let number: SchemaNumber
    /// The divisor when it is an integer, else 0.
    private let integer: UInt64
    private let double: Double
    private let decimal: Decimal

    /// `nil` unless `number` is above zero and finite.
    init?(_ number: SchemaNumber) {
        guard SchemaNumber.integer(0) < number, number < .double(.infinity) else { return nil }
        self.number = number
        decimal = Decimal(number)
        integer = decimal.exponent == 0 ? decimal.digits : 0
        double =
            switch number {
            case .integer(let value): Double(value)
            case .double(let value): value
            }
    }

    @inline(__always) func divides(_ value: Int64) -> Bool {
        integer != 0 ? value.magnitude % integer == 0 : Decimal(.integer(value)).isMultiple(of: decimal)
    }

    func divides(_ value: Double) -> Bool {
        if integer != 0, value.magnitude < 0x1p53 {
            return value == value.rounded(.towardZero) && UInt64(value.magnitude) % integer == 0
        }
        return dividesShortDecimal(value) ?? Decimal(.double(value)).isMultiple(of: decimal)
    }

    /// The answer where the multiple next to `value` has at most 15 digits: such a decimal is the shortest text of the
    /// double next to it, so `value` is that multiple exactly when it is that double. `nil` for more digits.
    private func dividesShortDecimal(_ value: Double) -> Bool? {
        let quotient = (value.magnitude / double).rounded()
        guard quotient < 1e15, decimal.digits < 1_000_000_000_000_000, decimal.exponent <= 0, decimal.exponent >= -22
        else { return nil }
        let (digits, overflow) = UInt64(quotient).multipliedReportingOverflow(by: decimal.digits)
        guard !overflow, digits < 1_000_000_000_000_000 else { return nil }
        return Double(digits) / Self.powersOfTen[-decimal.exponent] == value.magnitude
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
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
