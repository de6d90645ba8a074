// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONParserNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("-7", -7), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("999999999999999999", 999_999_999_999_999_999), ("1000000000000000000", 1_000_000_000_000_000_000),
            ("9007199254740993", 9_007_199_254_740_993),
        ] as [(String, Int64)]) func keepsIntegersExactly(text: String, expected: Int64) throws
    {
        #expect(try JSONValue(parsing: text) == .integer(expected))
        #expect(try JSONValue(parsing: "[\(text)]").serialized() == "[\(text)]")
    }

    @Test(arguments: [
        "1.0", "-1.5", "0.1", "1e22", "1e23", "123456789.123456789", "2.2250738585072014e-308", "5e-324",
        "1.7976931348623157e308",
        "9007199254740993.0", "0.000001", "1e-7", "4.35", "2.2250738585072011e-308", "1E5",
        "3e-5",
        "8.5e+3", "0.30000000000000004", "9223372036854775808", "-9223372036854775809", "18446744073709551615",
        "7.2057594037927933e16", "6.02214076e23", "0e99999999999", "0.0e5", "1e-99999999999999999999", "-1e-400",
    ]) func roundsDoublesCorrectly(text: String) throws {
        let value = try JSONValue(parsing: text)
        guard case .number(let number) = value else {
            Issue.record("\(value) is not a number")
            return
        }
        #expect(number.bitPattern == Double(text)?.bitPattern)
    }

    @Test func keepsTheSignOfZero() throws {
        for text in ["-0", "-0.0", "-0e1"] {
            guard case .number(let number) = try JSONValue(parsing: text) else {
                Issue.record("\(text) is not a number")
                continue
            }
            #expect(number == 0 && number.sign == .minus)
        }
        #expect(try JSONValue(parsing: "-0").serialized() == "-0.0")
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"])
    func refusesBigIntegersWhenAsked(text: String) throws {
        let limits = JSONLimits(bigNumbers: .refuse)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: limits) }
        #expect(error?.code == .numberOutOfRange)
        #expect(error?.offset == 0)
        #expect(try JSONValue(parsing: "[-0,9223372036854775807,1e30]", limits: limits)[1] == .integer(.max))
    }

    @Test(arguments: ["1e309", "-1e309", "1e99999999999999999999"]) func refusesWhatNoFiniteDoubleHolds(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: " \(text)") }
        #expect(error?.code == .numberOutOfRange)
        #expect(error?.offset == 1)
    }

    @Test func refusesIntegersBeyondEveryDouble() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "1" + String(repeating: "0", count: 400)) }
        #expect(error?.code == .numberOutOfRange)
    }

    @Test func readsRandomDoublesBack() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            let text = number.description
            guard case .number(let read) = try JSONValue(parsing: text) else {
                Issue.record("\(text) is not a number")
                continue
            }
            #expect(read.bitPattern == number.bitPattern)
        }
    }
}
