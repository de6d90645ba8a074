// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RunStores

@Suite struct TopHitsTests {
    @Test func keepsTheBestInOrder() {
        var random = SplitMix(state: 3)
        for limit in [1, 2, 7, 50] {
            // Few different scores, so that many are equal.
            let scores = (0..<200).map { _ in Float(Int.random(in: 0..<40, using: &random)) }
            var (left, right) = (TopHits(limit), TopHits(limit))
            for (row, score) in scores.enumerated() where row % 3 != 0 { left.offer(row, score) }
            for (row, score) in scores.enumerated() where row % 3 == 0 { right.offer(row, score) }
            left.merge(right)
            let sorted = scores.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
            #expect(left.sorted.map(\.row) == sorted.prefix(limit).map(\.offset))
        }
    }
}
