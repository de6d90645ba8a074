// SPDX-License-Identifier: Apache-2.0

/// The inside of a Markdown code fence (CommonMark §4.5), in which models wrap JSON though nobody asked for it.
enum FencedBlock {
    /// The body of the one fenced block of `text`. A block that nothing closes goes to the end.
    ///
    /// - Parameter alone: whether nothing but white space may stand around the block, which must be closed: of a text
    ///   that was cut off a block in the middle may be an example.
    /// - Returns: `nil` when there is no block, or more than one, so that it is open which is meant.
    static func body(of text: String, alone: Bool = false) -> String? {
        var body: [Substring]?
        var isInside = false
        var hasWordsAround = false
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            guard let opening = opening(of: line) else {
                if isInside { body?.append(line) } else if !line.allSatisfy(\.isWhitespace) { hasWordsAround = true }
                continue
            }
            if isInside {
                isInside = false
            } else if body != nil {
                return nil
            } else if let whole = wholeBlock(opening) {
                body = [whole]
            } else {
                (body, isInside) = ([], true)
            }
        }
        return alone && (isInside || hasWordsAround) ? nil : body?.joined(separator: "\n")
    }

    /// What stands behind the backticks or tildes of a line that begins with three of them.
    private static func opening(of line: Substring) -> Substring? {
        let text = line.drop { $0 == " " }
        guard let mark = text.first, mark == "`" || mark == "~" else { return nil }
        let rest = text.drop { $0 == mark }
        return text.count - rest.count >= 3 ? rest : nil
    }

    /// A block that is opened and closed in one line: ```` ```json {"a":1}``` ````.
    private static func wholeBlock(_ opening: Substring) -> Substring? {
        guard opening.hasSuffix("```"), let start = opening.firstIndex(where: { "{[\"".contains($0) }) else {
            return nil
        }
        return opening[start...].dropLast(3)
    }
}
