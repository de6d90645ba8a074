// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A type of the standard library, whose form is known without running its `init(from:)`. For containers that is what
/// ends recursion: there is an array of a type before there is a value of the type.
protocol ProbeLeaf: Decodable {
    static func probe(path: String, by prober: TypeProber) throws -> Finding<Self>
}

/// A leaf without parts.
protocol ProbeScalar: ProbeLeaf {
    static var scalar: Finding<Self> { get }
}

extension ProbeScalar {
    static func probe(path: String, by prober: TypeProber) -> Finding<Self> { scalar }
}

extension Bool: ProbeScalar {
    static var scalar: Finding<Bool> { Finding(node: .literal(["type": "boolean"]), first: false, second: true) }
}

extension String: ProbeScalar {
    static var scalar: Finding<String> { Finding(node: .literal(["type": "string"]), first: "", second: "probe 97") }
}

extension Double: ProbeScalar {
    static var scalar: Finding<Double> { Finding(node: .literal(["type": "number"]), first: 0, second: 97.5) }
}

extension Float: ProbeScalar {
    static var scalar: Finding<Float> { Finding(node: .literal(["type": "number"]), first: 0, second: 97.5) }
}

extension JSONValue: ProbeScalar {
    static var scalar: Finding<JSONValue> { Finding(node: .any, first: .null, second: "probe 97") }
}

/// An integer type. Bounds are stated up to 32 bits and where nothing below 0 fits; those of 64 bits would only be
/// digits for a model to read.
protocol ProbeInteger: ProbeScalar, FixedWidthInteger {}

extension ProbeInteger {
    static var scalar: Finding<Self> {
        var schema: JSONObject = ["type": "integer"]
        if bitWidth < 64, let low = Int64(exactly: min), let high = Int64(exactly: max) {
            schema["minimum"] = .integer(low)
            schema["maximum"] = .integer(high)
        } else if !isSigned {
            schema["minimum"] = 0
        }
        return Finding(node: .literal(schema), first: 0, second: 97)
    }
}

extension Int: ProbeInteger {}
extension Int8: ProbeInteger {}
extension Int16: ProbeInteger {}
extension Int32: ProbeInteger {}
extension Int64: ProbeInteger {}
extension UInt: ProbeInteger {}
extension UInt8: ProbeInteger {}
extension UInt16: ProbeInteger {}
extension UInt32: ProbeInteger {}
extension UInt64: ProbeInteger {}

extension Optional: ProbeLeaf where Wrapped: Decodable {
    static func probe(path: String, by prober: TypeProber) throws -> Finding<Self> {
        let wrapped = try prober.resolve(Wrapped.self, path: path)
        return Finding(node: wrapped.node.asNullable, first: .some(wrapped.first), second: .some(nil))
    }
}

extension Array: ProbeLeaf where Element: Decodable {
    static func probe(path: String, by prober: TypeProber) throws -> Finding<Self> {
        let element = try prober.resolve(Element.self, path: path + "[]")
        return Finding(node: .list(element.node, isSet: false), first: [], second: element.second.map { [$0] } ?? [])
    }
}

extension Set: ProbeLeaf where Element: Decodable {
    static func probe(path: String, by prober: TypeProber) throws -> Finding<Self> {
        let element = try prober.resolve(Element.self, path: path + "[]")
        return Finding(node: .list(element.node, isSet: true), first: [], second: element.second.map { [$0] } ?? [])
    }
}

extension Dictionary: ProbeLeaf where Key: Decodable, Value: Decodable {
    static func probe(path: String, by prober: TypeProber) throws -> Finding<Self> {
        let value = try prober.resolve(Value.self, path: path + "[]")
        return Finding(node: .map(value.node, keys: try keys(path, prober)), first: [:], second: [:])
    }

    /// A schema of the names that decode into keys; `nil` when all do.
    private static func keys(_ path: String, _ prober: TypeProber) throws -> JSONObject? {
        if Key.self == String.self { return nil }
        // As many digits as surely fit 64 bits.
        if Key.self == Int.self { return ["pattern": "^(0|-?[1-9][0-9]{0,17})$"] }
        if Key.self is any CodingKeyRepresentable.Type,
            let raw = Key.self as? any (CaseIterable & RawRepresentable).Type,
            let names = RawCases.values(of: raw), names.allSatisfy({ $0.stringValue != nil })
        {
            return ["enum": .array(names)]
        }
        throw prober.fail(
            .members, Key.self, path,
            "a dictionary with keys of type \(TypeProber.shortName(of: Key.self)) has no schema. Use String or Int, or a "
                + "String enum that is CaseIterable and CodingKeyRepresentable")
    }
}
