// SPDX-License-Identifier: Apache-2.0

/// Pages of a document as people write them: `0-2,4`, counted from 0.
package enum PageSelection {
    /// Pages that one selection may name; a provider reads at most 1,000 of a document.
    private static let limit = 10_000

    /// The pages of `text` in its order, each once.
    ///
    /// - Throws: ``SelectionError`` that says which part is wrong.
    package static func pages(_ text: String) throws(SelectionError) -> [Int] {
        var pages: [Int] = []
        var seen: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let range = try range(part)
            guard pages.count + range.count <= limit else {
                throw SelectionError("'\(text)' names more than \(limit) pages")
            }
            pages += range.filter { seen.insert($0).inserted }
        }
        return pages
    }

    private static func range(_ part: Substring) throws(SelectionError) -> ClosedRange<Int> {
        let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
        switch bounds.count {
        case 1: if let page = bounds[0] { return page...page }
        case 2: if let first = bounds[0], let last = bounds[1], first <= last { return first...last }
        default: break
        }
        throw SelectionError("expected pages from 0 such as '0-2,4', found '\(part)'")
    }

    private static func number(_ text: Substring) -> Int? {
        let digits = text.drop { $0 == " " }
        guard !digits.isEmpty, digits.count <= 9, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}

/// Why a text selects no pages.
package struct SelectionError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
