// SPDX-License-Identifier: Apache-2.0

extension PatternParser {
    /// One member of a class: a character, which may begin or end a range, or a set, which may not.
    private enum Member {
        case character(UInt32)
        case set(CodePointSet)
    }

    /// `[…]`, standing at the bracket.
    mutating func characterClass() throws(ECMARegexError) -> CodePointSet {
        let start = position
        position += 1
        let isNegative = take("^")
        var set = CodePointSet()
        while !take("]") {
            if position == bytes.count { throw ECMARegexError("this class is not closed: a ] is missing", at: start) }
            try members(into: &set)
        }
        // §22.2.2.9.1: case is folded on both sides of the comparison, so before the set is inverted.
        if flags.ignoresCase { set = CaseFolding.closure(of: set) }
        return isNegative ? set.complement : set
    }

    /// One member, or a range of two.
    private mutating func members(into set: inout CodePointSet) throws(ECMARegexError) {
        let start = position
        let first = try member()
        guard current == UInt8(ascii: "-"), byte(after: 1) != UInt8(ascii: "]"), position + 1 < bytes.count else {
            insert(first, into: &set)
            return
        }
        position += 1
        let second = try member()
        if case .character(let lower) = first, case .character(let upper) = second {
            if lower > upper { throw ECMARegexError("the ends of this range are out of order", at: start) }
            set.insert(lower, upper)
            return
        }
        noteLeniency("a class such as \\w cannot be the end of a range: write \\- for the character", at: start)
        insert(first, into: &set)
        insert(second, into: &set)
        set.insert(0x2D, 0x2D)
    }

    private func insert(_ member: Member, into set: inout CodePointSet) {
        switch member {
        case .character(let codePoint): set.insert(codePoint, codePoint)
        case .set(let other): set.formUnion(other)
        }
    }

    private mutating func member() throws(ECMARegexError) -> Member {
        guard current == UInt8(ascii: "\\") else { return .character(takeCodePoint()) }
        position += 1
        if current == UInt8(ascii: "b") {
            position += 1
            return .character(0x08)
        }
        if let set = try classEscape() { return .set(set) }
        return .character(try characterEscape(inClass: true))
    }

    /// `name>`, standing after the `<`: RegExpIdentifierName, ECMA-262 §22.2.1.
    mutating func groupName() throws(ECMARegexError) -> String {
        let start = position
        var name = String.UnicodeScalarView()
        while !take(">") {
            if position == bytes.count { throw ECMARegexError("this group name is not closed by >", at: start) }
            let offset = position
            let codePoint = take("\\") ? try escapedNamePart(from: offset) : takeCodePoint()
            guard let scalar = Unicode.Scalar(codePoint), Self.isNamePart(scalar, isFirst: name.isEmpty) else {
                throw ECMARegexError("a group name is made like an identifier of ECMAScript", at: offset)
            }
            name.append(scalar)
        }
        if name.isEmpty { throw ECMARegexError("a group name is missing", at: start) }
        return String(name)
    }

    private mutating func escapedNamePart(from start: Int) throws(ECMARegexError) -> UInt32 {
        guard current == UInt8(ascii: "u") else {
            throw ECMARegexError("only \\u may stand in a group name", at: start)
        }
        return try unicodeEscape(from: start)
    }

    private static func isNamePart(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        if scalar == "$" || scalar == "_" { return true }
        if isFirst { return scalar.properties.isIDStart }
        return scalar.properties.isIDContinue || scalar.value == 0x200C || scalar.value == 0x200D
    }
}
