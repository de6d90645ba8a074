// SPDX-License-Identifier: Apache-2.0

/// Encodes into one place of the tree.
struct JSONValueEncoder: Encoder {
    let place: JSONEncodingPlace
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func write<Value: Encodable>(_ value: Value) throws {
        if let value = value as? JSONValue {
            try put(value)
            return
        }
        // A class that contains itself would otherwise end on the stack's end.
        guard codingPath.count < JSONLimits.maximumDepth else {
            throw invalid(value, "the value is nested more than \(JSONLimits.maximumDepth) levels deep")
        }
        try value.encode(to: self)
        let text = FoundationURL.string(of: place, for: Value.self) ?? FoundationDate.string(of: place, for: Value.self)
        if let text { place.content = .value(.string(text)) }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        place.becomeObject()
        return KeyedEncodingContainer(JSONKeyedEncodingContainer<Key>(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        place.becomeArray()
        return JSONUnkeyedEncodingContainer(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    private func put(_ value: JSONValue) throws { place.content = .value(value) }

    private func put(integer value: some BinaryInteger) throws {
        guard let exact = Int64(exactly: value) else {
            throw invalid(value, "\(value) does not fit a 64-bit integer with sign")
        }
        place.content = .value(.integer(exact))
    }

    private func invalid(_ value: Any, _ sentence: String) -> EncodingError {
        .invalidValue(value, .init(codingPath: codingPath, debugDescription: sentence))
    }
}

extension JSONValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { try put(.null) }
    func encode(_ value: Bool) throws { try put(.bool(value)) }
    func encode(_ value: String) throws { try put(.string(value)) }

    func encode(_ value: Double) throws {
        guard value.isFinite else { throw invalid(value, "\(value) has no form in JSON") }
        try put(.number(value))
    }

    func encode(_ value: Float) throws {
        // 0.1 rather than 0.10000000149011612, unless that would read back as another number.
        let shortest = Double(value.description) ?? Double(value)
        try encode(Float(shortest) == value ? shortest : Double(value))
    }

    func encode(_ value: Int) throws { try put(integer: value) }
    func encode(_ value: Int8) throws { try put(integer: value) }
    func encode(_ value: Int16) throws { try put(integer: value) }
    func encode(_ value: Int32) throws { try put(integer: value) }
    func encode(_ value: Int64) throws { try put(integer: value) }
    func encode(_ value: UInt) throws { try put(integer: value) }
    func encode(_ value: UInt8) throws { try put(integer: value) }
    func encode(_ value: UInt16) throws { try put(integer: value) }
    func encode(_ value: UInt32) throws { try put(integer: value) }
    func encode(_ value: UInt64) throws { try put(integer: value) }
    func encode<Value: Encodable>(_ value: Value) throws { try write(value) }
}

struct JSONKeyedEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: JSONEncodingPlace
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) throws { try member(key).encodeNil() }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try member(key).write(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { member(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { member(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { member(JSONKey("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { member(key) }

    private func member(_ key: any CodingKey) -> JSONValueEncoder {
        JSONValueEncoder(place: place.member(key.stringValue), codingPath: codingPath + [key])
    }
}

struct JSONUnkeyedEncodingContainer: UnkeyedEncodingContainer {
    let place: JSONEncodingPlace
    let codingPath: [any CodingKey]
    var count: Int { place.count }

    func encodeNil() throws { try element().encodeNil() }
    func encode<Value: Encodable>(_ value: Value) throws { try element().write(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        element().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { element().unkeyedContainer() }
    func superEncoder() -> any Encoder { element() }

    private func element() -> JSONValueEncoder {
        let key = JSONKey(place.count)
        return JSONValueEncoder(place: place.appended(), codingPath: codingPath + [key])
    }
}
