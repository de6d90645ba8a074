// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Evaluation  // for the tail of the binomial distribution

@Suite struct PairedFiguresTests {
    /// 2 · Σ C(n, i) / 2^n: 5 against 1 is 2 · (1 + 6) / 64, 10 against 2 is 2 · (1 + 12 + 66) / 4096.
    private static let byHand: [(Int, Int, Double)] = [
        (5, 1, 0.21875), (1, 5, 0.21875), (3, 3, 1), (0, 0, 1), (0, 5, 0.0625), (0, 1, 1), (10, 2, 158.0 / 4096),
    ]

    @Test(arguments: byHand)
    func pIsTheExactBinomialOne(first: Int, second: Int, p: Double) {
        let figures = PairedFigures(onlyFirst: first, onlySecond: second)
        #expect((figures.pValue - p).magnitude < 1e-12, "\(figures.pValue)")
    }

    /// R: `binom.test(59, 180)$p.value` is 4.4e-06 and `binom.test(2, 12)$p.value` 0.03857.
    @Test func pIsThatOfPublishedTables() {
        let large = PairedFigures(bothRight: 101, onlyFirst: 121, onlySecond: 59, bothWrong: 33).pValue
        #expect(large > 3e-6 && large < 6e-6, "\(large)")
        let small = PairedFigures(onlyFirst: 10, onlySecond: 2).pValue
        #expect((small - 0.03857).magnitude < 0.00001)
    }

    @Test func manyCasesNeitherOverflowNorVanish() {
        #expect((PairedFigures.lowerTail(of: 100_001, upTo: 50_000) - 0.5).magnitude < 1e-9)
        let p = PairedFigures(onlyFirst: 50_500, onlySecond: 49_500).pValue
        // The normal approximation with continuity correction: z = 999.5 / √100,000 … 0.00158.
        #expect((p - 0.00158).magnitude < 0.0001, "\(p)")
        #expect(PairedFigures(onlyFirst: 5000, onlySecond: 0).pValue == 0)
    }

    @Test func differenceIsSecondLessFirst() throws {
        let figures = PairedFigures(bothRight: 6, onlyFirst: 1, onlySecond: 2, bothWrong: 1)
        #expect(figures.count == 10)
        #expect((try #require(figures.difference) - 0.1).magnitude < 1e-12)
        #expect(PairedFigures().difference == nil)
        #expect(PairedFigures().interval == nil)
    }

    /// By hand, with b = 1, c = 8 of 50: p12 = 2/52, p21 = 9/52, difference 7/52 = 0.1346,
    /// √((11/52 − 0.1346²) / 52) = 0.0610, so 0.1346 ± 1.96 · 0.0610.
    @Test func intervalIsThatOfBonettAndPrice() throws {
        let interval = try #require(
            PairedFigures(bothRight: 36, onlyFirst: 1, onlySecond: 8, bothWrong: 5).interval)
        #expect((interval.lowerBound - 0.0151).magnitude < 0.0003, "\(interval)")
        #expect((interval.upperBound - 0.2542).magnitude < 0.0003, "\(interval)")
    }

    @Test func noteSortsIntoFour() {
        var figures = PairedFigures()
        for (first, second) in [(true, true), (true, false), (false, true), (false, false), (false, true)] {
            figures.note(first: first, second: second)
        }
        #expect(figures == PairedFigures(bothRight: 1, onlyFirst: 1, onlySecond: 2, bothWrong: 1))
    }
}
