// SPDX-License-Identifier: Apache-2.0

/// Cuts a text that comes in pieces into sentences. Joined together they are the text, and where they are cut does not hang on
/// how the text was cut into pieces.
///
/// A sentence of at least two words ends with `.`, `!`, `?`, `…` or their like, closing quotes and brackets behind them, and one
/// white space; with `。`, `！` or `？` without any; or with an empty line. A line feed alone ends none: what spans lines, such as a
/// key in PEM form, is judged as one.
struct SentenceSplitter: Sendable {
    /// What has not ended yet.
    private(set) var rest: [Unicode.Scalar] = []
    private var state = State.inside
    /// Whether a white space stands between two words of the sentence.
    private var hasTwoWords = false
    private var hasWord = false
    private var hasGap = false

    private enum State {
        case inside
        /// Behind a terminator and what closes after it.
        case behindTerminator
        /// The same for those of scripts that put no space between sentences.
        case behindFullStop
        /// Behind a line feed, and white space after it.
        case lineStart
    }

    /// - Returns: the sentences that have ended with `piece`.
    mutating func append(_ piece: String) -> [String] {
        var sentences: [String] = []
        for scalar in piece.unicodeScalars { take(scalar, &sentences) }
        return sentences
    }

    /// What is left at the end of the text; empty when nothing is.
    mutating func end() -> String { cut() }

    private mutating func take(_ scalar: Unicode.Scalar, _ sentences: inout [String]) {
        if state == .behindFullStop, !Self.closes(scalar), !Self.endsIdeographic(scalar), !Self.isSpace(scalar) {
            sentences.append(cut())
        }
        rest.append(scalar)
        noteWord(scalar)
        switch state {
        case .lineStart where scalar == "\n": sentences.append(cut())
        case .behindTerminator where Self.isSpace(scalar) && hasTwoWords,
            .behindFullStop where Self.isSpace(scalar):
            sentences.append(cut())
        default: state = next(scalar)
        }
    }

    private func next(_ scalar: Unicode.Scalar) -> State {
        if scalar == "\n" { return .lineStart }
        if Self.endsIdeographic(scalar) { return .behindFullStop }
        if Self.ends(scalar) { return .behindTerminator }
        switch state {
        case .behindTerminator where Self.closes(scalar), .behindFullStop where Self.closes(scalar),
            .lineStart where Self.isSpace(scalar):
            return state
        default: return .inside
        }
    }

    private mutating func noteWord(_ scalar: Unicode.Scalar) {
        if Self.isSpace(scalar) {
            if hasWord { hasGap = true }
        } else if !Self.ends(scalar), !Self.closes(scalar) {
            if hasGap { hasTwoWords = true }
            hasWord = true
        }
    }

    private mutating func cut() -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: rest)
        self = SentenceSplitter()
        return String(text)
    }

    private static func ends(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "!", "?", "…", "‼", "⁇", "⁈", "⁉", "؟", "۔", "।", "॥", "።", "։": true
        default: false
        }
    }

    private static func endsIdeographic(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "。", "！", "？", "｡", "．": true
        default: false
        }
    }

    private static func closes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "'", ")", "]", "}", "”", "’", "»", "›", "“", "‘", "」", "』", "）", "】", "*", "_", "`": true
        default: false
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
}
