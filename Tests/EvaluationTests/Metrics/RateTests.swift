// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Testing

@Suite struct RateTests {
    /// Values of R: `prop.test(x, n, correct = FALSE)$conf.int`, which is Wilson's interval; 15 of 148 is Newcombe's example (1998, table I).
    @Test(arguments: [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
        (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0),
    ])
    func intervalIsWilsons(successes: Int, count: Int, low: Double, high: Double) throws {
        let interval = try #require(Rate(successes, of: count).interval)
        #expect((interval.lowerBound - low).magnitude < 0.0001, "\(interval)")
        #expect((interval.upperBound - high).magnitude < 0.0001, "\(interval)")
    }

    @Test func aShareOfNothingIsNotDefined() {
        #expect(Rate(0, of: 0).value == nil)
        #expect(Rate(0, of: 0).interval == nil)
    }

    @Test func endsOfTheIntervalAreExactAtNothingAndAll() {
        #expect(Rate(0, of: 7).interval?.lowerBound == 0)
        #expect(Rate(7, of: 7).interval?.upperBound == 1)
    }

    @Test func brokenSuccessesOfRepeatsCount() {
        #expect(Rate(1.5, of: 3).value == 0.5)
    }

    @Test func intervalsAlwaysHoldTheShareAndShrinkWithMoreCases() throws {
        for count in [1, 2, 3, 10, 100, 1000] {
            for successes in 0...count {
                let rate = Rate(successes, of: count)
                let interval = try #require(rate.interval)
                #expect(interval.contains(rate.value ?? -1) && interval.lowerBound >= 0 && interval.upperBound <= 1)
            }
        }
        let widths = try [10, 100, 1000].map { count in
            let interval = try #require(Rate(count / 2, of: count).interval)
            return interval.upperBound - interval.lowerBound
        }
        #expect(widths[0] > widths[1] && widths[1] > widths[2])
    }
}
