// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Reads the value as a Swift type.
    ///
    /// Exact: an integer decodes into an integer type that holds it, never rounded; either kind of number decodes into
    /// `Double`. A missing member and `null` are both `nil` for an optional property.
    ///
    /// Foundation's `URL` is read from a string, and its `Date` from an RFC 3339 date and time or from seconds since 2001.
    ///
    /// - Parameter integers: whether `1.0` decodes into an integer type; by default it does not.
    /// - Throws: `DecodingError` whose context has the coding path and a sentence.
    public func decode<Value: Decodable>(
        as type: Value.Type = Value.self, integers: JSONIntegerReading = .asWritten
    ) throws -> Value {
        try JSONValueDecoder(value: self, codingPath: [], integers: integers).decode(type)
    }
}

/// Which numbers decode into an integer type.
public enum JSONIntegerReading: Sendable {
    /// Those written without fraction and exponent.
    case asWritten
    /// Those without a fractional part however they are written, which is what `"type": "integer"` of JSON Schema
    /// accepts (draft 2020-12 core, section 4.2.1): `1.0` and `1e2` as well.
    case byValue
}

/// Decodes from one value of the tree.
struct JSONValueDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let integers: JSONIntegerReading
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == JSONValue.self, let same = value as? Value { return same }
        do {
            return try Value(from: self)
        } catch let error as DecodingError {
            let form = FoundationURL.object(of: value, for: type) ?? FoundationDate.seconds(of: value, for: type)
            guard let form else { throw error }
            return try Value(from: JSONValueDecoder(value: form, codingPath: codingPath, integers: integers))
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = value else { throw mismatch(type, "an object") }
        return KeyedDecodingContainer(
            JSONKeyedContainer<Key>(object: object, codingPath: codingPath, integers: integers))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let values) = value else { throw mismatch([JSONValue].self, "an array") }
        return JSONUnkeyedContainer(values: values, codingPath: codingPath, integers: integers)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
        let sentence = "expected \(expected), found \(value.typeName)"
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: sentence)
        return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard let bool = value.boolValue else { throw mismatch(type, "a boolean") }
        return bool
    }

    func decode(_ type: String.Type) throws -> String {
        guard let text = value.stringValue else { throw mismatch(type, "a string") }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard let number = value.doubleValue else { throw mismatch(type, "a number") }
        return number
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

    private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        guard let number = integer else { throw mismatch(type, "an integer") }
        guard let exact = Value(exactly: number) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "\(number) does not fit \(type)"))
        }
        return exact
    }

    private var integer: Int64? {
        switch integers {
        case .asWritten: if case .integer(let number) = value { number } else { nil }
        case .byValue: value.integerValue
        }
    }
}
