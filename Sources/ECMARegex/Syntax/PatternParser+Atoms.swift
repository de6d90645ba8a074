// SPDX-License-Identifier: Apache-2.0

extension PatternParser {
    /// One atom or assertion, and whether a quantifier may follow it.
    mutating func atom() throws(ECMARegexError) -> (Node, isQuantifiable: Bool) {
        let start = position
        switch current {
        case UInt8(ascii: "^"):
            position += 1
            return (.assertion(flags.isMultiline ? .lineStart : .start), false)
        case UInt8(ascii: "$"):
            position += 1
            return (.assertion(flags.isMultiline ? .lineEnd : .end), false)
        case UInt8(ascii: "."):
            position += 1
            return (.set(flags.dotMatchesAll ? .everything : .notLineTerminators), true)
        case UInt8(ascii: "("):
            return try group()
        case UInt8(ascii: "["):
            return (node(for: try characterClass()), true)
        case UInt8(ascii: "\\"):
            return try escape()
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
            throw error("there is nothing to repeat before this quantifier")
        case UInt8(ascii: "{"):
            try refuseCountsWithoutAtom()
            noteLeniency("a { that begins no quantifier must be written \\{", at: start)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            noteLeniency("a lone } or ] must be written \\} or \\]", at: start)
        default: break
        }
        return (node(for: takeCodePoint()), true)
    }

    /// `{2}` with nothing before it, and `{,5}`, which other dialects read as a count.
    private mutating func refuseCountsWithoutAtom() throws(ECMARegexError) {
        let start = position
        position += 1
        let hasMinimum = decimal() != nil
        let hasComma = take(",")
        let hasMaximum = hasComma && decimal() != nil
        let isClosed = current == UInt8(ascii: "}")
        position = start
        guard isClosed, hasMinimum || hasMaximum else { return }
        if hasMinimum { throw error("there is nothing to repeat before this quantifier") }
        throw error("a quantifier needs its least count: write {0,n}")
    }

    func node(for codePoint: UInt32) -> Node {
        guard flags.ignoresCase else { return .character(codePoint) }
        return node(for: CaseFolding.closure(of: CodePointSet(codePoint)))
    }

    func node(for set: CodePointSet) -> Node {
        set.single.map { .character($0) } ?? .set(set)
    }

    private mutating func group() throws(ECMARegexError) -> (Node, isQuantifiable: Bool) {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw error("groups are nested more than \(Self.maximumDepth) deep") }
        let start = position
        position += 1
        guard take("?") else { return (try capture(named: nil, from: start), true) }
        switch current {
        case UInt8(ascii: ":"):
            position += 1
            return (try body(from: start), true)
        case UInt8(ascii: "="), UInt8(ascii: "!"):
            return (try look(isBehind: false, from: start), false)
        case UInt8(ascii: "<"):
            position += 1
            if current == UInt8(ascii: "=") || current == UInt8(ascii: "!") {
                return (try look(isBehind: true, from: start), false)
            }
            return (try capture(named: try groupName(), from: start), true)
        default:
            return (try modifiedGroup(from: start), true)
        }
    }

    private mutating func body(from start: Int) throws(ECMARegexError) -> Node {
        let node = try disjunction()
        guard take(")") else { throw ECMARegexError("this group is not closed: a ) is missing", at: start) }
        return node
    }

    private mutating func look(isBehind: Bool, from start: Int) throws(ECMARegexError) -> Node {
        let isNegative = current == UInt8(ascii: "!")
        position += 1
        pattern.hasLook = true
        return .look(try body(from: start), Look(isBehind: isBehind, isNegative: isNegative))
    }

    private mutating func capture(named name: String?, from start: Int) throws(ECMARegexError) -> Node {
        pattern.groupCount += 1
        let number = pattern.groupCount
        if number > Self.maximumGroups {
            throw ECMARegexError("a pattern may have at most \(Self.maximumGroups) groups that capture", at: start)
        }
        if let name {
            if !visibleNames.insert(name).inserted {
                throw ECMARegexError(
                    "two groups that can match together are named '\(Self.printable(name))'", at: start)
            }
            groupsByName[name, default: []].append(number)
        }
        let body = try body(from: start)
        return mayRefer ? .capture(body, group: number) : body
    }

    /// `(?ims-ims:…)`, ECMA-262 §22.2.1: each flag once, and at least one.
    private mutating func modifiedGroup(from start: Int) throws(ECMARegexError) -> Node {
        let added = try modifiers()
        var removed = 0
        if take("-") {
            removed = try modifiers()
            if added | removed == 0 || added & removed != 0 {
                throw ECMARegexError("a group needs at least one modifier, and each only once", at: start)
            }
        } else if added == 0 {
            throw ECMARegexError("after (? must come :, =, !, <=, <!, <name> or modifiers", at: start)
        }
        guard take(":") else {
            throw error("modifiers hold for one group: write (?i:…); there are no flags for a whole pattern")
        }
        let before = flags
        flags.ignoresCase = (before.ignoresCase || added & 1 != 0) && removed & 1 == 0
        flags.isMultiline = (before.isMultiline || added & 2 != 0) && removed & 2 == 0
        flags.dotMatchesAll = (before.dotMatchesAll || added & 4 != 0) && removed & 4 == 0
        let node = try body(from: start)
        flags = before
        return node
    }

    private mutating func modifiers() throws(ECMARegexError) -> Int {
        var seen = 0
        while let index = "ims".utf8.firstIndex(of: current) {
            let bit = 1 << "ims".utf8.distance(from: "ims".utf8.startIndex, to: index)
            if seen & bit != 0 { throw error("a modifier may come only once") }
            seen |= bit
            position += 1
        }
        return seen
    }
}
