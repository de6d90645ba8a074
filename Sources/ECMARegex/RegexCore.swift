// SPDX-License-Identifier: Apache-2.0

/// What an ``ECMARegex`` holds: one object, so that passing an expression on costs one count, and searching none.
///
/// `@unchecked Sendable`: the memory behind ``items`` and ``texts`` is written here and never after.
final class RegexCore: @unchecked Sendable {
    private enum Kind: UInt8 { case everything, oneOf, prefix, suffix, contains, items, engine, conjunction }

    private let kind: Kind
    private let items: ItemSequence?
    /// Literal texts, one after the other, each after its length.
    private let texts: UnsafeMutableBufferPointer<UInt8>
    private let lengths: UnsafeMutableBufferPointer<Int>
    private let engine: RegexEngine?
    /// Patterns that must all be as they say: match, or not. Each holds one retain.
    private let parts: UnsafeMutableBufferPointer<Part>

    private struct Part {
        let core: Unmanaged<RegexCore>
        let isNegative: Bool
    }

    init(_ pattern: Pattern) throws(ECMARegexError) {
        var items: ItemSequence?
        var texts: [[UInt8]] = []
        var engine: RegexEngine?
        var parts: [(core: RegexCore, isNegative: Bool)] = []
        switch PatternShape(pattern) {
        case .everything?: kind = .everything
        case .oneOf(let found)?: (kind, texts) = (.oneOf, found)
        case .prefix(let text)?: (kind, texts) = (.prefix, [text])
        case .suffix(let text)?: (kind, texts) = (.suffix, [text])
        case .contains(let text)?: (kind, texts) = (.contains, [text])
        case .items(let found)?: (kind, items) = (.items, found)
        case nil:
            if let conjunction = Conjunction(pattern) {
                kind = .conjunction
                for part in conjunction.parts { parts.append((try RegexCore(part.pattern), part.isNegative)) }
            } else {
                (kind, engine) = (.engine, try RegexEngine(pattern))
            }
        }
        self.parts = .allocate(capacity: parts.count)
        _ = self.parts.initialize(
            from: parts.map { Part(core: .passRetained($0.core), isNegative: $0.isNegative) })
        self.items = items
        self.engine = engine
        self.texts = .allocate(capacity: texts.reduce(0) { $0 + $1.count })
        _ = self.texts.initialize(from: texts.joined())
        lengths = .allocate(capacity: texts.count)
        _ = lengths.initialize(from: texts.map(\.count))
    }

    deinit {
        items?.deallocate()
        for part in parts { part.core.release() }
        parts.deallocate()
        texts.deallocate()
        lengths.deallocate()
    }

    var shape: ECMARegex.Shape {
        var position = 0
        let strings = lengths.map { length in
            defer { position += length }
            return String(decoding: texts[position..<position + length], as: UTF8.self)
        }
        switch kind {
        case .everything: return .everything
        case .oneOf: return .oneOf(strings)
        case .prefix: return .prefix(strings.joined())
        case .suffix: return .suffix(strings.joined())
        case .contains: return .contains(strings.joined())
        case .items, .engine, .conjunction: return .general
        }
    }

    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> ECMARegex.Verdict {
        if kind == .engine, let engine { return engine.search(bytes) }
        if kind == .conjunction { return searchParts(bytes) }
        return isMatch(bytes) ? .match : .noMatch
    }

    private func searchParts(_ bytes: UnsafeBufferPointer<UInt8>) -> ECMARegex.Verdict {
        for part in parts {
            switch part.core._withUnsafeGuaranteedRef({ $0.search(bytes) }) {
            case .match: if part.isNegative { return .noMatch }
            case .noMatch: if !part.isNegative { return .noMatch }
            case .exhausted: return .exhausted
            }
        }
        return .match
    }

    @inline(__always)
    private func isMatch(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch kind {
        case .everything: true
        case .items: items?.search(bytes) ?? false
        case .prefix: stands(0, texts.count, in: bytes, at: 0)
        case .suffix: stands(0, texts.count, in: bytes, at: bytes.count &- texts.count)
        case .oneOf: isOneOf(bytes)
        case .contains, .engine, .conjunction: contains(bytes)
        }
    }

    private func isOneOf(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = 0
        for length in lengths {
            if length == bytes.count, stands(start, length, in: bytes, at: 0) { return true }
            start &+= length
        }
        return false
    }

    /// Whether the text that begins at `start` stands in the bytes at `position`.
    @inline(__always)
    private func stands(_ start: Int, _ length: Int, in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        guard position >= 0, bytes.count &- position >= length else { return false }
        var index = 0
        while index < length {
            if texts[start &+ index] != bytes[position &+ index] { return false }
            index &+= 1
        }
        return true
    }

    private func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = texts.first else { return true }
        let limit = bytes.count - texts.count
        var start = 0
        while start <= limit {
            if bytes[start] == first, stands(0, texts.count, in: bytes, at: start) { return true }
            start &+= 1
        }
        return false
    }
}
