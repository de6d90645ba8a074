// SPDX-License-Identifier: Apache-2.0

/// What around a phrase makes it weigh less or more: whether the text is about attacks, quotes, and markup that hides.
struct InjectionContext {
    private let text: TextView
    /// Whether the text speaks of attacks or of chat templates.
    private let isTalk: Bool
    private let hidden: [Range<Int>]

    /// Between its quotes a phrase is this long at most.
    private static let quoteBytes = 160

    init(_ text: TextView, _ words: [FoldedText.Word]) {
        self.text = text
        hidden = MarkupScan.hiddenRanges(in: text)
        var talk = 0
        var isInjection = false
        for (index, word) in words.enumerated() {
            if word.groups.contains(.talk) { talk += 1 }
            if word.groups.contains(.injection) {
                let around = words[max(0, index - 2)..<min(words.count, index + 4)]
                isInjection = isInjection || around.contains { $0.groups.contains(.prompt) }
            }
        }
        isTalk = isInjection || talk >= 2
    }

    func isHidden(_ index: Int) -> Bool {
        var (lower, upper) = (0, hidden.count)
        while lower < upper {
            let middle = (lower + upper) / 2
            if hidden[middle].upperBound <= index { lower = middle + 1 } else { upper = middle }
        }
        return lower < hidden.count && hidden[lower].contains(index)
    }

    /// Of the weight of a phrase.
    func factor(for range: Range<Int>) -> Double {
        guard isTalk, !isHidden(range.lowerBound) else { return 1 }
        return isQuoted(range) ? 0.4 : 0.85
    }

    func factor(forMarkerAt index: Int) -> Double { isTalk ? 0.55 : 1 }

    private func isQuoted(_ range: Range<Int>) -> Bool {
        guard isQuote(before: range.lowerBound) || isQuote(before: range.lowerBound - 1) else { return false }
        var index = range.upperBound
        while index < min(text.count, range.lowerBound + Self.quoteBytes) {
            if text[index].isQuote { return true }
            if text[index] == 0xE2, text[index + 1] == 0x80, (0x98...0x9E).contains(text[index + 2]) { return true }
            if text[index] == 0xC2, text[index + 1] == 0xBB { return true }
            index += 1
        }
        return false
    }

    /// `"`, `'`, a backtick, or one of ‘ ’ ‚ “ ” „ «.
    private func isQuote(before index: Int) -> Bool {
        if text[index - 1].isQuote { return true }
        if text[index - 3] == 0xE2, text[index - 2] == 0x80 { return (0x98...0x9E).contains(text[index - 1]) }
        if text[index - 2] == 0xC2, text[index - 1] == 0xAB { return true }
        return text[index - 2] == 0xC2 && text[index - 1] == 0xA0 && text[index - 4] == 0xC2 && text[index - 3] == 0xAB
    }
}
