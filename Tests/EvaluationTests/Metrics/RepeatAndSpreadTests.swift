// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Testing

@Suite struct RepeatFiguresTests {
    private func figures(_ cases: [(Int, Int)]) -> RepeatFigures {
        cases.reduce(into: RepeatFigures()) { $0.note(judged: $1.0, passed: $1.1) }
    }

    @Test func alwaysEverAndFlakyAreToldApart() {
        let figures = figures([(4, 4), (4, 0), (4, 1), (4, 3), (0, 0)])
        #expect(figures.cases.count == 4, "what was never judged is no case")
        #expect(figures.always == 1 && figures.ever == 3 && figures.flaky == 2)
        #expect(figures.passRate.value == 0.5)
    }

    /// By hand for n = 5, c = 2: pass@2 = 1 − C(3,2)/C(5,2) = 0.7, pass^2 = C(2,2)/C(5,2) = 0.1.
    @Test func passAtKIsUnbiased() throws {
        let figures = figures([(5, 2)])
        #expect((try #require(figures.anyPass(of: 2)) - 0.7).magnitude < 1e-12)
        #expect((try #require(figures.allPass(of: 2)) - 0.1).magnitude < 1e-12)
        #expect(figures.anyPass(of: 5) == 1)
        #expect(figures.allPass(of: 5) == 0)
        #expect((try #require(figures.anyPass(of: 1)) - 0.4).magnitude < 1e-12)
    }

    @Test func moreTriesThanThereWereAreNotDefined() {
        #expect(figures([(3, 1), (2, 1)]).anyPass(of: 3) == nil)
        #expect(figures([]).anyPass(of: 1) == nil)
    }
}

@Suite struct SpreadTests {
    @Test func quantilesAreValuesThatWereMeasured() {
        let spread = Spread((1...20).map(Double.init))
        #expect(spread.quantile(0.5) == 10)
        #expect(spread.quantile(0.95) == 19)
        #expect(spread.quantile(1) == 20)
        #expect(Spread([7]).quantile(0.5) == 7)
        #expect(Spread([]).quantile(0.5) == nil && Spread([]).maximum == nil && Spread([]).mean == nil)
    }

    @Test func aHistogramHoldsEachValueOnce() {
        #expect(Spread([0, 1, 2, 3, 4]).histogram(4) == [1, 1, 1, 2])
        #expect(Spread([0, 0]).histogram(3) == [2, 0, 0])
        #expect(Spread([]).histogram(3) == [0, 0, 0])
    }
}
