// SPDX-License-Identifier: Apache-2.0

/// A pattern that is a row of ASCII character sets with counts, anchored at the start: decided in one pass, without
/// backtracking and without allocation.
///
/// Such a pattern is `^`, then items `x`, `\.`, `\d`, `\w` or `[a-z_]`, each with an optional `?`, `*`, `+`, `{n}`,
/// `{n,}` or `{n,m}`, then an optional `$`. An item that may repeat must share no character with the one after it;
/// then taking as much as possible is the only way to match.
struct PlainPattern: Sendable {
    /// A set of ASCII characters.
    private struct CharacterSet: Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0

        mutating func insert(_ byte: UInt8) {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }

        mutating func formUnion(_ other: CharacterSet) {
            low |= other.low
            high |= other.high
        }

        func contains(_ byte: UInt8) -> Bool {
            (byte < 64 ? low >> UInt64(byte) : byte < 128 ? high >> UInt64(byte - 64) : 0) & 1 == 1
        }

        func isDisjoint(with other: CharacterSet) -> Bool { low & other.low == 0 && high & other.high == 0 }

        init() {}

        init(_ ranges: ClosedRange<Character>...) {
            for range in ranges {
                for byte in (range.lowerBound.asciiValue ?? 0)...(range.upperBound.asciiValue ?? 0) { insert(byte) }
            }
        }

        static let digits = CharacterSet("0"..."9")
        static let word = CharacterSet("0"..."9", "A"..."Z", "a"..."z", "_"..."_")
    }

    private struct Item: Sendable {
        var set: CharacterSet
        var minimum = 1
        var maximum = 1
    }

    private var items: [Item] = []
    private var isAnchoredAtEnd = false

    /// `nil` when the pattern has another shape.
    init?(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        guard reader.take("^") else { return nil }
        while !reader.isAtEnd {
            if reader.take("$") {
                guard reader.isAtEnd else { return nil }
                isAnchoredAtEnd = true
                break
            }
            guard let set = reader.set(), let counts = reader.counts() else { return nil }
            items.append(Item(set: set, minimum: counts.lowerBound, maximum: counts.upperBound))
        }
        for (item, next) in zip(items, items.dropFirst()) where item.minimum != item.maximum {
            guard item.set.isDisjoint(with: next.set), next.minimum > 0 else { return nil }
        }
    }

    func matches(_ string: String) -> Bool {
        var string = string
        return string.withUTF8 { matches($0) }
    }

    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        for item in items {
            var count = 0
            while count < item.maximum, position < bytes.count, item.set.contains(bytes[position]) {
                count += 1
                position += 1
            }
            if count < item.minimum { return false }
        }
        return !isAnchoredAtEnd || position == bytes.count
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }
        private var current: UInt8? { isAtEnd ? nil : bytes[position] }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard current == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func set() -> CharacterSet? {
            if take("[") { return charactersInBrackets() }
            guard let byte = current, byte < 0x80, !Self.isSyntax(byte) || byte == UInt8(ascii: "\\") else {
                return nil
            }
            return element()
        }

        private static func isSyntax(_ byte: UInt8) -> Bool { #"\^$.|?*+()[]{}"#.utf8.contains(byte) }

        /// One character or class, in brackets or outside.
        private mutating func element() -> CharacterSet? {
            guard let byte = current, byte < 0x80 else { return nil }
            position += 1
            var set = CharacterSet()
            guard byte == UInt8(ascii: "\\") else {
                set.insert(byte)
                return set
            }
            guard let escaped = current else { return nil }
            position += 1
            switch escaped {
            case UInt8(ascii: "d"): return .digits
            case UInt8(ascii: "w"): return .word
            default:
                guard Self.isSyntax(escaped) || escaped == UInt8(ascii: "/") || escaped == UInt8(ascii: "-") else {
                    return nil
                }
                set.insert(escaped)
                return set
            }
        }

        private mutating func charactersInBrackets() -> CharacterSet? {
            var set = CharacterSet()
            if current == UInt8(ascii: "^") || current == UInt8(ascii: "]") { return nil }
            while !take("]") {
                // Set operations and nested sets are read differently by different engines.
                if current == UInt8(ascii: "[") || current == UInt8(ascii: "&") || current == UInt8(ascii: "~") {
                    return nil
                }
                let start = position
                guard let first = element() else { return nil }
                let isRange = current == UInt8(ascii: "-") && position + 1 < bytes.count
                if isRange, bytes[position + 1] != UInt8(ascii: "]") {
                    let low = bytes[start]
                    let high = bytes[position + 1]
                    guard Self.isAlphanumeric(low), Self.isAlphanumeric(high), low <= high else { return nil }
                    for byte in low...high { set.insert(byte) }
                    position += 2
                } else {
                    set.formUnion(first)
                }
            }
            return set
        }

        private static func isAlphanumeric(_ byte: UInt8) -> Bool {
            CharacterSet.word.contains(byte) && byte != UInt8(ascii: "_")
        }

        /// How often the item may come; `nil` for what this shape does not have, such as lazy repetition.
        mutating func counts() -> ClosedRange<Int>? {
            var counts = 1...1
            if take("?") {
                counts = 0...1
            } else if take("*") {
                counts = 0...Int.max
            } else if take("+") {
                counts = 1...Int.max
            } else if take("{") {
                guard let braces = countsInBraces() else { return nil }
                counts = braces
            } else {
                return counts
            }
            let isFollowedByRepetition = current.map { "?*+{".utf8.contains($0) } ?? false
            return isFollowedByRepetition ? nil : counts
        }

        private mutating func countsInBraces() -> ClosedRange<Int>? {
            guard let low = number() else { return nil }
            if take("}") { return low...low }
            guard take(",") else { return nil }
            if take("}") { return low...Int.max }
            guard let high = number(), take("}"), low <= high else { return nil }
            return low...high
        }

        private mutating func number() -> Int? {
            let start = position
            while let byte = current, byte &- 0x30 <= 9 { position += 1 }
            return position - start > 9 ? nil : Int(String(decoding: bytes[start..<position], as: UTF8.self))
        }
    }
}
