// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// The label that an answer of a classification task is to name.
public struct LabelCheck: Sendable, Equatable {
    public var expected: String
    /// Where in a JSON answer the label stands; `nil` to look for it in the text.
    public var pointer: JSONPointer?
    /// The labels that there are.
    public var labels: [String]

    public init(_ expected: String, pointer: JSONPointer? = nil, labels: [String] = []) {
        self.expected = expected
        self.pointer = pointer
        self.labels = labels
    }

    /// The label that `answer` names: the whole answer, or the only label that stands in it as a word; `nil` when it names none or
    /// several. Case does not count.
    func label(in answer: EvalAnswer) -> String? {
        if let pointer {
            guard let value = answer.json.flatMap({ pointer.value(in: $0) }) else { return nil }
            let text = value.stringValue ?? (try? value.serialized()) ?? ""
            return known.first { $0.lowercased() == text.lowercased() } ?? text
        }
        let whole = answer.text.lowercased().trimmed { !$0.isLetter && !$0.isNumber }
        if let label = known.first(where: { $0.lowercased().trimmed { !$0.isLetter && !$0.isNumber } == whole }) {
            return label
        }
        return Self.onlyLabel(of: known, in: answer.text)
    }

    private var known: [String] { labels.contains(expected) ? labels : labels + [expected] }

    /// Longer labels first: in "not spam" stands the label "not spam", not "spam".
    private static func onlyLabel(of labels: [String], in text: String) -> String? {
        var letters = Array(text.lowercased())
        var found: [String] = []
        for label in labels.sorted(by: { $0.count > $1.count }) {
            let word = Array(label.lowercased())
            if take(word, from: &letters) { found.append(label) }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Takes each place out where `word` stands as a word of its own.
    private static func take(_ word: [Character], from letters: inout [Character]) -> Bool {
        guard !word.isEmpty, letters.count >= word.count else { return false }
        var isFound = false
        for start in 0...(letters.count - word.count) where letters[start..<start + word.count].elementsEqual(word) {
            let end = start + word.count
            let isFree = (start == 0 || !isWord(letters[start - 1])) && (end == letters.count || !isWord(letters[end]))
            guard isFree else { continue }
            isFound = true
            for place in start..<end { letters[place] = "\u{0}" }
        }
        return isFound
    }

    private static func isWord(_ letter: Character) -> Bool { letter.isLetter || letter.isNumber || letter == "_" }
}

extension String {
    /// The text without what `isEdge` says of its ends.
    func trimmed(_ isEdge: (Character) -> Bool = \.isWhitespace) -> String {
        guard let first = firstIndex(where: { !isEdge($0) }), let last = lastIndex(where: { !isEdge($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
