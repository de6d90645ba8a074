// SPDX-License-Identifier: Apache-2.0

/// Writing JSON text. What is escaped is `"`, `\` and the control characters below U+0020; all else, U+2028 and U+2029
/// too, stands as UTF-8. An integer is written in digits; a double as the shortest text that reads back as the same
/// double and with a point or an exponent in it, so that `1.0` stays `1.0`.
///
/// JSON has no infinity and no NaN (RFC 8259 §6). A value from the parser holds neither; one made from a computation
/// may, and is refused rather than written as something else.
extension JSONValue {
    /// The value as JSON text.
    ///
    /// - Parameter indent: spaces for each level, with one member or element a line; `nil` writes no white space.
    /// - Throws: ``JSONError`` with ``JSONError/Code/nonFiniteNumber``, which names the place of the number.
    public func serialized(order: JSONMemberOrder = .insertion, indent: Int? = nil) throws(JSONError) -> String {
        var writer = JSONWriter(order: order, indent: indent)
        try write(to: &writer)
        return unsafe writer.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The value as the UTF-8 bytes of its JSON text; parameters and errors as for ``serialized(order:indent:)``.
    public func serializedBytes(order: JSONMemberOrder = .insertion, indent: Int? = nil) throws(JSONError) -> [UInt8] {
        var writer = JSONWriter(order: order, indent: indent)
        try write(to: &writer)
        return unsafe writer.withBytes { unsafe Array($0) }
    }

    /// Appends the JSON text to `bytes`, which stays as it was when this throws; parameters and errors as for
    /// ``serialized(order:indent:)``.
    public func append(
        to bytes: inout [UInt8], order: JSONMemberOrder = .insertion, indent: Int? = nil
    ) throws(JSONError) {
        var writer = JSONWriter(order: order, indent: indent)
        try write(to: &writer)
        unsafe writer.withBytes { unsafe bytes.append(contentsOf: $0) }
    }

    private func write(to writer: inout JSONWriter) throws(JSONError) {
        if !writer.write(self) { throw nonFiniteError }
    }

    /// Names the first number that is infinite or NaN.
    var nonFiniteError: JSONError {
        let (place, number) = firstNonFinite(at: JSONPointer()) ?? (JSONPointer(), .nan)
        let name = place.isRoot ? "the number" : "the number at \(place)"
        return JSONError(.nonFiniteNumber, "\(name) is \(number), which JSON cannot express")
    }

    private func firstNonFinite(at place: JSONPointer) -> (JSONPointer, Double)? {
        switch self {
        case .number(let value) where !value.isFinite: return (place, value)
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let found = element.firstNonFinite(at: place.appending(index)) { return found }
            }
        case .object(let object):
            for member in object {
                if let found = member.value.firstNonFinite(at: place.appending(member.key)) { return found }
            }
        default: break
        }
        return nil
    }
}
