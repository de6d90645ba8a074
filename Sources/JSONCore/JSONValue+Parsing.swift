// SPDX-License-Identifier: Apache-2.0

/// Reading JSON text: strict RFC 8259, and stricter where the RFC leaves room. Refused are duplicate keys, escapes of
/// lone surrogates, bytes that are not UTF-8, a byte order mark, and what exceeds the limits.
///
/// An integer literal that fits 64 bits is an ``JSONValue/integer(_:)``, exactly; `-0`, and an integer literal beyond
/// 64 bits unless ``JSONLimits/bigNumbers`` refuses it, is a ``JSONValue/number(_:)``. A fraction or an exponent makes
/// a correctly rounded `number`; one that is too small becomes 0, one that is too large is an error.
extension JSONValue {
    /// Parses a JSON text.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var text = text
        let result = text.withUTF8 { bytes in
            unsafe Self.result(of: UnsafeRawBufferPointer(bytes), limits: limits)
        }
        self = try result.get()
    }

    /// Parses a JSON text of UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let result = unsafe bytes.withUnsafeBytes { unsafe Self.result(of: $0, limits: limits) }
        self = try result.get()
    }

    /// Parses a JSON text of UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let result = unsafe bytes.withUnsafeBytes { unsafe Self.result(of: $0, limits: limits) }
        self = try result.get()
    }

    /// Parses a JSON text of UTF-8 bytes, which must stay valid until this returns.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var tape = JSONTape()
        try unsafe tape.parse(bytes, limits: limits)
        self.init(tape)
    }

    /// Parses a JSON text of UTF-8 bytes; copies them unless they lie together in memory.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    public init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let result = bytes.withContiguousStorageIfAvailable {
            unsafe Self.result(of: UnsafeRawBufferPointer($0), limits: limits)
        }
        if let result {
            self = try result.get()
        } else {
            try self.init(parsing: Array(bytes), limits: limits)
        }
    }

    /// A result, since the standard library's closures do not carry a typed error.
    private static func result(
        of bytes: UnsafeRawBufferPointer, limits: JSONLimits
    ) -> Result<JSONValue, JSONError> {
        do throws(JSONError) {
            return .success(try unsafe JSONValue(parsing: bytes, limits: limits))
        } catch {
            return .failure(error)
        }
    }
}
