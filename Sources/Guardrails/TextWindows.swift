// SPDX-License-Identifier: Apache-2.0

/// Cuts a long text into overlapping pieces, so that all of it is judged and what spans a cut is seen.
///
/// Lengths count Unicode scalars: a single character may hold any number of them.
package struct TextWindows: Sendable, Equatable {
    /// Of a piece, 1 or more.
    package let length: Int
    /// What a piece repeats of the one before, less than `length`.
    package let overlap: Int

    package init(length: Int, overlap: Int) {
        self.length = max(1, length)
        self.overlap = min(max(0, overlap), max(1, length) - 1)
    }

    /// One or more pieces; a text that fits is its only piece.
    package func pieces(of text: String) -> [String] {
        let scalars = text.unicodeScalars
        var pieces: [String] = []
        var start = scalars.startIndex
        while true {
            guard let end = scalars.index(start, offsetBy: length, limitedBy: scalars.endIndex),
                end != scalars.endIndex
            else {
                pieces.append(String(scalars[start...]))
                return pieces
            }
            pieces.append(String(scalars[start..<end]))
            start = scalars.index(end, offsetBy: -overlap)
        }
    }

    /// The end of `text`, at most `length`.
    static func end(of text: String, length: Int) -> String {
        let scalars = text.unicodeScalars
        guard let start = scalars.index(scalars.endIndex, offsetBy: -length, limitedBy: scalars.startIndex) else {
            return text
        }
        return String(scalars[start...])
    }
}
