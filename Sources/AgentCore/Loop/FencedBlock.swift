// SPDX-License-Identifier: Apache-2.0

/// The inside of a Markdown code fence (CommonMark §4.5), in which models wrap JSON though nobody asked for it.
enum FencedBlock {
    /// The body of the one fenced block of `text`, with or without words around it. A block that nothing closes goes to
    /// the end.
    ///
    /// - Returns: `nil` when there is no block, or more than one, so that it is open which is meant.
    static func body(of text: String) -> String? {
        var body: [Substring]?
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard let opening = opening(of: line) else {
                if isInside { body?.append(line) }
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
        return body?.joined(separator: "\n")
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
