// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON text that arrives in pieces, as strictly as ``JSONValue/init(parsing:limits:)-(String,_)``.
///
/// The pieces may end anywhere, inside a character too. Each byte is looked at once, so a text costs the same however
/// it is cut. A text is refused at the byte where the fault can first be known, with the same ``JSONError`` that the
/// whole text would give; a parser that has thrown throws the same error again.
public struct JSONIncrementalParser: Sendable {
    /// What the next byte belongs to.
    enum State: Sendable, Equatable {
        case value(JSONFailure.Kind)
        case firstElement, firstKey, key, colon, afterValue, done
        case string, escape, codeUnit, lowBackslash, lowLetter
        case number, literal
    }

    /// A container that is open; the innermost is the last.
    struct Container: Sendable {
        let isObject: Bool
        var elements: [JSONValue] = []
        var object = JSONObject()
        var key = ""
    }

    let limits: JSONLimits
    var state = State.value(.value)
    var containers: [Container] = []
    var root: JSONValue?
    var valuesLeft: Int
    private var error: JSONError?

    // The place.
    var offset = 0
    /// Where the bytes of the present call started.
    private var feedStart = 0
    private var line = 1
    private var lineStart = 0
    /// Bytes of this line that continue a character, which the column does not count.
    var continuationBytes = 0

    // The token that is open.
    var token: [UInt8] = []
    var tokenStart = 0
    var continuationBytesAtToken = 0
    var isKey = false
    var checker = UTF8Checker()
    var sequenceStart = 0
    var escapeStart = 0
    var codeUnit: UInt32 = 0
    var codeUnitDigits = 0
    var highSurrogate: UInt32?
    var numberState = JSONNumberGrammar.start

    public init(limits: JSONLimits = JSONLimits()) {
        self.limits = limits
        valuesLeft = limits.values
    }

    /// Whether a whole value has been read; then only white space may follow. A number at the outermost level is not
    /// complete before ``finish()``.
    public var isComplete: Bool { state == .done && error == nil }

    /// Takes the next bytes.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        if let error { throw error }
        let bound = unsafe bytes.bindMemory(to: UInt8.self)
        do throws(JSONFailure) {
            try unsafe consume(bound)
        } catch {
            let found = error.offset == offset ? unsafe bytes[error.offset - feedStart] : 0
            throw fail(error, found: found)
        }
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ bytes: [UInt8]) throws(JSONError) {
        try unsafe bytes.withUnsafeBytes { unsafe result(of: $0) }.get()
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ bytes: Span<UInt8>) throws(JSONError) {
        try unsafe bytes.withUnsafeBytes { unsafe result(of: $0) }.get()
    }

    /// Takes the next bytes; copies them unless they lie together in memory.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    @inlinable public mutating func feed(_ bytes: some Sequence<UInt8>) throws(JSONError) {
        if let result = bytes.withContiguousStorageIfAvailable({ unsafe result(of: UnsafeRawBufferPointer($0)) }) {
            try result.get()
        } else {
            try feed(Array(bytes))
        }
    }

    /// Takes the next text.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ text: String) throws(JSONError) {
        var text = text
        try text.withUTF8 { unsafe result(of: UnsafeRawBufferPointer($0)) }.get()
    }

    /// A result, since the standard library's closures do not carry a typed error.
    @usableFromInline
    mutating func result(of bytes: UnsafeRawBufferPointer) -> Result<Void, JSONError> {
        do throws(JSONError) {
            return .success(try unsafe feed(bytes))
        } catch {
            return .failure(error)
        }
    }

    /// Ends the text.
    ///
    /// - Returns: the value, the same that the whole text would give.
    /// - Throws: ``JSONError``, with ``JSONError/Code/unexpectedEnd`` when the text is not complete.
    public mutating func finish() throws(JSONError) -> JSONValue {
        if let error { throw error }
        do throws(JSONFailure) {
            if case .number = state { try endNumber() }
            if let root, state == .done { return root }
            throw JSONFailure(kind: expectedAtEnd, offset: offset)
        } catch {
            throw fail(error, found: nil)
        }
    }

    private mutating func consume(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFailure) {
        feedStart = offset
        if bytes.count > limits.bytes - offset { throw JSONFailure(kind: .size, offset: limits.bytes) }
        var index = 0
        while index < bytes.count {
            if case .string = state {
                let plain = unsafe plainBytes(in: bytes, from: index)
                index += plain
                offset += plain
                if index == bytes.count { break }
            }
            try take(unsafe bytes[index])
            index += 1
            offset += 1
        }
    }

    private mutating func take(_ byte: UInt8) throws(JSONFailure) {
        switch state {
        case .string: try takeInString(byte)
        case .escape, .codeUnit, .lowBackslash, .lowLetter: try takeInEscape(byte)
        case .number: try takeInNumber(byte)
        case .literal: try takeInLiteral(byte)
        default: try takeBetweenTokens(byte)
        }
    }

    mutating func takeBetweenTokens(_ byte: UInt8) throws(JSONFailure) {
        switch byte {
        case UInt8(ascii: "\n"):
            line += 1
            lineStart = offset + 1
            continuationBytes = 0
        case 0x20, 0x09, 0x0D: break
        default: try takeStructure(byte)
        }
    }

    /// Remembers the error and gives it its words.
    private mutating func fail(_ failure: JSONFailure, found: UInt8?) -> JSONError {
        let isDuplicate = failure.kind == .duplicateKey
        var continuation = isDuplicate ? continuationBytesAtToken : continuationBytes
        if checker.isInsideSequence && failure.kind != .utf8 { continuation += checker.received - 1 }
        let error = failure.error(
            found: found, line: line, column: failure.offset - lineStart - continuation + 1,
            token: isDuplicate ? String(decoding: token, as: UTF8.self) : nil, limits: limits)
        self.error = error
        return error
    }
}
