// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// One type being probed: what its `init(from:)` is told.
final class ProbeRun {
    let prober: TypeProber
    let type: Any.Type
    let notes: SchemaNotes?
    /// Which of the keys is there, when the type asks.
    let choice: Int
    private(set) var pass = ProbePass.first
    /// How many of the forms that the type asks for are not there.
    var refusals = 0
    private var refused = 0
    /// How many keys there are to choose from; `nil` while the type has not asked which are there.
    private(set) var choices: Int?

    init(prober: TypeProber, type: Any.Type, notes: SchemaNotes?, choice: Int) {
        self.prober = prober
        self.type = type
        self.notes = notes
        self.choice = choice
    }

    func begin(_ pass: ProbePass) {
        self.pass = pass
        refused = 0
    }

    /// Refuses one of the first forms asked for, as a decoder does that finds another one.
    func refuse(_ form: Any.Type, at decoder: ProbeDecoder) throws {
        guard decoder.recording.isOfType, refused < refusals else { return }
        refused += 1
        throw DecodingError.typeMismatch(
            form, .init(codingPath: decoder.codingPath, debugDescription: "the probe has another form"))
    }

    func fail(_ code: TypeSchemaError.Code, _ path: String, _ message: String) -> TypeSchemaError {
        prober.fail(code, type, path, message)
    }

    /// The one key that this run pretends is there.
    func presentKeys<Key: CodingKey>(_ type: Key.Type, path: String) -> [Key] {
        let name = TypeProber.shortName(of: self.type)
        guard let listed = type as? any CaseIterable.Type else {
            _ = fail(
                .members, path,
                "init(from:) of \(name) asks which members there are, and its \(type) cannot be listed. For an enum: "
                    + "give it a raw type and CaseIterable when its cases hold nothing, else declare "
                    + "enum CodingKeys: String, CodingKey, CaseIterable in it. For other types: a schema by "
                    + "SchemaProviding")
            return []
        }
        let keys = Self.cases(of: listed).compactMap { $0 as? Key }
        choices = keys.count
        return keys.indices.contains(choice) ? [keys[choice]] : []
    }

    private static func cases(of type: any CaseIterable.Type) -> [Any] {
        func list<Listed: CaseIterable>(_ type: Listed.Type) -> [Any] { Array(type.allCases) }
        return list(type)
    }

    /// The value that the type gets: made by its notes when they say something, else any.
    func value<Value: Decodable>(
        _ finding: Finding<Value>, _ note: PropertyNote?, path: String
    ) throws -> Value {
        if let note, let value = try notedValue(Value.self, note, path) { return value }
        if let value = finding.value(pass) ?? finding.first ?? finding.second { return value }
        let name = TypeProber.shortName(of: Value.self)
        if Value.self is any SchemaProviding.Type {
            throw prober.fail(
                .provided, Value.self, path,
                "no value of \(name) could be made to probe \(TypeProber.shortName(of: type)) with. Add \"examples\" to "
                    + "its jsonSchema")
        }
        throw prober.fail(
            .endless, Value.self, path, "\(name) contains itself without an optional or an array between")
    }

    private func notedValue<Value: Decodable>(_ type: Value.Type, _ note: PropertyNote, _ path: String) throws -> Value?
    {
        for sample in note.samples {
            do {
                _ = try sample.decode(as: type, integers: .byValue)
            } catch {
                throw prober.fail(
                    .notes, type, path, "a default or an example in the notes does not decode: \(error)")
            }
        }
        let samples = note.samples.isEmpty ? note.bounds : note.samples
        let sample = pass == .first ? samples.first : samples.last
        return try? sample?.decode(as: type, integers: .byValue)
    }
}

extension PropertyNote {
    /// The values that the note names.
    var samples: [JSONValue] { (keywords["examples"]?.arrayValue ?? []) + (keywords["default"].map { [$0] } ?? []) }

    /// Values at the bounds that the note sets.
    var bounds: [JSONValue] {
        if let length = keywords["minLength"]?.integerValue ?? keywords["maxLength"]?.integerValue {
            let count = Int(min(max(length, 0), 1 << 16))
            return [.string(String(repeating: "a", count: count)), .string(String(repeating: "z", count: count))]
        }
        let lower = keywords["minimum"] ?? keywords["exclusiveMinimum"].map { Self.shifted($0, by: 1) }
        let upper = keywords["maximum"] ?? keywords["exclusiveMaximum"].map { Self.shifted($0, by: -1) }
        // Between an excluded bound and another one there may be less than 1.
        if let low = lower?.doubleValue, let high = upper?.doubleValue, low > high {
            return [.number((low + high) / 2)]
        }
        return [lower ?? upper, upper ?? lower].compactMap(\.self)
    }

    private static func shifted(_ bound: JSONValue, by step: Double) -> JSONValue {
        if case .integer(let number) = bound {
            let (sum, overflow) = number.addingReportingOverflow(Int64(step))
            return .integer(overflow ? number : sum)
        }
        return .number((bound.doubleValue ?? 0) + step)
    }
}
