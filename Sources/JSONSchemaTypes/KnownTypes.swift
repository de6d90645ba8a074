// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A type of Foundation that refuses made-up values, or whose value does not say what it means. Known by name, because
/// nothing here may import Foundation; the forms are those that `JSONValue.decode(as:)` reads.
struct KnownType {
    let schema: JSONObject
    let samples: [JSONValue]

    private static let modules = ["Foundation.", "FoundationEssentials."]

    init?(named name: String) {
        guard let module = Self.modules.first(where: { name.hasPrefix($0) }) else { return nil }
        switch name.dropFirst(module.count) {
        case "UUID":
            let digit = "[0-9A-Fa-f]"
            schema = [
                "type": "string", "format": "uuid",
                "pattern": .string("^\(digit){8}-\(digit){4}-\(digit){4}-\(digit){4}-\(digit){12}$"),
            ]
            samples = ["00000000-0000-0000-0000-000000000000", "123E4567-E89B-12D3-A456-426614174000"]
        case "URL":
            schema = ["type": "string", "format": "uri", "minLength": 1]
            samples = ["https://example.org", "file:///probe"]
        case "Date":
            let (two, four) = ("[0-9]{2}", "[0-9]{4}")
            schema = [
                "type": "string", "format": "date-time",
                "pattern": .string(
                    "^\(four)-\(two)-\(two)T\(two):\(two):\(two)(\\.[0-9]+)?(Z|[+-]\(two):\(two))$"),
            ]
            samples = ["2001-01-01T00:00:00Z", "2026-11-24T23:59:30.5+01:00"]
        default: return nil
        }
    }
}

/// The raw values of an enumeration whose cases can be listed.
enum RawCases {
    /// - Returns: `nil` when the raw type is neither a string nor a number.
    static func values(of type: any (CaseIterable & RawRepresentable).Type) -> [JSONValue]? {
        func list<Listed: CaseIterable & RawRepresentable>(_ type: Listed.Type) -> [JSONValue?] {
            type.allCases.map { value(of: $0.rawValue) }
        }
        let values = list(type)
        return values.contains(nil) ? nil : values.compactMap(\.self)
    }

    private static func value(of raw: Any) -> JSONValue? {
        switch raw {
        case let text as String: .string(text)
        case let number as any BinaryInteger: Int64(exactly: number).map { .integer($0) }
        case let number as Double: .number(number)
        default: nil
        }
    }
}

extension TypeProber {
    /// An enumeration by its raw values, each of which must decode.
    func enumerationNode<Value: Decodable>(
        _ type: Value.Type, _ raw: any (CaseIterable & RawRepresentable).Type, _ path: String
    ) throws -> SchemaNode {
        let name = Self.shortName(of: type)
        guard let values = RawCases.values(of: raw), let first = values.first else {
            throw fail(.cases, type, path, "\(name) needs cases whose raw values are strings or numbers")
        }
        for value in values {
            guard (try? value.decode(as: type)) == nil else { continue }
            throw fail(
                .values, type, path,
                "init(from:) of \(name) refuses its own raw value \((try? value.serialized()) ?? ""). Give it a schema by "
                    + "SchemaProviding")
        }
        remember(type, first, values.last)
        return .literal(["type": .string(Self.typeName(of: values)), "enum": .array(values)])
    }

    private static func typeName(of values: [JSONValue]) -> String {
        let names = Set(values.map(\.typeName))
        return names.count == 1 ? names.first ?? "string" : "number"
    }

    /// A schema that the type brings, and values of the type as far as it names or allows any.
    func providedNode<Value: Decodable>(
        _ type: Value.Type, _ schema: JSONValue, _ path: String
    ) throws -> SchemaNode {
        if schema["const"] ?? schema["enum"] ?? schema["examples"] ?? schema["default"] == nil {
            rememberMadeUp(type)
        } else {
            let samples =
                [schema["const"], schema["default"]].compactMap(\.self) + (schema["enum"]?.arrayValue ?? [])
                + (schema["examples"]?.arrayValue ?? [])
            remember(type, samples.first, samples.last)
        }
        if let object = schema.objectValue { return object.isEmpty ? .any : .literal(object) }
        if schema == true { return .any }
        throw fail(
            .provided, type, path, "jsonSchema of \(Self.shortName(of: type)) must be an object or true")
    }

    /// Values that `init(from:)` makes of whatever it asks for; what it asks for does not matter.
    private func rememberMadeUp<Value: Decodable>(_ type: Value.Type) {
        for pass in [ProbePass.first, .second] {
            let prober = TypeProber(depth: depth)
            let run = ProbeRun(prober: prober, type: type, notes: nil, choice: 0)
            run.begin(pass)
            let decoder = ProbeDecoder(recording: ProbeRecording(), run: run, path: "", codingPath: [])
            if let value = try? Value(from: decoder) { store(value, pass) }
        }
    }
}
