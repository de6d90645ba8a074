// SPDX-License-Identifier: Apache-2.0

/// The bytes of a text, read without care for its ends: outside of it everything is 0.
///
/// Valid for as long as the memory behind it.
struct TextView {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    @inline(__always)
    subscript(index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

    /// Whether a word goes on behind `index`: its byte is a digit, an ASCII letter, `_`, or begins a character of an alphabet
    /// that is written with spaces between words (U+00C0…U+07FF).
    @inline(__always)
    func isWord(_ index: Int) -> Bool {
        let byte = self[index]
        return byte.isWord || (0xC3...0xDF).contains(byte)
    }

    /// Whether a word comes before `index`. What a backslash escapes, as in the `\n` of JSON, belongs to none.
    @inline(__always)
    func isWordBefore(_ index: Int) -> Bool {
        let byte = self[index - 1]
        if byte.isWord { return !isEscape(endingAt: index) }
        return byte & 0xC0 == 0x80 && (0xC3...0xDF).contains(self[index - 2])
    }

    /// Whether the bytes before `index` are an escape of JSON: `\n` and its like, `\u` and four digits.
    func isEscape(endingAt index: Int) -> Bool {
        if self[index - 2] == UInt8(ascii: "\\") {
            return "nrtbf".utf8.contains(self[index - 1]) && isOddBackslash(index - 2)
        }
        guard self[index - 6] == UInt8(ascii: "\\"), self[index - 5] == UInt8(ascii: "u") else { return false }
        return (1...4).allSatisfy { self[index - $0].isHexadecimal } && isOddBackslash(index - 6)
    }

    /// Whether the backslash at `index` is not itself escaped. Looks back at most 8 bytes.
    private func isOddBackslash(_ index: Int) -> Bool {
        var count = 0
        while count < 8, self[index - count] == UInt8(ascii: "\\") { count += 1 }
        return count % 2 == 1
    }

    /// Whether `word`, in lower case, stands at `index` in any case of ASCII letters.
    @inline(__always)
    func has(_ word: [UInt8], at index: Int) -> Bool {
        guard index >= 0, index <= bytes.count - word.count else { return false }
        for place in word.indices where bytes[index + place].lowercased != word[place] { return false }
        return true
    }

    /// Whether exactly `word` stands at `index`.
    @inline(__always)
    func hasExactly(_ word: [UInt8], at index: Int) -> Bool {
        guard index >= 0, index <= bytes.count - word.count else { return false }
        for place in word.indices where bytes[index + place] != word[place] { return false }
        return true
    }

    /// The end of the bytes from `start` on that `belongs` takes, at most `limit` of them.
    @inline(__always)
    func end(from start: Int, limit: Int = .max, while belongs: (UInt8) -> Bool) -> Int {
        var end = start
        let last = limit < bytes.count - start ? start + limit : bytes.count
        while end < last, belongs(bytes[end]) { end += 1 }
        return end
    }

    /// Whether one of `words`, in lower case, begins a word in the `distance` bytes before `index`, in the same line and with no
    /// other digits between.
    func names(_ words: [[UInt8]], before index: Int, within distance: Int) -> Bool {
        var start = index
        let least = max(0, index - distance)
        while start > least {
            start -= 1
            let byte = bytes[start]
            if byte == 0x0A || byte.isDigit { return false }
            if !byte.isASCII || !byte.isLetter || isLetterBefore(start) { continue }
            if words.contains(where: { has($0, at: start) }) { return true }
        }
        return false
    }

    private func isLetterBefore(_ index: Int) -> Bool {
        (self[index - 1].isLetter && !isEscape(endingAt: index)) || self[index - 1] >= 0x80 && isWordBefore(index)
    }
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inline(__always) var isUppercase: Bool { self &- 0x41 < 26 }
    @inline(__always) var isAlphanumeric: Bool { isDigit || isLetter }
    @inline(__always) var isWord: Bool { isAlphanumeric || self == 0x5F }
    @inline(__always) var isHexadecimal: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
    @inline(__always) var isASCII: Bool { self < 0x80 }
    @inline(__always) var isBlank: Bool { self == 0x20 || self == 0x09 }
    @inline(__always) var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }
    @inline(__always) var isQuote: Bool { self == 0x22 || self == 0x27 || self == 0x60 }
    /// Base64 (RFC 4648 §4 and §5) without `=`.
    @inline(__always) var isBase64: Bool {
        isAlphanumeric || self == 0x2B || self == 0x2F || self == 0x2D || self == 0x5F
    }
    @inline(__always) var lowercased: UInt8 { isUppercase ? self | 0x20 : self }
}

extension StringProtocol {
    var bytes: [UInt8] { Array(utf8) }
}

extension Sequence<String> {
    /// The UTF-8 of each.
    var allBytes: [[UInt8]] { map { Array($0.utf8) } }
}
