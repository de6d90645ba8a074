// SPDX-License-Identifier: Apache-2.0

/// What a person types into a search, as words.
struct SearchWords {
    private let words: [Substring]
    /// Whether there is anything to be found.
    let hasLetters: Bool
    /// Whether words are what is searched for: scripts without blanks between words have none to be found by.
    let isForWords: Bool

    init(_ text: String) {
        // SQLite's texts end at a NUL.
        words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 } }
        hasLetters = !words.isEmpty
        let isSpaced = text.unicodeScalars.allSatisfy { !(0x0E00...0x0EFF).contains($0.value) && $0.value < 0x2E80 }
        isForWords = isSpaced && !words.isEmpty && words.allSatisfy { $0.contains { $0.isLetter || $0.isNumber } }
    }

    /// What is searched letter by letter.
    var letters: String { words.joined(separator: " ") }

    /// Every word, or one that begins so, in any order (FTS5 §3.2: a quote within quotes is doubled).
    var query: String {
        words.map {
            "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"*"
        }
        .joined(separator: " ")
    }
}
