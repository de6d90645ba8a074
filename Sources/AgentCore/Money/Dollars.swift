// SPDX-License-Identifier: Apache-2.0

/// An amount of US dollars, exact to the picodollar (10⁻¹² dollars), so that sums do not drift.
///
/// A price of a millionth of a dollar for a million tokens is one picodollar a token. Amounts are never negative; sums stop at
/// ``max``, a little over nine million dollars.
public struct Dollars: Sendable, Hashable {
    public let picodollars: Int64

    public static let zero = Dollars(picodollars: 0)
    public static let max = Dollars(picodollars: .max)

    /// - Parameter picodollars: below zero counts as zero.
    public init(picodollars: Int64) { self.picodollars = Swift.max(0, picodollars) }

    /// Reads a decimal number such as `0.05`, `12` or `1.5e-3`.
    ///
    /// - Returns: `nil` for anything else, for a negative number, one that is finer than a picodollar and one over ``max``.
    public init?(decimal text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first, parts.count <= 2 else { return nil }
        let exponent = parts.count == 2 ? Self.exponent(parts[1]) : 0
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard let exponent, halves.count <= 2, !halves[0].isEmpty, halves.last?.isEmpty == false else { return nil }
        let fraction = halves.count == 2 ? halves[1] : ""
        guard let value = Self.value(halves[0] + fraction, power: 12 + exponent - fraction.count) else { return nil }
        picodollars = value
    }

    /// The amount whose decimal number `number` is shown as, `0.1` being a tenth: what a person wrote, not the binary fraction.
    ///
    /// - Returns: `nil` where ``init(decimal:)`` gives `nil`.
    public init?(_ number: Double) { self.init(decimal: "\(number)") }

    private static func exponent(_ text: Substring) -> Int? {
        let digits = text.first == "+" ? text.dropFirst() : text
        return Int(digits).flatMap { abs($0) <= 1000 ? $0 : nil }
    }

    /// `digits` × 10^`power`, when that is a whole number that fits.
    private static func value(_ digits: some StringProtocol, power: Int) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var digits = digits.drop { $0 == "0" }
        if digits.isEmpty { return 0 }
        var power = power
        while power < 0 {
            guard digits.last == "0" else { return nil }
            digits.removeLast()
            power += 1
        }
        guard digits.count + power <= 19 else { return nil }
        return Int64(digits + String(repeating: "0", count: power))
    }

    public static func + (left: Dollars, right: Dollars) -> Dollars {
        let (sum, overflows) = left.picodollars.addingReportingOverflow(right.picodollars)
        return overflows ? .max : Dollars(picodollars: sum)
    }

    /// What is left; nothing when `right` is more.
    public static func - (left: Dollars, right: Dollars) -> Dollars {
        Dollars(picodollars: left.picodollars - right.picodollars)
    }

    public static func += (left: inout Dollars, right: Dollars) { left = left + right }

    /// The price of `count` things of which `unit` cost this much, rounded up to a whole picodollar.
    func of(_ count: Int, per unit: Int) -> Dollars {
        let exact = Int128(picodollars) * Int128(Swift.max(0, count))
        let whole = (exact + Int128(unit) - 1) / Int128(unit)
        return Int64(exactly: whole).map { Dollars(picodollars: $0) } ?? .max
    }

    /// How many things can be had for `self` when `unit` of them cost `price`; `price` is not zero.
    func buys(at price: Dollars, per unit: Int) -> Int {
        Int(exactly: Int128(picodollars) * Int128(unit) / Int128(price.picodollars)) ?? .max
    }
}

extension Dollars: Comparable {
    public static func < (left: Dollars, right: Dollars) -> Bool { left.picodollars < right.picodollars }
}

extension Dollars: CustomStringConvertible {
    /// The amount as a decimal number without zeros at its end: `0.0000117`, `3`.
    public var decimal: String {
        let whole = picodollars / 1_000_000_000_000
        let rest = String(picodollars % 1_000_000_000_000)
        var fraction = String(repeating: "0", count: 12 - rest.count) + rest
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
    }

    /// The nearest binary number. Written as JSON it is ``decimal`` again as long as that has at most 15 digits: below 1000
    /// dollars always.
    public var doubleValue: Double { Double(picodollars) / 1e12 }

    public var description: String { "$\(decimal)" }
}
