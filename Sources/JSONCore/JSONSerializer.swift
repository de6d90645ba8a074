// SPDX-License-Identifier: Apache-2.0

/// Writes one JSON text after another into the same buffer, for whom the memory of a fresh one each time is too slow.
public struct JSONSerializer: ~Copyable {
    private var writer: JSONWriter

    /// - Parameters: as for ``JSONValue/serialized(order:indent:)``.
    public init(order: JSONMemberOrder = .insertion, indent: Int? = nil) {
        writer = JSONWriter(order: order, indent: indent)
    }

    /// Calls `body` with the UTF-8 bytes of a value's text, which are there during the call only.
    ///
    /// - Throws: ``JSONError`` with ``JSONError/Code/nonFiniteNumber``, which names the place of the number.
    public mutating func withBytes<Result>(
        of value: borrowing JSONValue, _ body: (Span<UInt8>) -> Result
    ) throws(JSONError) -> Result {
        writer.removeAll()
        if !writer.write(value) { throw (copy value).nonFiniteError }
        return unsafe writer.withBytes { unsafe body($0.span) }
    }

    /// Calls `body` with the UTF-8 bytes of a tape's text, which are there during the call only.
    ///
    /// - Throws: ``JSONError`` with ``JSONError/Code/nonFiniteNumber``, which names the place of the number.
    public mutating func withBytes<Result>(
        of tape: borrowing JSONTape, _ body: (Span<UInt8>) -> Result
    ) throws(JSONError) -> Result {
        writer.removeAll()
        let isFinite = unsafe tape.withView { unsafe writer.write($0, at: 0) }
        if !isFinite { throw JSONValue(tape).nonFiniteError }
        return unsafe writer.withBytes { unsafe body($0.span) }
    }
}
