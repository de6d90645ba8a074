// SPDX-License-Identifier: Apache-2.0

/// Text of models, tools and files, made harmless for a terminal; by the rules of ``TerminalText``.
enum Printable {
    /// `text` with what is not visible spelt out, such as `\u{1B}`; line feeds and tabs stay.
    static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x09 }) { return text }
        var filter = TerminalText()
        return String(decoding: filter.next(text.utf8) + filter.end(), as: UTF8.self)
    }

    /// `text` on one line of at most `width` characters.
    static func short(_ text: String, width: Int = 100) -> String {
        let line = escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        return line.count <= width ? line : line.prefix(width - 1) + "…"
    }

    /// `text` with what is not visible spelt out, save the sequences that this program styles its own lines with.
    static func styled(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A || $0 >= 0x7F }) else { return text }
        var rest = text.unicodeScalars[...]
        var result = ""
        var plain = String.UnicodeScalarView()
        while let scalar = rest.first {
            let own =
                scalar == "\u{1B}" || scalar == "\r" ? ownSequences.first { rest.starts(with: $0.unicodeScalars) } : nil
            if let own {
                result += escaped(String(plain)) + own
                plain = .init()
                rest = rest.dropFirst(own.unicodeScalars.count)
            } else {
                plain.append(scalar)
                rest = rest.dropFirst()
            }
        }
        return result + escaped(String(plain))
    }

    private static let ownSequences =
        ["\r" + ProgressLine.clearing] + ([Style.end] + Style.codes).map { Style.sequence($0) }
}
