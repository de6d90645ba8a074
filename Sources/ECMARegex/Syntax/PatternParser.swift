// SPDX-License-Identifier: Apache-2.0

/// Reads a pattern by the grammar of ECMA-262 §22.2.1 with the parameters of Unicode mode, `u`.
///
/// The few things that ``ECMARegex`` takes beyond it are noted in ``leniency`` as they come, so that one pass answers
/// both whether a pattern is strict and what it means.
struct PatternParser {
    /// Groups may be nested this deep; each level costs stack.
    static let maximumDepth = 100
    static let maximumGroups = 1000

    struct Flags: Hashable {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesAll = false
    }

    let bytes: [UInt8]
    var position = 0
    var depth = 0
    var flags = Flags()
    var pattern = Pattern(root: .empty)
    /// The names that a group here may not have again, because it could take part in the same match.
    var visibleNames: Set<String> = []
    /// Whether a back-reference may come. If not, groups need not capture.
    private(set) var mayRefer = true
    var groupsByName: [String: [Int]] = [:]
    var namedReferences: [(index: Int, name: String, offset: Int)] = []
    var highestReference = 0
    var highestReferenceOffset = 0

    static func parse(_ text: String) throws(ECMARegexError) -> Pattern {
        var parser = PatternParser(bytes: Array(text.utf8))
        parser.mayRefer = parser.findsReference
        parser.pattern.root = try parser.disjunction()
        if parser.position < parser.bytes.count {
            throw parser.error("this ) closes no group; write \\) for the character")
        }
        try parser.resolveReferences()
        return parser.pattern
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func disjunction() throws(ECMARegexError) -> Node {
        let namesBefore = visibleNames
        let first = try alternative()
        guard current == UInt8(ascii: "|") else { return first }
        var alternatives = [first]
        var names = visibleNames
        while take("|") {
            visibleNames = namesBefore
            alternatives.append(try alternative())
            names.formUnion(visibleNames)
        }
        visibleNames = names
        return Self.union(of: alternatives).map { node(for: $0) } ?? .alternatives(alternatives)
    }

    /// The one set that alternatives of one character each come to.
    private static func union(of alternatives: [Node]) -> CodePointSet? {
        var union = CodePointSet()
        for alternative in alternatives {
            switch alternative {
            case .character(let codePoint): union.insert(codePoint, codePoint)
            case .set(let set): union.formUnion(set)
            default: return nil
            }
        }
        return union
    }

    private mutating func alternative() throws(ECMARegexError) -> Node {
        var terms: [Node] = []
        while position < bytes.count, current != UInt8(ascii: "|"), current != UInt8(ascii: ")") {
            let term = try term()
            if case .sequence(let nodes) = term { terms += nodes } else { terms.append(term) }
        }
        switch terms.count {
        case 0: return .empty
        case 1: return terms[0]
        default: return .sequence(terms)
        }
    }

    private mutating func term() throws(ECMARegexError) -> Node {
        let groupsBefore = pattern.groupCount
        let (atom, isQuantifiable) = try atom()
        let start = position
        guard var repetition = try quantifier() else { return atom }
        if !isQuantifiable {
            throw ECMARegexError("there is nothing to repeat: the quantifier follows an assertion", at: start)
        }
        repetition.groups = groupsBefore + 1..<pattern.groupCount + 1
        if repetition.maximum == 0 { return .empty }
        if repetition.minimum == 1, repetition.maximum == 1 { return atom }
        return .repetition(atom, repetition)
    }

    private mutating func quantifier() throws(ECMARegexError) -> Repetition? {
        var repetition: Repetition
        switch current {
        case UInt8(ascii: "?"): repetition = Repetition(minimum: 0, maximum: 1)
        case UInt8(ascii: "*"): repetition = Repetition(minimum: 0, maximum: .max)
        case UInt8(ascii: "+"): repetition = Repetition(minimum: 1, maximum: .max)
        case UInt8(ascii: "{"):
            guard let counts = try countsInBraces() else { return nil }
            repetition = counts
            position -= 1
        default: return nil
        }
        position += 1
        repetition.isLazy = take("?")
        return repetition
    }

    /// `nil`, at the same place, when what follows is not `{n}`, `{n,}` or `{n,m}`.
    private mutating func countsInBraces() throws(ECMARegexError) -> Repetition? {
        let start = position
        position += 1
        guard let minimum = decimal() else {
            position = start
            return nil
        }
        var maximum = minimum
        if take(",") { maximum = decimal() ?? .max }
        guard take("}") else {
            position = start
            return nil
        }
        if minimum > maximum {
            throw ECMARegexError("the counts of this quantifier are out of order", at: start)
        }
        return Repetition(minimum: minimum, maximum: maximum)
    }

    /// A number, held at `Int.max` if it is larger; `nil` when no digit comes.
    mutating func decimal() -> Int? {
        guard isDigit(current) else { return nil }
        var value = 0
        while isDigit(current) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(current - 0x30))
            value = overflow || carry ? .max : sum
            position += 1
        }
        return value
    }

    private var findsReference: Bool {
        zip(bytes, bytes.dropFirst()).contains { byte, next in
            byte == UInt8(ascii: "\\") && (next == UInt8(ascii: "k") || next >= 0x31 && next <= 0x39)
        }
    }

    private mutating func resolveReferences() throws(ECMARegexError) {
        if highestReference > pattern.groupCount {
            throw ECMARegexError(
                "\\\(highestReference) refers to a group that the pattern does not have: it has \(pattern.groupCount)",
                at: highestReferenceOffset)
        }
        for reference in namedReferences {
            guard let groups = groupsByName[reference.name] else {
                throw ECMARegexError("no group is named '\(Self.printable(reference.name))'", at: reference.offset)
            }
            pattern.references[reference.index] = groups
        }
    }

    // MARK: - The cursor

    /// 0xFF, which UTF-8 does not have, at the end.
    var current: UInt8 { position < bytes.count ? bytes[position] : 0xFF }

    func byte(after count: Int) -> UInt8 { position + count < bytes.count ? bytes[position + count] : 0xFF }

    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func takeCodePoint() -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            let decoded = UTF8Cursor.decode(buffer, at: position)
            position += decoded.length
            return decoded.codePoint
        }
    }

    /// Text of the pattern, for a message of one line.
    static func printable(_ text: String) -> String {
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }
            .joined()
    }

    func error(_ message: String) -> ECMARegexError { ECMARegexError(message, at: position) }

    mutating func noteLeniency(_ message: String, at offset: Int) {
        if pattern.leniency == nil { pattern.leniency = ECMARegexError(message, at: offset) }
    }
}
