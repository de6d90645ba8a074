// SPDX-License-Identifier: Apache-2.0

/// A `pattern` of a schema in the words that llama.cpp's conversion to a grammar understands.
///
/// The conversion takes groups, alternatives, counts and sets as they stand, and writes what they match between the quotes
/// of a JSON string. So a pattern is passed on only if it is anchored at both ends and spells out its characters, none of which
/// needs an escape in JSON; classes are written out, and every special character becomes a set of one.
struct GrammarPattern {
    private let text: [UInt8]
    private var position = 0
    private var out = ""

    /// How many sets the counts may make of those that are written: the engine refuses grammars of a few thousand.
    private static let maximumSize = 1000
    private static let digits = "0-9"
    private static let word = "A-Za-z0-9_"

    /// - Returns: `nil` for a pattern that is not of this kind.
    static func translated(_ pattern: String) -> String? {
        guard pattern.hasPrefix("^"), pattern.hasSuffix("$"), !pattern.hasSuffix("\\$"), pattern.utf8.count > 2 else {
            return nil
        }
        var reader = GrammarPattern(text: Array(pattern.dropFirst().dropLast().utf8))
        guard let size = reader.alternatives(depth: 0), size <= maximumSize, reader.position == reader.text.count else {
            return nil
        }
        return "^\(reader.out)$"
    }

    private init(text: [UInt8]) { self.text = text }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// - Returns: how many sets it makes; `nil` for what has no translation.
    private mutating func alternatives(depth: Int) -> Int? {
        guard depth < 16 else { return nil }
        var size = 0
        while true {
            while let byte = current, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
                guard let more = item(depth: depth), size <= Self.maximumSize else { return nil }
                size += more
            }
            guard current == UInt8(ascii: "|") else { return size }
            // Without a group around them each of the alternatives has one anchor only.
            if depth == 0 { return nil }
            position += 1
            out += "|"
        }
    }

    private mutating func item(depth: Int) -> Int? {
        var size = 1
        if take("(") {
            if take("?"), !take(":") { return nil }
            out += "("
            guard let inside = alternatives(depth: depth + 1), take(")"), inside > 0 else { return nil }
            out += ")"
            size = inside
        } else {
            guard let set = set() else { return nil }
            out += set
        }
        guard let count = count() else { return nil }
        out += count.text
        return size * count.copies
    }

    /// One character or class as a set or a literal.
    private mutating func set() -> String? {
        if take("[") { return brackets() }
        // A dot is any character, quotes too.
        guard current != UInt8(ascii: "."), let members = member() else { return nil }
        let isPlain = members.count == 1 && members.allSatisfy { $0.isLetter || $0.isNumber }
        return isPlain ? members : "[\(members)]"
    }

    private mutating func brackets() -> String? {
        var (members, dash) = ("", "")
        if current == UInt8(ascii: "^") { return nil }
        while !take("]") {
            guard let low = member(inBrackets: true) else { return nil }
            if low == "-" {
                dash = "-"
            } else if current == UInt8(ascii: "-"), position + 1 < text.count, text[position + 1] != UInt8(ascii: "]") {
                position += 1
                guard let high = member(inBrackets: true), let range = Self.range(low, high) else { return nil }
                members += range
            } else {
                members += low
            }
        }
        // Behind all others a dash stands for itself.
        return members.isEmpty && dash.isEmpty ? nil : "[\(members)\(dash)]"
    }

    private static func range(_ low: String, _ high: String) -> String? {
        guard let first = low.utf8.first, let last = high.utf8.first, low.utf8.count == 1, high.utf8.count == 1 else {
            return nil
        }
        let kinds: [ClosedRange<UInt8>] = [0x30...0x39, 0x41...0x5A, 0x61...0x7A]
        return first <= last && kinds.contains { $0.contains(first) && $0.contains(last) } ? "\(low)-\(high)" : nil
    }

    /// The members of a set that one character or one escape stands for.
    private mutating func member(inBrackets: Bool = false) -> String? {
        guard let byte = current else { return nil }
        position += 1
        if byte != UInt8(ascii: "\\") {
            return !inBrackets && "$|?*+(){}".utf8.contains(byte) ? nil : Self.literal(byte)
        }
        guard let escaped = current else { return nil }
        position += 1
        switch escaped {
        case UInt8(ascii: "d"): return Self.digits
        case UInt8(ascii: "w"): return Self.word
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return nil
        default: return Self.literal(escaped)
        }
    }

    /// Printable ASCII that is itself in a JSON string, in a set of the grammar and in a set of the pattern.
    private static func literal(_ byte: UInt8) -> String? {
        guard (0x20..<0x7F).contains(byte), !"\"\\[]^".utf8.contains(byte) else { return nil }
        return String(UnicodeScalar(byte))
    }

    private mutating func count() -> (text: String, copies: Int)? {
        guard let byte = current else { return ("", 1) }
        switch byte {
        case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"):
            position += 1
            // A lazy count matches the same texts, but has a spelling that grammars do not know.
            return current == UInt8(ascii: "?") ? nil : (String(UnicodeScalar(byte)), 1)
        case UInt8(ascii: "{"): return braces()
        default: return ("", 1)
        }
    }

    private mutating func braces() -> (text: String, copies: Int)? {
        guard let end = text[position...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let braces = String(decoding: text[position...end], as: UTF8.self)
        position = end + 1
        let bounds = braces.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(bounds.count), let low = Int(bounds[0]), current != UInt8(ascii: "?") else { return nil }
        let high = bounds.count == 2 && !bounds[1].isEmpty ? Int(bounds[1]) : low
        guard let high, low <= high, high <= Self.maximumSize else { return nil }
        return (braces, max(1, high))
    }
}
