// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentCore

@Suite struct DollarsTests {
    @Test(arguments: [
        ("0", 0), ("0.05", 50_000_000_000), ("1", 1_000_000_000_000), ("1.5e-3", 1_500_000_000), ("0.000000000001", 1),
        ("1e-12", 1), ("10.00", 10_000_000_000_000), ("007", 7_000_000_000_000), ("0e99", 0),
        ("9000000", 9_000_000_000_000_000_000),
        ("1E+2", 100_000_000_000_000),
    ]) func readsDecimals(text: String, picos: Int64) {
        #expect(Dollars(decimal: text)?.picodollars == picos)
    }

    @Test(arguments: [
        "", "-1", "+1", ".5", "5.", "1.2.3", "1e", "e5", "0.0000000000001", "1e-13", "1e7000", "99999999999", "0x10",
        "1 ", "nan",
        "inf", "1,5", "１",
    ]) func refusesWhatIsNoExactAmount(text: String) {
        #expect(Dollars(decimal: text) == nil)
    }

    @Test func takesNumbersAsTheyAreWritten() {
        #expect(Dollars(0.1)?.decimal == "0.1")
        #expect(Dollars(1e-7)?.decimal == "0.0000001")
        #expect(Dollars(3.0)?.decimal == "3")
        #expect(Dollars(.nan) == nil)
        #expect(Dollars(-0.5) == nil)
    }

    @Test func sumsDoNotDrift() {
        let tenth = Dollars(decimal: "0.1") ?? .zero
        #expect((0..<10).reduce(Dollars.zero) { sum, _ in sum + tenth }.decimal == "1")
    }

    @Test func sumsAndPricesStopAtTheMaximum() {
        #expect(Dollars.max + Dollars.max == .max)
        #expect(Dollars.max.of(.max, per: 1) == .max)
        #expect(Dollars.zero - Dollars.max == .zero)
        #expect(Dollars.max.buys(at: Dollars(picodollars: 1), per: 1_000_000) == .max)
    }

    @Test func roundsPartsOfAPicodollarUp() {
        #expect(Dollars(picodollars: 1).of(1, per: 60).picodollars == 1)
        #expect(Dollars(picodollars: 1).of(61, per: 60).picodollars == 2)
        #expect(Dollars(picodollars: 1).of(0, per: 60).picodollars == 0)
    }

    /// What goes into JSON as a number is the exact decimal again.
    @Test func theNumberOfJSONIsTheExactDecimal() {
        for picos in [1, 7_500, 11_700_000, 999_999_999_999_999, 123_456_789_012_345] as [Int64] {
            let dollars = Dollars(picodollars: picos)
            #expect(Dollars(dollars.doubleValue) == dollars)
        }
    }
}
