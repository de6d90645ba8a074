// SPDX-License-Identifier: Apache-2.0

/// An array that has whatever elements are asked for, and one where a type asks until there are no more.
struct ProbeUnkeyedContainer: UnkeyedDecodingContainer {
    let recording: ProbeRecording
    let run: ProbeRun
    let path: String
    let codingPath: [any CodingKey]

    var count: Int? { nil }
    var currentIndex: Int { recording.elementCount }
    var isAtEnd: Bool { recording.isAtEnd }

    mutating func decodeNil() -> Bool {
        recording.nextElementMeetsNull()
        return false
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let path = place
        let finding = try run.prober.resolve(type, path: path)
        recording.add(.node(finding.node))
        return try run.value(finding, nil, path: path)
    }

    mutating func decodeIfPresent<Value: Decodable>(_ type: Value.Type) throws -> Value? {
        let finding = try run.prober.resolve(type, path: place)
        recording.add(.node(finding.node.asNullable), isRequired: false)
        return run.pass == .first ? finding.first : nil
    }

    // The defaults of the standard library ask for the end, as a loop does.
    mutating func decodeIfPresent(_ type: Bool.Type) throws -> Bool? { try optional(type) }
    mutating func decodeIfPresent(_ type: String.Type) throws -> String? { try optional(type) }
    mutating func decodeIfPresent(_ type: Double.Type) throws -> Double? { try optional(type) }
    mutating func decodeIfPresent(_ type: Float.Type) throws -> Float? { try optional(type) }
    mutating func decodeIfPresent(_ type: Int.Type) throws -> Int? { try optional(type) }
    mutating func decodeIfPresent(_ type: Int8.Type) throws -> Int8? { try optional(type) }
    mutating func decodeIfPresent(_ type: Int16.Type) throws -> Int16? { try optional(type) }
    mutating func decodeIfPresent(_ type: Int32.Type) throws -> Int32? { try optional(type) }
    mutating func decodeIfPresent(_ type: Int64.Type) throws -> Int64? { try optional(type) }
    mutating func decodeIfPresent(_ type: UInt.Type) throws -> UInt? { try optional(type) }
    mutating func decodeIfPresent(_ type: UInt8.Type) throws -> UInt8? { try optional(type) }
    mutating func decodeIfPresent(_ type: UInt16.Type) throws -> UInt16? { try optional(type) }
    mutating func decodeIfPresent(_ type: UInt32.Type) throws -> UInt32? { try optional(type) }
    mutating func decodeIfPresent(_ type: UInt64.Type) throws -> UInt64? { try optional(type) }

    private mutating func optional<Value: ProbeScalar>(_ type: Value.Type) throws -> Value? {
        let finding = type.scalar
        recording.add(.node(finding.node.asNullable), isRequired: false)
        return run.pass == .first ? finding.first : nil
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested>
    {
        try part().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try part().unkeyedContainer() }
    mutating func superDecoder() -> any Decoder { part() }

    private var place: String { path + "[]" }

    private func part() -> ProbeDecoder {
        let part = ProbeRecording()
        recording.add(.recording(part))
        return ProbeDecoder(recording: part, run: run, path: place, codingPath: codingPath)
    }
}
