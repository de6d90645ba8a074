// SPDX-License-Identifier: Apache-2.0

/// A text as words that can be compared: in lower case, without accents, look-alikes and characters that nobody sees.
///
/// Escapes of JSON count as what they stand for. Made in one pass.
struct FoldedText {
    struct Word {
        /// Of the bytes.
        var range: Range<Int>
        var groups: InjectionWords
        /// Of the word in rot13.
        var rotated: InjectionWords
        /// Words of different sentences have different numbers.
        var sentence: Int32
        var isBeforeColon = false
        /// One letter alone.
        var letter: UInt8 = 0
    }

    private(set) var words: [Word] = []
    /// The text of tag characters, those of flags left out.
    private(set) var tags: [UInt8] = []
    /// The most characters without width behind each other.
    private(set) var longestInvisible = 0
    /// Those between two ASCII letters.
    private(set) var invisibleInWords = 0
    private(set) var hasOverride = false

    private var hash = Self.seed
    private var rotatedHash = Self.seed
    private var start = -1
    private var length = 0
    private var first: UInt8 = 0
    private var sentence: Int32 = 0
    private var invisible = 0
    private var isFlag = false
    private var lineFeeds = 0

    init(_ text: TextView) {
        var index = 0
        while index < text.count {
            let byte = text.bytes[index]
            if byte == UInt8(ascii: "\\") {
                index = readEscape(text, at: index)
            } else if byte < 0x80 {
                take(UInt32(byte), at: index, text)
                index += 1
            } else {
                let (scalar, width) = Self.decode(text, at: index)
                take(scalar, at: index, text)
                index += width
            }
        }
        endWord(at: text.count)
        endInvisible(before: .separator)
        joinSpacedLetters()
    }

    // MARK: - Characters

    /// `\n`, `\"` and their like end a word; `\u` and four digits are a character. Another backslash is one itself.
    private mutating func readEscape(_ text: TextView, at index: Int) -> Int {
        let next = text[index + 1]
        if next == UInt8(ascii: "u"), (2...5).allSatisfy({ text[index + $0].isHexadecimal }) {
            let value = (2...5).reduce(UInt32(0)) {
                let digit = text[index + $1].lowercased
                return $0 << 4 | UInt32(digit.isDigit ? digit - 0x30 : digit - 0x57)
            }
            take(value, at: index, text)
            return index + 6
        }
        let isBreak = next == UInt8(ascii: "n") || next == UInt8(ascii: "r")
        take(isBreak ? 0x0A : 0x20, at: index, text)
        return index + ("nrtbf\"/\\".utf8.contains(next) ? 2 : 1)
    }

    private mutating func take(_ scalar: UInt32, at index: Int, _ text: TextView) {
        let folded = ScalarFolding.folded(scalar)
        if folded != .invisible { endInvisible(before: folded) }
        if scalar == 0x1F3F4 { isFlag = true }
        switch folded {
        case .letters(let letter, let second):
            add(letter, at: index)
            if let second { add(second, at: index) }
            (isFlag, lineFeeds) = (false, 0)
        case .nothing: break
        case .invisible: invisible += 1
        case .override: hasOverride = true
        case .tag(let byte): if !isFlag { tags.append(byte) }
        case .separator: separate(scalar, at: index, text)
        }
    }

    private mutating func endInvisible(before folded: ScalarFolding.Result) {
        guard invisible > 0 else { return }
        longestInvisible = max(longestInvisible, invisible)
        if case .letters = folded, length > 0 { invisibleInWords += 1 }
        invisible = 0
    }

    private mutating func separate(_ scalar: UInt32, at index: Int, _ text: TextView) {
        endWord(at: index)
        // A line that begins with the mark of a list is a sentence of its own.
        if lineFeeds == 1, scalar == 0x2A || scalar == 0x2D || scalar == 0x23 { sentence += 1 }
        if scalar == 0x0A { lineFeeds += 1 } else if scalar != 0x20, scalar != 0x0D { lineFeeds = 0 }
        if lineFeeds == 2 || scalar == 0x2E || scalar == 0x21 || scalar == 0x3F { sentence += 1 }
        if let last = words.indices.last, words[last].range.upperBound == index {
            words[last].isBeforeColon = scalar == 0x3A
            // A word that says http is none: an address is meant.
            if scalar != 0x3A || text[index + 1] != UInt8(ascii: "/") { words[last].groups.remove(.address) }
        }
        if scalar != 0x1F3F4, scalar != 0xE007F { isFlag = false }
    }

    private mutating func add(_ letter: UInt8, at index: Int) {
        if start < 0 {
            start = index
            first = letter
        }
        length += 1
        hash = Self.hash(hash, letter)
        let rotated = letter.isLetter ? (letter &- 0x61 &+ 13) % 26 &+ 0x61 : letter
        rotatedHash = Self.hash(rotatedHash, rotated)
    }

    private mutating func endWord(at index: Int) {
        guard start >= 0 else { return }
        var word = Word(
            range: start..<index, groups: InjectionWords.byHash[hash] ?? [],
            rotated: InjectionWords.byHash[rotatedHash] ?? [],
            sentence: sentence)
        if length == 1 { word.letter = first }
        words.append(word)
        (hash, rotatedHash, start, length) = (Self.seed, Self.seed, -1, 0)
    }

    /// `i g n o r e` is a word.
    private mutating func joinSpacedLetters() {
        var result: [Word] = []
        result.reserveCapacity(words.count)
        var index = 0
        while index < words.count {
            var end = index
            var hash = Self.seed
            while end < words.count, words[end].letter != 0,
                end == index || words[end].range.lowerBound - words[end - 1].range.upperBound == 1
            {
                hash = Self.hash(hash, words[end].letter)
                end += 1
            }
            if end - index >= 4, let groups = InjectionWords.byHash[hash] {
                var word = words[index]
                word.range = word.range.lowerBound..<words[end - 1].range.upperBound
                word.groups = groups
                result.append(word)
            } else {
                end = max(end, index + 1)
                result += words[index..<end]
            }
            index = end
        }
        words = result
    }

    // MARK: - Bytes

    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    /// FNV-1a, 64 bits.
    private static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

    static func hash(_ word: some Sequence<UInt8>) -> UInt64 { word.reduce(seed) { hash($0, $1) } }

    /// The scalar at a byte above ASCII; what is no UTF-8 is U+FFFD of one byte.
    static func decode(_ text: TextView, at index: Int) -> (UInt32, Int) {
        let lead = UInt32(text[index])
        let width = lead >= 0xF0 && lead < 0xF8 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
        guard width > 1, lead < 0xF8, (1..<width).allSatisfy({ text[index + $0] & 0xC0 == 0x80 }) else {
            return (0xFFFD, 1)
        }
        let mask: UInt32 = width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07
        return ((1..<width).reduce(lead & mask) { $0 << 6 | UInt32(text[index + $1] & 0x3F) }, width)
    }
}
