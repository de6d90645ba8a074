// SPDX-License-Identifier: Apache-2.0

extension PatternParser {
    /// An escape outside a class.
    mutating func escape() throws(ECMARegexError) -> (Node, isQuantifiable: Bool) {
        let start = position
        let next = byte(after: 1)
        switch next {
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            position += 2
            return (.assertion(wordBoundary(isNegative: next == UInt8(ascii: "B"))), false)
        case UInt8(ascii: "k"):
            position += 2
            guard take("<") else { throw ECMARegexError("\\k must be followed by <name>", at: start) }
            let name = try groupName()
            namedReferences.append((pattern.references.count, name, start))
            return (reference(to: []), true)
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
            position += 1
            let number = decimal() ?? 0
            if number > highestReference {
                highestReference = number
                highestReferenceOffset = start
            }
            return (reference(to: [number]), true)
        default:
            position += 1
            if let set = try classEscape() { return (node(for: set), true) }
            return (node(for: try characterEscape(inClass: false)), true)
        }
    }

    private func wordBoundary(isNegative: Bool) -> Assertion {
        if flags.ignoresCase { return isNegative ? .notFoldedWordBoundary : .foldedWordBoundary }
        return isNegative ? .notWordBoundary : .wordBoundary
    }

    private mutating func reference(to groups: [Int]) -> Node {
        pattern.references.append(groups)
        let index = pattern.references.count - 1
        return .backreference(Backreference(index: index, ignoresCase: flags.ignoresCase))
    }

    /// `\d \D \s \S \w \W \p{…} \P{…}`, standing after the backslash; `nil`, at the same place, for anything else.
    mutating func classEscape() throws(ECMARegexError) -> CodePointSet? {
        let letter = current
        let set: CodePointSet
        switch letter {
        case UInt8(ascii: "d"): set = .digits
        case UInt8(ascii: "D"): set = .notDigits
        case UInt8(ascii: "s"): set = .space
        case UInt8(ascii: "S"): set = .notSpace
        case UInt8(ascii: "w"): set = flags.ignoresCase ? CaseFolding.closure(of: .word) : .word
        case UInt8(ascii: "W"): set = flags.ignoresCase ? CaseFolding.closure(of: .word).complement : .notWord
        case UInt8(ascii: "p"), UInt8(ascii: "P"): return try property()
        default: return nil
        }
        position += 1
        return flags.ignoresCase ? CaseFolding.closure(of: set) : set
    }

    private mutating func property() throws(ECMARegexError) -> CodePointSet {
        let start = position - 1
        let isNegative = current == UInt8(ascii: "P")
        position += 1
        guard take("{") else { throw ECMARegexError("\\p must be followed by {property}", at: start) }
        let nameStart = position
        while position < bytes.count, current != UInt8(ascii: "}") { position += 1 }
        let name = String(decoding: bytes[nameStart..<position], as: UTF8.self)
        guard take("}") else { throw ECMARegexError("this \\p{ is not closed: a } is missing", at: start) }
        guard let set = UnicodeProperties.set(for: name) else {
            throw ECMARegexError("'\(Self.printable(name))' is no Unicode property that ECMA-262 names", at: start)
        }
        let result = isNegative ? set.complement : set
        return flags.ignoresCase ? CaseFolding.closure(of: result) : result
    }

    /// An escape that stands for one character, standing after the backslash.
    mutating func characterEscape(inClass: Bool) throws(ECMARegexError) -> UInt32 {
        let start = position - 1
        guard position < bytes.count else {
            throw ECMARegexError("the pattern ends in a backslash", at: start)
        }
        let letter = current
        let isSyntax = #"^$\.*+?()[]{}|/"#.utf8.contains(letter) || inClass && letter == UInt8(ascii: "-")
        if isSyntax {
            position += 1
            return UInt32(letter)
        }
        if let control = Self.control(letter) {
            position += 1
            return control
        }
        switch letter {
        case UInt8(ascii: "0") where !isDigit(byte(after: 1)):
            position += 1
            return 0
        case UInt8(ascii: "c"): return try controlLetter(from: start)
        case UInt8(ascii: "x"):
            position += 1
            guard let value = hexadecimal(digits: 2) else {
                throw ECMARegexError("\\x must be followed by two hexadecimal digits", at: start)
            }
            return value
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: return try identityEscape(from: start)
        }
    }

    private static func control(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "v"): 0x0B
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "r"): 0x0D
        default: nil
        }
    }

    private mutating func controlLetter(from start: Int) throws(ECMARegexError) -> UInt32 {
        let letter = byte(after: 1)
        guard letter | 0x20 >= UInt8(ascii: "a"), letter | 0x20 <= UInt8(ascii: "z") else {
            throw ECMARegexError("\\c must be followed by a letter from A to Z", at: start)
        }
        position += 2
        return UInt32(letter & 0x1F)
    }

    /// A character that needs no escape. Letters and digits are refused, since they mean something in other dialects.
    private mutating func identityEscape(from start: Int) throws(ECMARegexError) -> UInt32 {
        let codePoint = takeCodePoint()
        let isLetter = codePoint | 0x20 >= 0x61 && codePoint | 0x20 <= 0x7A
        let text = Unicode.Scalar(codePoint)?.escaped(asASCII: true) ?? ""
        if isLetter || codePoint >= 0x30 && codePoint <= 0x39 {
            throw ECMARegexError("\\\(text) is no escape of ECMA-262", at: start)
        }
        noteLeniency("\\\(text) is no escape in Unicode mode: write \(text)", at: start)
        return codePoint
    }

    /// `\uHHHH`, a pair of them for a surrogate pair, or `\u{H…}`; standing at the `u`.
    mutating func unicodeEscape(from start: Int) throws(ECMARegexError) -> UInt32 {
        position += 1
        if take("{") {
            let digits = position
            var value: UInt32 = 0
            while let digit = Self.hexadecimalValue(current) {
                value = value << 4 | digit
                if value > CodePointSet.last {
                    throw ECMARegexError("a code point is at most 10FFFF", at: start)
                }
                position += 1
            }
            if position > digits, take("}") { return value }
        } else if let value = hexadecimal(digits: 4) {
            guard value & 0xFC00 == 0xD800 else { return value }
            return lowSurrogate().map { 0x10000 + (value & 0x3FF) << 10 + $0 & 0x3FF } ?? value
        }
        throw ECMARegexError("\\u must be followed by four hexadecimal digits or by {digits}", at: start)
    }

    /// The `\uDC00` to `\uDFFF` that may follow; otherwise nothing is read.
    private mutating func lowSurrogate() -> UInt32? {
        let start = position
        if take("\\"), take("u"), let value = hexadecimal(digits: 4), value & 0xFC00 == 0xDC00 { return value }
        position = start
        return nil
    }

    private mutating func hexadecimal(digits: Int) -> UInt32? {
        let start = position
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = Self.hexadecimalValue(current) else {
                position = start
                return nil
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexadecimalValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x37
        case 0x61...0x66: UInt32(byte) - 0x57
        default: nil
        }
    }
}
