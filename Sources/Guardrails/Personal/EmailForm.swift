// SPDX-License-Identifier: Apache-2.0

/// An e-mail address as people write it (RFC 5321 §4.1.2 without quoted strings), at a domain with a dot; internationalised ones
/// as well (RFC 6531).
enum EmailForm {
    /// RFC 5321 §4.5.3.1: 64 and 255 bytes.
    private static let localBytes = 64
    private static let domainBytes = 255

    /// What looks like a domain and is the name of a file, such as `icon@2x.png`.
    private static let fileEndings = Set(
        [
            "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "js", "ts", "css", "html", "json", "yaml", "yml", "toml",
            "txt", "pdf", "gz", "xz", "zip", "xml", "log", "conf", "service", "timer", "socket", "mount", "slice",
        ]
        .allBytes)

    /// - Parameter at: the place of the `@`.
    static func range(in text: TextView, at index: Int) -> Range<Int>? {
        let start = localStart(in: text, before: index)
        guard start < index, text[index - 1] != UInt8(ascii: "."), let end = domainEnd(in: text, from: index + 1),
            !isUserOfURL(text, start), !isRemotePath(text, start..<index, end)
        else { return nil }
        return start..<end
    }

    private static func localStart(in text: TextView, before index: Int) -> Int {
        var start = index
        while start > max(0, index - localBytes), isLocal(text, start - 1), !text.isEscape(endingAt: start) {
            start -= 1
        }
        while start < index, ".'-".utf8.contains(text[start]) { start += 1 }
        return start
    }

    private static func isLocal(_ text: TextView, _ index: Int) -> Bool {
        let byte = text[index]
        if byte < 0x80 { return byte.isWord || ".+-%'".utf8.contains(byte) }
        return byte & 0xC0 == 0x80 ? text.isWordBefore(index + 1) : (0xC3...0xDF).contains(byte)
    }

    private static func domainEnd(in text: TextView, from start: Int) -> Int? {
        var index = start
        var labelStart = start
        var labels = 0
        var end: Int?
        while index <= min(text.count, start + domainBytes) {
            let byte = text[index]
            if byte.isAlphanumeric || byte == UInt8(ascii: "-") {
                index += 1
            } else if (0xC3...0xDF).contains(byte) {
                index += 2
            } else {
                guard index > labelStart, text[labelStart] != UInt8(ascii: "-") else { break }
                if labels > 0, isTopLevel(text, labelStart..<min(index, text.count)) { end = min(index, text.count) }
                labels += 1
                guard byte == UInt8(ascii: ".") else { break }
                index += 1
                labelStart = index
            }
        }
        return end
    }

    private static func isTopLevel(_ text: TextView, _ label: Range<Int>) -> Bool {
        let bytes = text.bytes[label]
        if text.has("xn--".bytes, at: label.lowerBound) { return true }
        guard (2...24).contains(bytes.count), bytes.allSatisfy({ $0.isLetter || !$0.isASCII }) else { return false }
        return !fileEndings.contains(bytes.map(\.lowercased))
    }

    /// `https://user:password@host`: the words before `@` are no mailbox.
    private static func isUserOfURL(_ text: TextView, _ start: Int) -> Bool {
        var index = start
        while index > max(0, start - 80), !text[index - 1].isSpace {
            if text[index - 1] == UInt8(ascii: "/") { return text[index - 2] == UInt8(ascii: "/") }
            index -= 1
        }
        return false
    }

    /// `git@host:path`, as ssh has it.
    private static func isRemotePath(_ text: TextView, _ local: Range<Int>, _ end: Int) -> Bool {
        local.count == 3 && text.has("git".bytes, at: local.lowerBound) && text[end] == UInt8(ascii: ":")
    }
}
