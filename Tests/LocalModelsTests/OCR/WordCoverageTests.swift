// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import LocalModels

@Suite struct WordCoverageTests {
    @Test func wordsAreRunsOfLettersAndDigitsInLowerCase() {
        #expect(
            WordCoverage.words("Don’t PANIC: 42.5 km/h — naïve Ärger") == [
                "don", "t", "panic", "42", "5", "km", "h", "naïve", "ärger",
            ])
    }

    @Test func whatALinesEndDividesIsOneWord() {
        #expect(
            WordCoverage.words("a hyphen-\nated line, a semi-\n 3, well-known\nend-") == [
                "a", "hyphenated", "line", "a", "semi", "3", "well", "known", "end",
            ])
    }

    @Test func ligaturesAreSpelledOut() {
        #expect(WordCoverage.words("e\u{FB03}cient \u{FB01}le so\u{AD}ft") == ["efficient", "file", "soft"])
    }

    @Test func eachWordIsFoundAsOftenAsItIsThere() {
        let coverage = WordCoverage(of: "the cat, the dog", in: "The cat the dog the end")
        #expect(coverage == WordCoverage(words: 6, found: 4))
        #expect(coverage.share == 0.6667)
        #expect(coverage.fields == ["words": 6, "found": 4, "coverage": 0.6667])
    }

    @Test func aDroppedColumnIsSeenAndAnotherOrderIsNot() {
        let layer = TwoColumns.left.joined(separator: "\n") + "\n" + TwoColumns.right.joined(separator: "\n")
        let swapped = (TwoColumns.right + TwoColumns.left).joined(separator: "\n")
        #expect(WordCoverage(of: swapped, in: layer).share == 1)
        let half = WordCoverage(of: TwoColumns.left.joined(separator: "\n"), in: layer).share ?? 1
        #expect(half > 0.4 && half < 0.6)
    }

    @Test func withoutWordsThereIsNoShare() {
        #expect(WordCoverage(of: "anything", in: " \n— … ").share == nil)
    }
}
