// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Makes a value of a Swift value; the inverse of ``decode(as:integers:)``.
    ///
    /// Exact: integers become integers, `Double` becomes a number even when it has no fraction, and members keep the
    /// order in which they are encoded. A property that is `nil` is left out, as `Codable` has it. A `Float` becomes
    /// the shortest number that reads back as the same `Float`. Foundation's `URL` becomes a string, and its `Date`
    /// an RFC 3339 date and time where that is exact. A type that encodes nothing becomes `{}`.
    ///
    /// - Throws: `EncodingError` for an integer beyond 64 bits with sign, a number that is not finite, and for more than
    ///   ``JSONLimits/maximumDepth`` levels; and what the value's own `encode(to:)` throws.
    public init<Value: Encodable>(encoding value: Value) throws {
        let place = JSONEncodingPlace()
        try JSONValueEncoder(place: place, codingPath: []).write(value)
        self = place.value
    }
}

/// Where one value of the tree goes. A class, because a nested container outlives the call that made it.
final class JSONEncodingPlace {
    enum Content {
        case nothing
        case value(JSONValue)
        case array([JSONEncodingPlace])
        case object(keys: [String], places: [ByteKey: JSONEncodingPlace])
    }

    var content = Content.nothing

    var count: Int { if case .array(let places) = content { places.count } else { 0 } }

    var value: JSONValue {
        switch content {
        case .nothing: return .object(JSONObject())
        case .value(let value): return value
        case .array(let places): return .array(places.map(\.value))
        case .object(let keys, let places):
            return .object(JSONObject(keys.compactMap { key in places[ByteKey(key)].map { (key, $0.value) } }))
        }
    }

    /// The only member, when there is one and no other.
    var onlyMember: (key: String, value: JSONValue)? {
        guard case .object(let keys, let places) = content, keys.count == 1, let key = keys.first else { return nil }
        return places[ByteKey(key)].map { (key, $0.value) }
    }

    func becomeArray() { if case .array = content {} else { content = .array([]) } }
    func becomeObject() { if case .object = content {} else { content = .object(keys: [], places: [:]) } }

    func appended() -> JSONEncodingPlace {
        guard case .array(var places) = content else { return self }
        content = .nothing
        let place = JSONEncodingPlace()
        places.append(place)
        content = .array(places)
        return place
    }

    /// The place of a member, which stays where it was when the member is there already.
    func member(_ key: String) -> JSONEncodingPlace {
        guard case .object(var keys, var places) = content else { return self }
        content = .nothing
        let place = JSONEncodingPlace()
        if places.updateValue(place, forKey: ByteKey(key)) == nil { keys.append(key) }
        content = .object(keys: keys, places: places)
        return place
    }
}

extension JSONValue: Encodable {
    /// Encodes with any encoder; ``JSONValue/init(encoding:)`` takes the value as it is.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let object):
            var container = encoder.container(keyedBy: JSONKey.self)
            for (key, value) in object.members { try container.encode(value, forKey: JSONKey(key)) }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        default:
            var container = encoder.singleValueContainer()
            try encodeScalar(to: &container)
        }
    }

    private func encodeScalar(to container: inout any SingleValueEncodingContainer) throws {
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        default: try container.encodeNil()
        }
    }
}
