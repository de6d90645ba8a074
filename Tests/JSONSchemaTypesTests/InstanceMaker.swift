// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// SplitMix64: the same numbers for the same seed on every machine.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

/// Makes instances of schemas such as types have: of the keywords that probing writes, no others.
struct InstanceMaker {
    private let document: JSONValue
    private var random: SplitMix
    private var depth = 0

    init(schema: JSONValue, seed: UInt64) {
        document = schema
        random = SplitMix(seed: seed)
    }

    mutating func instance() -> JSONValue { instance(of: document) }

    private mutating func instance(of schema: JSONValue) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        if let pointer = schema["$ref"]?.stringValue, let name = pointer.split(separator: "/").last {
            return instance(of: document["$defs"]?[String(name)] ?? .null)
        }
        if let cases = schema["enum"]?.arrayValue { return cases[random.below(cases.count)] }
        if let choices = schema["anyOf"]?.arrayValue { return instance(of: choices[random.below(choices.count)]) }
        let types = schema["type"]?.arrayValue ?? [schema["type"] ?? "null"]
        switch types[random.below(types.count)].stringValue {
        case "boolean": return .bool(random.below(2) == 0)
        case "integer": return integer(schema)
        case "number": return number(schema)
        case "string":
            return .string(String(repeating: "é", count: random.below(Int(schema["maxLength"]?.integerValue ?? 9) + 1)))
        case "array": return array(schema)
        case "object": return object(schema)
        default: return .null
        }
    }

    private mutating func integer(_ schema: JSONValue) -> JSONValue {
        let low = schema["minimum"]?.integerValue ?? -1 << 53
        let high = schema["maximum"]?.integerValue ?? 1 << 53
        let integer = [low, high, Int64.random(in: low...high, using: &random)][random.below(3)]
        // Models write 3.0 too.
        return random.below(4) == 0 ? .number(Double(integer)) : .integer(integer)
    }

    private mutating func number(_ schema: JSONValue) -> JSONValue {
        let low = schema["minimum"]?.doubleValue ?? -1e30
        let high = schema["maximum"]?.doubleValue ?? 1e30
        return random.below(4) == 0
            ? .integer(Int64(max(low, -1))) : .number(Double.random(in: low...high, using: &random))
    }

    private mutating func array(_ schema: JSONValue) -> JSONValue {
        var elements = (schema["prefixItems"]?.arrayValue ?? []).map { instance(of: $0) }
        guard let items = schema["items"], items.objectValue != nil else { return .array(elements) }
        let room = Int(schema["maxItems"]?.integerValue ?? 3)
        for _ in 0..<(depth > 8 ? 0 : random.below(room + 1)) { elements.append(instance(of: items)) }
        return .array(elements)
    }

    private mutating func object(_ schema: JSONValue) -> JSONValue {
        var object = JSONObject()
        let required = schema["required"]?.arrayValue ?? []
        for (name, property) in schema["properties"]?.objectValue?.members ?? [] {
            if required.contains(.string(name)) || random.below(2) == 0 { object[name] = instance(of: property) }
        }
        guard let values = schema["additionalProperties"], values.objectValue != nil else { return .object(object) }
        for _ in 0..<random.below(3) {
            let name = schema["propertyNames"]?["pattern"] == nil ? "k\(random.below(99))" : "\(random.below(99) - 50)"
            object[name] = instance(of: values)
        }
        return .object(object)
    }
}

extension JSONValue {
    func replacing(_ key: String, _ value: JSONValue) -> JSONValue {
        guard case .object(var object) = self else { return self }
        object[key] = value
        return .object(object)
    }

    /// The value with one part, chosen at random, made another.
    func withOnePartReplaced(using random: inout SplitMix) -> JSONValue {
        let others: [JSONValue] = [.null, true, 7, 300, 1.5, "x", [], [:], ["value": 1]]
        switch self {
        case .object(var object) where !object.isEmpty && random.below(4) > 0:
            let key = object.keys[random.below(object.count)]
            object[key] = random.below(4) == 0 ? nil : object[key]?.withOnePartReplaced(using: &random)
            return .object(object)
        case .array(var elements) where !elements.isEmpty && random.below(4) > 0:
            let index = random.below(elements.count)
            elements[index] = elements[index].withOnePartReplaced(using: &random)
            return .array(elements)
        default: return others[random.below(others.count)]
        }
    }
}
