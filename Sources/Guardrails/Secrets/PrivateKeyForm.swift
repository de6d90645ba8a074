// SPDX-License-Identifier: Apache-2.0

/// PEM blocks of private keys (RFC 7468 §10 and §11, and those of OpenSSH and PGP), with line feeds or, in JSON, with `\n`.
///
/// Also one that is not at its end yet, and one whose beginning has been replaced already: in a streamed answer.
enum PrivateKeyForm {
    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let label = Array("PRIVATE KEY".utf8)
    private static let rule = Array("-----".utf8)
    private static let replaced = Array("[secret:private_key]".utf8)
    /// Of base64 in one go, from which on it is a key and no talk of one.
    private static let leastRun = 16

    static func find(in text: TextView, at index: Int) -> TextFind<SecretKind>? {
        guard text.hasExactly(begin, at: index), let body = behindLabel(in: text, from: index + begin.count) else {
            return nil
        }
        var place = body
        var longest = 0
        while place < text.count, !text.hasExactly(rule, at: place) {
            if text.hasExactly(replaced, at: place) {
                (place, longest) = (place + replaced.count, leastRun)
                continue
            }
            let run = text.end(from: place) { $0.isAlphanumeric || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
            longest = max(longest, run - place)
            guard run > place || isBetween(text[place]) else { break }
            place = max(place + 1, run)
        }
        guard longest >= leastRun else { return nil }
        if text.hasExactly(end, at: place), let last = behindLabel(in: text, from: place + end.count) { place = last }
        while place > body, text[place - 1].isSpace { place -= 1 }
        return TextFind(.privateKey, index..<place)
    }

    /// Where the closing line of a block begins, or the block ends.
    static func bodyEnd(of block: Range<Int>, in text: [UInt8]) -> Int {
        text.withUnsafeBufferPointer { bytes in
            let view = TextView(bytes)
            return block.suffix(96).last { view.hasExactly(end, at: $0) } ?? block.upperBound
        }
    }

    /// White space, its escapes in JSON, padding, and what the headers of encrypted keys are written with.
    private static func isBetween(_ byte: UInt8) -> Bool { byte.isSpace || "\\=:,-.@<>()".utf8.contains(byte) }

    /// `RSA PRIVATE KEY-----`
    private static func behindLabel(in text: TextView, from start: Int) -> Int? {
        let end = text.end(from: start, limit: 48) { $0.isUppercase || $0.isDigit || $0 == 0x20 }
        guard text.hasExactly(rule, at: end), (start..<end).contains(where: { text.hasExactly(label, at: $0) }) else {
            return nil
        }
        return end + rule.count
    }
}
