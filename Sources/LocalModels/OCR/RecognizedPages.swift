// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// What tesseract saw: pages of paragraphs of lines, from its table of words (`tesseract … tsv`).
struct RecognizedPages {
    struct Page: Equatable {
        /// Pixels.
        var width = 0
        var height = 0
        /// Paragraphs, an empty line between them.
        var text = ""
        /// 0…1: the mean over its words; `nil` without words.
        var confidence: Double?
    }

    private(set) var pages: [Page] = []

    /// Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
    ///
    /// - Throws: ``ModelError/Code/invalidResponse`` for another table.
    init(table: String) throws {
        var lines = table.split(separator: "\n", omittingEmptySubsequences: true)[...]
        guard lines.popFirst()?.hasPrefix("level\tpage_num\t") == true else {
            throw ModelError(.invalidResponse, "tesseract wrote no table of words")
        }
        var page = Page()
        var (sum, count) = (0.0, 0)
        func close() -> Page {
            var closed = page
            if count > 0 { closed.confidence = (sum / Double(count) * 100).rounded() / 10_000 }
            return closed
        }
        for line in lines {
            let columns = line.split(separator: "\t", maxSplits: 11, omittingEmptySubsequences: false)
            guard columns.count >= 11 else { continue }
            switch columns[0] {
            case "1":
                if page.width > 0 { pages.append(close()) }
                page = Page(width: Int(columns[8]) ?? 0, height: Int(columns[9]) ?? 0)
                (sum, count) = (0, 0)
            case "3" where !page.text.isEmpty: page.text += "\n"
            case "4" where !page.text.isEmpty: page.text += "\n"
            case "5" where columns.count == 12 && !columns[11].allSatisfy(\.isWhitespace):
                if let last = page.text.last, last != "\n" { page.text += " " }
                page.text += columns[11]
                sum += Double(columns[10]) ?? 0
                count += 1
            default: break
            }
        }
        if page.width > 0 { pages.append(close()) }
        for place in pages.indices { pages[place].text = PageText.tidy(pages[place].text) }
    }
}

/// The white space of a page.
enum PageText {
    /// Without spaces at the ends of lines, with one empty line at most between others, and none around it.
    static func tidy(_ text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let end = line.lastIndex { !$0.isWhitespace && $0 != "\u{C}" }
            let kept = end.map { line[...$0] } ?? ""
            if kept.isEmpty && lines.last?.isEmpty ?? true { continue }
            lines.append(kept)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}
