// SPDX-License-Identifier: Apache-2.0

/// One line of a document.
struct TextLine: Equatable {
    enum Role: Equatable {
        case text
        case blank
        case heading(level: Int, title: String)
        /// In a fenced block, or one of its fences. The number tells blocks apart.
        case fenced(block: Int)
    }

    /// With its line feed.
    var bytes: Range<Int>
    var role: Role

    /// The lines of `source`, without roles but `blank`.
    static func split(_ source: [UInt8]) -> [TextLine] {
        var lines: [TextLine] = []
        // A byte order mark belongs to no line.
        var start = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < source.count {
            let end = source[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? source.count
            let isBlank = source[start..<end].allSatisfy(\.isWhiteSpace)
            lines.append(TextLine(bytes: start..<end, role: isBlank ? .blank : .text))
            start = end
        }
        return lines
    }
}

extension UInt8 {
    /// Space, tab, and what ends lines.
    var isWhiteSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}

/// Finds the headings and fenced blocks of Markdown, line by line. Rules: CommonMark 0.31 §4.2, §4.3, §4.5.
struct MarkdownScanner {
    private let source: [UInt8]
    private var fence: (mark: UInt8, count: Int)?
    private var blocks = 0

    init(_ source: [UInt8]) { self.source = source }

    /// `lines` with their roles.
    mutating func roles(_ lines: [TextLine]) -> [TextLine] {
        var lines = lines
        for index in lines.indices {
            let line = indented(source[lines[index].bytes])
            if index == 0, isFrontMatter(line, lines) { fence = (UInt8(ascii: "-"), 3) }
            if let open = fence {
                lines[index].role = .fenced(block: blocks)
                if index > 0, closes(line, open) { endFence() }
            } else if let opened = opening(line) {
                fence = opened
                lines[index].role = .fenced(block: blocks)
            } else if let heading = heading(line) {
                lines[index].role = heading
            } else if let level = underline(line), let title = title(before: index, lines) {
                lines[index - 1].role = .heading(level: level, title: title)
            }
        }
        return lines
    }

    private mutating func endFence() {
        fence = nil
        blocks += 1
    }

    /// The line without its indentation and its end; `nil` when it is indented by four or more, which makes it code.
    private func indented(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let rest = line.drop { $0 == 0x20 }
        guard rest.startIndex - line.startIndex <= 3, rest.first != 0x09 else { return nil }
        return rest.trimmedEnd
    }

    /// `---` as the first line, and another one after it: metadata, as many programs write it.
    private func isFrontMatter(_ line: ArraySlice<UInt8>?, _ lines: [TextLine]) -> Bool {
        guard let line, line.elementsEqual("---".utf8) else { return false }
        return lines.dropFirst().prefix(200).contains { source[$0.bytes].trimmedEnd.elementsEqual("---".utf8) }
    }

    private func opening(_ line: ArraySlice<UInt8>?) -> (mark: UInt8, count: Int)? {
        guard let line, let mark = line.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else {
            return nil
        }
        let count = line.prefix { $0 == mark }.count
        guard count >= 3 else { return nil }
        // §4.5: an info string after backticks holds none.
        if mark == UInt8(ascii: "`"), line.dropFirst(count).contains(mark) { return nil }
        return (mark, count)
    }

    private func closes(_ line: ArraySlice<UInt8>?, _ fence: (mark: UInt8, count: Int)) -> Bool {
        guard let line else { return false }
        return line.count >= fence.count && line.allSatisfy { $0 == fence.mark }
    }

    private func heading(_ line: ArraySlice<UInt8>?) -> TextLine.Role? {
        guard let line else { return nil }
        let level = line.prefix { $0 == UInt8(ascii: "#") }.count
        guard (1...6).contains(level) else { return nil }
        let rest = line.dropFirst(level)
        guard rest.isEmpty || rest.first == 0x20 || rest.first == 0x09 else { return nil }
        return .heading(level: level, title: Self.title(withoutClosing(rest.drop(while: \.isWhiteSpace))))
    }

    /// §4.2: hashes at the end are no part of the heading when white space comes before them.
    private func withoutClosing(_ title: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = title.lastIndex { $0 != UInt8(ascii: "#") }
        guard let end else { return title.prefix(0) }
        return title[end].isWhiteSpace ? title[...end].trimmedEnd : title
    }

    private func underline(_ line: ArraySlice<UInt8>?) -> Int? {
        guard let line, let mark = line.first, line.allSatisfy({ $0 == mark }) else { return nil }
        return mark == UInt8(ascii: "=") ? 1 : mark == UInt8(ascii: "-") && line.count > 1 ? 2 : nil
    }

    /// The line before an underline, if it is a paragraph of its own.
    private func title(before index: Int, _ lines: [TextLine]) -> String? {
        guard index > 0, lines[index - 1].role == .text, let line = indented(source[lines[index - 1].bytes]),
            let first = line.first, !"-*+>|".utf8.contains(first)
        else { return nil }
        if index > 1, lines[index - 2].role == .text { return nil }
        return Self.title(line)
    }

    private static func title(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension ArraySlice<UInt8> {
    /// Without white space at the end.
    var trimmedEnd: ArraySlice<UInt8> {
        guard let last = lastIndex(where: { !$0.isWhiteSpace }) else { return prefix(0) }
        return self[...last]
    }
}
