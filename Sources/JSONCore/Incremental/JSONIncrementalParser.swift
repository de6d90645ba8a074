// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON text that arrives in pieces, as strictly as ``JSONValue/init(parsing:limits:)-(String,_)``.
///
/// The pieces may end anywhere, inside a character too. Each byte is looked at once, so a text costs the same however
/// it is cut. A text is refused at the byte where the fault can first be known, with the same ``JSONError`` that the
/// whole text would give; a parser that has thrown throws the same error again.
public struct JSONIncrementalParser: Sendable {
    private var storage: JSONIncrementalStorage

    public init(limits: JSONLimits = JSONLimits()) { storage = JSONIncrementalStorage(limits: limits) }

    /// Whether a whole value has been read; then only white space may follow. A number at the outermost level is not
    /// complete before ``finish()``.
    public var isComplete: Bool { storage.isComplete }

    /// Takes the next bytes.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        if let error = unsafe take(bytes) { throw error }
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ bytes: [UInt8]) throws(JSONError) {
        let error = unsafe bytes.withUnsafeBytes { unsafe take($0) }
        if let error { throw error }
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ bytes: Span<UInt8>) throws(JSONError) {
        let error = unsafe bytes.withUnsafeBytes { unsafe take($0) }
        if let error { throw error }
    }

    /// Takes the next bytes; copies them unless they lie together in memory.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    @inlinable public mutating func feed(_ bytes: some Sequence<UInt8>) throws(JSONError) {
        if let error = bytes.withContiguousStorageIfAvailable({ unsafe take(UnsafeRawBufferPointer($0)) }) {
            if let error { throw error }
        } else {
            try feed(Array(bytes))
        }
    }

    /// Takes the next text.
    ///
    /// - Throws: ``JSONError``, with its place in the whole text.
    public mutating func feed(_ text: String) throws(JSONError) {
        var text = text
        let error = text.withUTF8 { unsafe take(UnsafeRawBufferPointer($0)) }
        if let error { throw error }
    }

    /// The error, since the standard library's closures do not carry a typed one.
    @usableFromInline
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> JSONError? {
        own()
        return unsafe storage.feed(bytes)
    }

    /// Ends the text.
    ///
    /// - Returns: the value, the same that the whole text would give.
    /// - Throws: ``JSONError``, with ``JSONError/Code/unexpectedEnd`` when the text is not complete.
    public mutating func finish() throws(JSONError) -> JSONValue {
        own()
        if let error = storage.finish() { throw error }
        return unsafe storage.withView { unsafe JSONValue($0, at: 0) }
    }

    private mutating func own() {
        if !isKnownUniquelyReferenced(&storage) { storage = JSONIncrementalStorage(copying: storage) }
    }
}

extension JSONIncrementalParser {
    /// The value as far as it has come; `nil` before the first byte of one.
    ///
    /// Open arrays and objects hold what is complete in them, and an open string its text so far. Held back are a
    /// number or literal until the byte behind it, a key until its value begins, and the unfinished end of an escape or
    /// character. So each partial value is the beginning of the next one.
    ///
    /// Makes a tree, which costs as much as the value is large. ``partialValue(at:)`` makes one of a part only.
    public var partialValue: JSONValue? {
        guard storage.hasValue else { return nil }
        return unsafe storage.withView { unsafe JSONValue($0, at: 0) }
    }

    /// The part of ``partialValue`` at `pointer`; `nil` when there is none yet. Costs as much as that part is large,
    /// besides the search on the way to it.
    public func partialValue(at pointer: JSONPointer) -> JSONValue? {
        unsafe withPartialView { view -> JSONValue? in
            guard let view = unsafe view, let position = unsafe view.position(of: pointer) else { return nil }
            return unsafe JSONValue(view, at: position)
        }
    }

    /// Calls `body` with a view of what ``partialValue`` is, as the tape has it, without making anything: after any
    /// piece this costs nothing but what `body` looks at. `nil` before the first byte of a value.
    package func withPartialView<Result, Failure: Error>(
        _ body: (JSONTapeView?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard storage.hasValue else { return try body(nil) }
        return try unsafe storage.withView { view throws(Failure) in try unsafe body(view) }
    }

    /// Whether the last value of the view is a string that has not ended.
    package var hasOpenString: Bool { storage.hasOpenString }

    /// How many containers are open; each is the last value of the one before.
    package var openContainers: Int { storage.depth }
}
