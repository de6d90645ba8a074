// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

/// The shortest text of a double, against the standard library's.
@Suite struct JSONDoubleTextTests {
    private func check(_ number: Double) throws {
        let text = try JSONValue.number(number).serialized()
        #expect(text == number.description)
    }

    @Test func agreesForRandomBits() throws {
        var random = SeededRandom(seed: 21)
        for _ in 0..<100_000 {
            let number = Double(bitPattern: random.next())
            if number.isFinite { try check(number) }
        }
    }

    @Test func agreesForShortDecimals() throws {
        var random = SeededRandom(seed: 22)
        for _ in 0..<50_000 {
            let digits = Double(random.below(1_000_000))
            var number = digits
            for _ in 0..<random.below(12) { number /= 10 }
            try check(number)
            try check(-number * 1e12)
        }
    }

    @Test func agreesAroundEveryPowerOfTwoAndTen() throws {
        for exponent in -1074...1023 {
            let power = Double(sign: .plus, exponent: exponent, significand: 1)
            for number in [power, power.nextUp, power.nextDown] { try check(number) }
        }
        for exponent in -323...308 {
            guard let power = Double("1e\(exponent)") else { continue }
            for number in [power, power.nextUp, power.nextDown, 3 * power] where number.isFinite { try check(number) }
        }
    }

    @Test func agreesForOrdinaryNumbers() throws {
        var random = SeededRandom(seed: 24)
        for _ in 0..<50_000 {
            let number = Double.random(in: -180...180, using: &random)
            try check(number)
            for decimals in [1e2, 1e4, 1e7] { try check((number * decimals).rounded() / decimals) }
            // Where the point leaves the digits, and where the exponent begins.
            try check(number * 1e14)
            try check(number * 1e-5)
        }
    }

    @Test func agreesForIntegers() throws {
        for number in [
            0.0, -0.0, 1, 10, 9_007_199_254_740_991, 9_007_199_254_740_992, 9_007_199_254_740_994,
            18_014_398_509_481_984, 18_014_398_509_481_988, 1e15, 1e16, 1e17, 1e22, 123_456_789_012_345_680,
        ] {
            try check(number)
            try check(-number)
        }
    }

    /// What the parser makes of a text, against the standard library's.
    @Test func readsDecimalsOfEveryLengthAndExponent() throws {
        var random = SeededRandom(seed: 23)
        for _ in 0..<60_000 {
            var text = random.below(2) == 0 ? "-" : ""
            text += String(random.below(random.below(2) == 0 ? 10 : 1_000_000_000))
            text += "."
            for _ in 0...random.below(24) { text += String(random.below(random.below(3) == 0 ? 1 : 10)) }
            if random.below(2) == 0 { text += "e\(random.below(660) - 340)" }
            let expected = Double(text) ?? .nan
            guard expected.isFinite else {
                #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
                continue
            }
            #expect(try JSONValue(parsing: text).doubleValue?.bitPattern == expected.bitPattern, "\(text)")
        }
    }
}
