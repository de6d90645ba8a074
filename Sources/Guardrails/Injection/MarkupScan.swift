// SPDX-License-Identifier: Apache-2.0

/// What HTML and Markdown do not show to people, and images that would carry data away.
enum MarkupScan {
    private static let styles = [
        "display:none", "display: none", "visibility:hidden", "visibility: hidden", "font-size:0", "font-size: 0",
        "opacity:0;", "opacity: 0;",
        "opacity:0\"", "color:#fff", "color: #fff", "color:white", "color: white", "left:-9999", "aria-hidden=\"true\"",
        " hidden>",
    ].allBytes
    /// How much of a hidden element is taken for its text.
    private static let elementBytes = 2048
    private static let tagBytes = 512

    /// Comments, and what follows a tag with a style that hides, up to the end of an element.
    static func hiddenRanges(in text: TextView) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = 0
        while index < text.count {
            guard text.bytes[index] == UInt8(ascii: "<"), let range = hidden(in: text, at: index) else {
                index += 1
                continue
            }
            ranges.append(range)
            index = range.upperBound
        }
        return ranges
    }

    private static let commentStart = Array("<!--".utf8)
    private static let commentEnd = Array("-->".utf8)

    private static func hidden(in text: TextView, at index: Int) -> Range<Int>? {
        if text.hasExactly(commentStart, at: index) {
            var end = index + 4
            while end < text.count, !text.hasExactly(commentEnd, at: end) { end += 1 }
            return index..<max(end, index + 1)
        }
        guard text[index + 1].isLetter else { return nil }
        let tagEnd = text.end(from: index + 1, limit: tagBytes) { $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "<") }
        guard text[tagEnd] == UInt8(ascii: ">"), hides(text, index..<tagEnd + 1) else { return nil }
        var end = tagEnd + 1
        while end < min(text.count, tagEnd + elementBytes),
            text[end] != UInt8(ascii: "<") || text[end + 1] != UInt8(ascii: "/")
        {
            end += 1
        }
        return index..<end
    }

    private static func hides(_ text: TextView, _ tag: Range<Int>) -> Bool {
        tag.contains { index in
            (text[index].isLetter || text[index] == 0x20) && styles.contains { text.has($0, at: index) }
        }
    }

    // MARK: - Images

    /// The addresses of Markdown images: `![…](https://…)`.
    static func images(in text: TextView) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < text.count {
            defer { index += 1 }
            guard text.bytes[index] == UInt8(ascii: "!"), text[index + 1] == UInt8(ascii: "[") else { continue }
            let name = text.end(from: index + 2, limit: 256) { $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "[") }
            guard text[name] == UInt8(ascii: "]"), text[name + 1] == UInt8(ascii: "("),
                text.has(Array("http".utf8), at: name + 2)
            else {
                continue
            }
            let end = text.end(from: name + 2, limit: 2048) { $0 != UInt8(ascii: ")") && !$0.isSpace }
            found.append(name + 2..<end)
        }
        return found
    }

    /// Whether an address has a query in which something is still to be filled in, or more than a badge needs.
    static func carriesData(_ text: TextView, _ address: Range<Int>) -> Bool {
        guard let query = text.bytes[address].firstIndex(of: UInt8(ascii: "?")) else { return false }
        let values = text.bytes[query + 1..<address.upperBound]
        return values.contains { "{}[]<$".utf8.contains($0) } || values.count > 200
    }
}
