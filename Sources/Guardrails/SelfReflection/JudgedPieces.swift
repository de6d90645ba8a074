// SPDX-License-Identifier: Apache-2.0

/// What of a text is judged, one after another: pieces of a long one; and of a piece that speaks of judging its sentences, too.
///
/// A small model believes a text that ends with a verdict on itself (docs/guardrails-models.md has figures). By itself each sentence has
/// nobody to speak for it.
enum JudgedPieces {
    private static let windows = TextWindows(length: SelfReflectionGuardrail.textWindow, overlap: 200)
    /// Words of those who speak to a judge, in lower case.
    private static let judgesWords = [
        "moderat", "categor", "classif", "instruction", "verdict", "harmless", "is safe", "are safe", "answer \"",
        "system:",
        "assistant:", "<|", "[inst", "{\"",
    ]

    static func pieces(of text: String) -> [String] {
        windows.pieces(of: text).flatMap { piece in
            let sentences = speaksToJudge(piece) ? sentences(of: piece) : []
            return sentences.count > 1 ? [piece] + sentences : [piece]
        }
    }

    private static func speaksToJudge(_ text: String) -> Bool {
        let text = text.lowercased()
        return judgesWords.contains { text.contains($0) }
    }

    /// Parts up to a line's end, a mark of a chat template, or a full stop, question or exclamation mark before a space.
    static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var current = String.UnicodeScalarView()
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            let isEnd = scalar == "\n" || scalar == "<" || (".?!".unicodeScalars.contains(last) && scalar == " ")
            if isEnd {
                sentences.append(String(current))
                current = .init()
            }
            current.append(scalar)
            last = scalar
        }
        sentences.append(String(current))
        return sentences.filter { $0.contains(where: \.isLetter) }
    }
}
