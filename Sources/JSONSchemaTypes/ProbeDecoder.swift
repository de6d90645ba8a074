// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Answers whatever it is asked for with a made-up value, and writes down what that was.
struct ProbeDecoder: Decoder {
    let recording: ProbeRecording
    let run: ProbeRun
    let path: String
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try run.refuse(type, at: self)
        recording.become(.keyed)
        return KeyedDecodingContainer(
            ProbeKeyedContainer<Key>(recording: recording, run: run, path: path, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try run.refuse([JSONValue].self, at: self)
        recording.become(.unkeyed)
        return ProbeUnkeyedContainer(recording: recording, run: run, path: path, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension ProbeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool {
        recording.meetNull()
        return run.pass == .second
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try run.refuse(type, at: self)
        let finding = try run.prober.resolve(type, path: path)
        recording.become(.single(finding.node))
        return try run.value(finding, nil, path: path)
    }
}

struct ProbeKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let recording: ProbeRecording
    let run: ProbeRun
    let path: String
    let codingPath: [any CodingKey]

    var allKeys: [Key] { run.presentKeys(Key.self, path: path) }

    // A member that is looked for first need not be there: the first run has it, the second has not.
    func contains(_ key: Key) -> Bool {
        recording.look(for: key.stringValue)
        return run.pass == .first
    }

    func decodeNil(forKey key: Key) -> Bool {
        recording.meetNull(key.stringValue)
        return run.pass == .second
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let note = note(key)
        let path = place(key)
        let finding = try run.prober.resolve(type, path: path)
        recording.add(key.stringValue, .node(finding.node), isRequired: true, note: note)
        return try run.value(finding, note, path: path)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        let note = note(key)
        let path = place(key)
        let finding = try run.prober.resolve(type, path: path)
        recording.add(key.stringValue, .node(finding.node.asNullable), isRequired: false, note: note)
        guard run.pass == .first else { return nil }
        let hasValue = finding.first != nil || note?.samples.isEmpty == false
        return hasValue ? try run.value(finding, note, path: path) : nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try part(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try part(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { part("super", JSONProbeKey("super")) }
    func superDecoder(forKey key: Key) -> any Decoder { part(key) }

    private func note(_ key: Key) -> PropertyNote? { recording.isOfType ? run.notes?.note(for: key.stringValue) : nil }
    private func place(_ key: any CodingKey) -> String { "\(path).\(key.stringValue)" }
    private func part(_ key: Key) -> ProbeDecoder { part(key.stringValue, key) }

    private func part(_ name: String, _ key: any CodingKey) -> ProbeDecoder {
        let note = recording.isOfType ? run.notes?.note(for: name) : nil
        return ProbeDecoder(
            recording: recording.part(name, note: note), run: run, path: place(key), codingPath: codingPath + [key])
    }
}

/// The key of a superclass.
private struct JSONProbeKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
