// SPDX-License-Identifier: Apache-2.0

/// Decides which part of an answer is judged next, and which may be shown. No I/O: every test is a list of calls.
struct AnswerRelease: Sendable {
    private let delay: GuardrailSet.Delay
    private var splitter = SentenceSplitter()
    /// What passed and is not shown yet, sentence by sentence.
    private var held: [String] = []
    /// All that has passed, in the words that it passed in.
    private(set) var passed = ""
    /// All that came.
    private(set) var received = ""
    private(set) var shownCharacters = 0

    init(_ delay: GuardrailSet.Delay) { self.delay = delay }

    /// Whether text is shown before it was judged.
    var isUnguarded: Bool { delay <= .sentences(0) }

    /// - Returns: the sentences that are to be judged now, one after another.
    mutating func receive(_ piece: String) -> [String] {
        received += piece
        if isUnguarded { shownCharacters += piece.count }
        return splitter.append(piece)
    }

    /// The last sentence, once no more comes; empty when there is none.
    mutating func end() -> String { splitter.end() }

    /// The next sentence passed, as `text`.
    ///
    /// - Returns: what may be shown now.
    mutating func pass(_ text: String) -> String {
        passed += text
        guard !isUnguarded else { return "" }
        held.append(text)
        guard case .sentences(let count) = delay else { return "" }
        return show(held.count - count + 1)
    }

    /// Everything has passed.
    mutating func finish() -> String { show(held.count) }

    private mutating func show(_ count: Int) -> String {
        guard count > 0 else { return "" }
        let text = held.prefix(count).joined()
        held.removeFirst(count)
        shownCharacters += text.count
        return text
    }
}
