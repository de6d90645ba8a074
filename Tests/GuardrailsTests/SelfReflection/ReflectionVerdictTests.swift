// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Testing

@testable import Guardrails

@Suite struct ReflectionVerdictTests {
    private let words = ["fraud", "physical harm", "not moderated"]

    private func token(_ text: String, _ alternatives: [(String, Double)] = []) -> TokenChoice {
        TokenChoice(text: text, alternatives: alternatives.map { (text: $0.0, probability: $0.1) })
    }

    private func probabilities(_ tokens: [TokenChoice]) -> [String: Double]? {
        ReflectionVerdict.probabilities(of: words, key: "category", in: tokens)
    }

    /// However the model's words are cut into tokens: the alternatives are those of the token that begins the value.
    @Test(arguments: 0...14, 15...20) func findsTheTokenThatBeginsTheValue(first: Int, second: Int) {
        let text = Array(#"{"category": "fraud"}"#)
        let start = 14
        let cuts = [0, first, second, text.count].sorted()
        let tokens = zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.map { from, to -> TokenChoice in
            let text = String(text[from..<to])
            guard (from..<to).contains(start) else { return token(text, [("not", 1)]) }
            // What stands before the value in its token is the same in all that could have stood there.
            let before = String(text.prefix(start - from))
            return token(text, [(before + "fra", 0.6), (before + "phys", 0.2), ("other", 0.2)])
        }
        #expect(probabilities(tokens)?.mapValues { ($0 * 1000).rounded() } == ["fraud": 750, "physical harm": 250])
    }

    @Test func aByteATokenWillDo() {
        var tokens = Array(#"{"category":"fraud"}"#).map { token(String($0)) }
        tokens[13] = token("f", [("f", 0.5), ("p", 0.25), ("n", 0.25)])
        #expect(probabilities(tokens) == ["fraud": 0.5, "physical harm": 0.25, "not moderated": 0.25])
    }

    @Test func theLastKeyIsTheOne() {
        let tokens = [
            token(#"{"why":"\"category\": \"fraud\"","category":""#), token("not", [("not", 1)]),
        ]
        #expect(probabilities(tokens) == ["not moderated": 1])
    }

    /// A score from noise would be worse than none.
    @Test func tellsNothingWhereTheTokensShowNothing() {
        #expect(probabilities([]) == nil)
        #expect(probabilities([token(#"{"category""#)]) == nil)
        #expect(probabilities([token(#"{"category":""#)]) == nil)
        #expect(probabilities([token(#"{"category":""#), token("x")]) == nil)
        #expect(probabilities([token(#"{"category":""#), token("x", [("x", 0.9), ("fra", 0.0005)])]) == nil)
        #expect(probabilities([token("fraud", [("fraud", 1)])]) == nil)
    }

    @Test func theWordCountsWithoutProbabilities() {
        #expect(ReflectionVerdict(word: "fraud").category(from: 1) == "fraud")
        #expect(ReflectionVerdict(word: ReflectionCategory.none).category(from: 0) == nil)
        let sure = ReflectionVerdict(word: "fraud", probabilities: ["not moderated": 0.5, "a": 0.25, "b": 0.25])
        #expect(sure.category(from: 0.5) == "a" && sure.category(from: 0.51) == nil)
    }
}

@Suite struct TextWindowsTests {
    /// All of a text is in its pieces, each cut repeats what it must, and no piece is too long.
    @Test(arguments: 0...40, [(1, 0), (5, 2), (7, 6), (40, 10), (3, 9)])
    func piecesHoldAllOfATextInOrder(count: Int, sizes: (length: Int, overlap: Int)) {
        let text = String(String.UnicodeScalarView((0..<count).map { Unicode.Scalar(UInt8(0x30 + $0)) }))
        let windows = TextWindows(length: sizes.length, overlap: sizes.overlap)
        let pieces = windows.pieces(of: text)
        var whole = pieces[0]
        for piece in pieces.dropFirst() {
            #expect(whole.hasSuffix(piece.prefix(windows.overlap)))
            whole += piece.dropFirst(windows.overlap)
        }
        #expect(whole == text)
        #expect(pieces.allSatisfy { $0.unicodeScalars.count <= windows.length })
    }

    /// A single character may hold more than a window.
    @Test func aCharacterWithoutEndIsCut() {
        let text = "a" + String(repeating: "\u{301}", count: 100)
        #expect(text.count == 1)
        #expect(TextWindows(length: 10, overlap: 1).pieces(of: text).count == 12)
        #expect(TextWindows.end(of: text, length: 5).unicodeScalars.count == 5)
        #expect(TextWindows.end(of: "ab", length: 5) == "ab")
    }
}
