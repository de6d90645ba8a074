// SPDX-License-Identifier: Apache-2.0

extension JSONTape {
    /// The document as JSON text, as ``JSONValue/serialized(order:indent:)`` writes it.
    ///
    /// - Throws: ``JSONError`` with ``JSONError/Code/nonFiniteNumber``; only a tape that was filled with a value can hold
    ///   such a number.
    public borrowing func serialized(order: JSONMemberOrder = .insertion, indent: Int? = nil) throws(JSONError)
        -> String
    {
        let writer = try written(order: order, indent: indent)
        return unsafe writer.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The document as the UTF-8 bytes of its JSON text; parameters and errors as for ``serialized(order:indent:)``.
    public borrowing func serializedBytes(
        order: JSONMemberOrder = .insertion, indent: Int? = nil
    ) throws(JSONError) -> [UInt8] {
        let writer = try written(order: order, indent: indent)
        return unsafe writer.withBytes { unsafe Array($0) }
    }

    /// Appends the JSON text to `bytes`, which stays as it was when this throws; parameters and errors as for
    /// ``serialized(order:indent:)``.
    public borrowing func append(
        to bytes: inout [UInt8], order: JSONMemberOrder = .insertion, indent: Int? = nil
    ) throws(JSONError) {
        let writer = try written(order: order, indent: indent)
        unsafe writer.withBytes { unsafe bytes.append(contentsOf: $0) }
    }

    private borrowing func written(order: JSONMemberOrder, indent: Int?) throws(JSONError) -> JSONWriter {
        // What was read escapes to about what it was; a guess that is too small costs a copy.
        var writer = JSONWriter(order: order, indent: indent, capacity: textCount &+ 64)
        let isFinite = unsafe withView { unsafe writer.write($0, at: 0) }
        guard isFinite else { throw JSONValue(self).nonFiniteError }
        return writer
    }
}
