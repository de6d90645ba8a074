// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON text (RFC 8259) from memory into a value, by recursive descent.
///
/// Strict: no byte order mark, no comments, no trailing commas, no duplicate keys, no lone surrogates, valid UTF-8.
/// `@safe`: the bytes outlive the parser, which `parse` makes and drops, and every load is behind a check of `count`.
@safe struct JSONParser {
    let base: UnsafePointer<UInt8>
    let count: Int
    let roundsBigNumbers: Bool
    var position = 0
    var valuesLeft: Int
    var depthLeft: Int
    /// Where strings with escapes are decoded.
    var scratch: [UInt8] = []
    /// Whether the last key was written with escapes: its bytes in the text do not tell then whether keys differ.
    var sawEscape = false

    static func parse(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits) throws(JSONError) -> JSONValue {
        let bound = unsafe bytes.bindMemory(to: UInt8.self)
        // An empty buffer may have no address; one byte that is never read stands in for it.
        guard let base = bound.baseAddress else { throw Self.emptyError(limits: limits) }
        var parser = unsafe JSONParser(base: base, count: bound.count, limits: limits)
        do throws(JSONFailure) {
            return try parser.document(limits: limits)
        } catch {
            throw parser.describe(error, limits: limits)
        }
    }

    init(base: UnsafePointer<UInt8>, count: Int, limits: JSONLimits) {
        unsafe self.base = unsafe base
        self.count = count
        roundsBigNumbers = limits.bigNumbers == .round
        valuesLeft = limits.values
        depthLeft = limits.effectiveDepth
    }

    /// The byte at `offset`, and 0 at the end: 0 is legal nowhere, so it never passes for something else.
    @inline(__always) func byte(at offset: Int) -> UInt8 { offset < count ? unsafe base[offset] : 0 }

    @inline(__always) var current: UInt8 { byte(at: position) }

    @inline(__always) mutating func skipSpace() {
        while true {
            let byte = current
            if byte > 0x20 { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position &+= 1
        }
    }

    private mutating func document(limits: JSONLimits) throws(JSONFailure) -> JSONValue {
        if count > limits.bytes { throw JSONFailure(kind: .size, offset: limits.bytes) }
        skipSpace()
        let result = try value(expecting: .value)
        skipSpace()
        if position < count { throw failure(.trailing) }
        return result
    }

    private mutating func value(expecting kind: JSONFailure.Kind) throws(JSONFailure) -> JSONValue {
        valuesLeft &-= 1
        let byte = current
        switch byte {
        case UInt8(ascii: "\""):
            if valuesLeft < 0 { throw failure(.values) }
            position &+= 1
            return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            if valuesLeft < 0 { throw failure(.values) }
            return try number()
        default: return try literal(byte, expecting: kind)
        }
    }

    private mutating func literal(
        _ byte: UInt8, expecting kind: JSONFailure.Kind
    ) throws(JSONFailure) -> JSONValue {
        let result: JSONValue
        let word: StaticString
        let failed: JSONFailure.Kind
        switch byte {
        case UInt8(ascii: "t"): (result, word, failed) = (.bool(true), "true", .literalTrue)
        case UInt8(ascii: "f"): (result, word, failed) = (.bool(false), "false", .literalFalse)
        case UInt8(ascii: "n"): (result, word, failed) = (.null, "null", .literalNull)
        default: throw failure(kind)
        }
        if valuesLeft < 0 { throw failure(.values) }
        for index in 0..<word.utf8CodeUnitCount {
            guard unsafe current == word.utf8Start[index] else { throw failure(failed) }
            position &+= 1
        }
        return result
    }

    private mutating func open() throws(JSONFailure) {
        if valuesLeft < 0 { throw failure(.values) }
        if depthLeft == 0 { throw failure(.depth) }
        depthLeft &-= 1
        position &+= 1
        skipSpace()
    }

    private mutating func close() {
        depthLeft &+= 1
        position &+= 1
    }

    private mutating func array() throws(JSONFailure) -> JSONValue {
        try open()
        var elements: [JSONValue] = []
        if current == UInt8(ascii: "]") {
            close()
            return .array(elements)
        }
        elements.reserveCapacity(4)
        elements.append(try value(expecting: .firstElement))
        while true {
            skipSpace()
            let byte = current
            if byte == UInt8(ascii: "]") { break }
            guard byte == UInt8(ascii: ",") else { throw failure(.arrayComma) }
            position &+= 1
            skipSpace()
            elements.append(try value(expecting: .value))
        }
        close()
        return .array(elements)
    }

    private mutating func object() throws(JSONFailure) -> JSONValue {
        try open()
        var object = JSONObject()
        if current == UInt8(ascii: "}") {
            close()
            return .object(object)
        }
        object.reserveCapacity(4)
        var seen: UInt64 = 0
        var expected = JSONFailure.Kind.firstKey
        while true {
            let key = try key(expecting: expected, in: object, seen: &seen)
            object.appendKnownNew(key, try value(expecting: .value))
            skipSpace()
            let byte = current
            if byte == UInt8(ascii: "}") { break }
            guard byte == UInt8(ascii: ",") else { throw failure(.objectComma) }
            position &+= 1
            skipSpace()
            expected = .key
        }
        close()
        return .object(object)
    }

    /// Reads a key and its colon. `seen` has one bit for each key so far, by a cheap hash: only a bit that is set
    /// already makes it worth comparing with the object's keys.
    @inline(__always)
    private mutating func key(
        expecting kind: JSONFailure.Kind, in object: borrowing JSONObject, seen: inout UInt64
    ) throws(JSONFailure) -> String {
        guard current == UInt8(ascii: "\"") else { throw failure(kind) }
        position &+= 1
        let start = position
        sawEscape = false
        let key = try string()
        let bit: UInt64 = 1 &<< hash(from: start, to: position &- 1)
        if sawEscape { seen = .max }
        if seen & bit != 0 || object.isIndexed, object[key] != nil {
            throw JSONFailure(kind: .duplicateKey, offset: start &- 1)
        }
        seen |= bit
        skipSpace()
        guard current == UInt8(ascii: ":") else { throw failure(.colon) }
        position &+= 1
        skipSpace()
        return key
    }

    /// A number below 64 from the length, the first 8 and the last 8 of the bytes.
    @inline(__always) private func hash(from start: Int, to end: Int) -> UInt64 {
        var mixed = UInt64(truncatingIfNeeded: end &- start)
        if end &- start >= 8 {
            mixed ^= unsafe UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self)
            mixed &+= unsafe UnsafeRawPointer(base + (end &- 8)).loadUnaligned(as: UInt64.self) &* 31
        } else {
            for offset in start..<end { mixed = mixed &<< 8 ^ UInt64(byte(at: offset)) }
        }
        return (mixed &* 0x9E37_79B9_7F4A_7C15) &>> 58
    }

    @inline(__always) func failure(_ kind: JSONFailure.Kind) -> JSONFailure {
        JSONFailure(kind: kind, offset: position)
    }
}

extension JSONParser {
    private static func emptyError(limits: JSONLimits) -> JSONError {
        JSONFailure(kind: .value, offset: 0).error(found: nil, line: 1, column: 1, limits: limits)
    }

    /// Adds the words and the line to a failure; walks the text up to it.
    private func describe(_ failure: JSONFailure, limits: JSONLimits) -> JSONError {
        var line = 1
        var column = 1
        for offset in 0..<min(failure.offset, count) {
            let byte = byte(at: offset)
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        var token: String?
        if failure.kind == .duplicateKey {
            var again = self
            again.position = failure.offset + 1
            token = try? again.string()
        }
        let found = failure.offset < count ? byte(at: failure.offset) : nil
        return failure.error(found: found, line: line, column: column, token: token, limits: limits)
    }
}
