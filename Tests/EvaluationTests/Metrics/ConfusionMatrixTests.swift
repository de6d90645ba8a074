// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Testing

@Suite struct ConfusionMatrixTests {
    private func matrix(_ pairs: [(String, String?)]) -> ConfusionMatrix {
        pairs.reduce(into: ConfusionMatrix()) { $0.note(expected: $1.0, got: $1.1) }
    }

    /// The example of scikit-learn's `precision_recall_fscore_support`: y_true = cat dog pig cat dog pig,
    /// y_pred = cat pig dog cat cat dog; macro precision 0.2222, recall 0.3333, F1 0.2667; micro 0.3333.
    @Test func figuresAreThoseOfScikitLearn() throws {
        let matrix = matrix([
            ("cat", "cat"), ("dog", "pig"), ("pig", "dog"), ("cat", "cat"), ("dog", "cat"), ("pig", "dog"),
        ])
        #expect((try #require(matrix.macro(\.precision)) - 2.0 / 9).magnitude < 1e-12)
        #expect((try #require(matrix.macro(\.recall)) - 1.0 / 3).magnitude < 1e-12)
        #expect((try #require(matrix.macro(\.f1)) - 0.8 / 3).magnitude < 1e-12)
        #expect(matrix.micro.precision == 1.0 / 3 && matrix.micro.recall == 1.0 / 3 && matrix.micro.f1 == 1.0 / 3)
        #expect(matrix.accuracy == 1.0 / 3)
    }

    @Test func precisionOfALabelThatNeverCameIsNotDefined() {
        let scores = matrix([("a", "b"), ("b", "b")]).scores(of: "a")
        #expect(scores.precision == nil)
        #expect(scores.recall == 0)
        #expect(scores.f1 == 0)
    }

    @Test func recallOfALabelThatWasNeverExpectedIsNotDefined() {
        let scores = matrix([("a", "b"), ("a", "a")]).scores(of: "b")
        #expect(scores.precision == 0)
        #expect(scores.recall == nil)
        #expect(scores.f1 == 0)
    }

    @Test func nothingIsDefinedOfALabelThatNeitherWasExpectedNorCame() {
        let scores = matrix([("a", "a")]).scores(of: "z")
        #expect(scores.precision == nil && scores.recall == nil && scores.f1 == nil)
    }

    @Test func nothingIsDefinedOfNoCases() {
        let empty = ConfusionMatrix()
        #expect(empty.accuracy == nil && empty.macro(\.f1) == nil && empty.micro.f1 == nil && empty.isEmpty)
    }

    @Test func aMeanIsNotDefinedWhenOneOfItsScoresIsNot() {
        let matrix = matrix([("a", "b"), ("b", "b")])
        #expect(matrix.macro(\.precision) == nil)
        #expect(matrix.macro(\.recall) == 0.5)
    }

    @Test func anAnswerWithoutALabelIsMissedAndNoPrediction() {
        let matrix = matrix([("a", nil), ("a", "a"), ("b", "b")])
        #expect(matrix.got == ["a", "b", ConfusionMatrix.none])
        #expect(matrix["a", ConfusionMatrix.none] == 1)
        #expect(matrix.scores(of: "a").recall == 0.5)
        #expect(matrix.scores(of: "a").precision == 1)
        #expect(matrix.micro.precision == 1)
        #expect(matrix.micro.recall == 2.0 / 3)
    }

    @Test func labelsKeepTheOrderOfTheirFirstCase() {
        let matrix = matrix([("z", "q"), ("a", "z"), ("z", "z")])
        #expect(matrix.expected == ["z", "a"])
        #expect(matrix.got == ["z", "a", "q"])
        #expect(matrix.support(of: "z") == 2)
    }
}
