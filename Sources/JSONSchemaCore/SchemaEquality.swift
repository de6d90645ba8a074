// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Equality as JSON Schema has it (2020-12 core §4.2.2): numbers by their mathematical value, strings by their bytes,
/// objects whatever the order of their members.
enum SchemaEquality {
    static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.string(let a), .string(let b)): return a.hasSameBytes(as: b)
        case (.array(let a), .array(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { areEqual($0, $1) }
        case (.object(let a), .object(let b)):
            return a.count == b.count
                && a.members.allSatisfy { member in
                    b[member.key].map { areEqual(member.value, $0) } ?? false
                }
        default:
            guard let a = SchemaNumber(left), let b = SchemaNumber(right) else { return false }
            return a == b
        }
    }

    /// The positions of two equal elements, the first such pair; `nil` when all differ.
    ///
    /// Up to 24 elements are compared with each other; more of them are hashed, which allocates.
    static func firstPair(in elements: [JSONValue]) -> (Int, Int)? {
        if elements.count > 24 { return firstPairByHash(in: elements) }
        for later in elements.indices.dropFirst() {
            for earlier in 0..<later where areEqual(elements[earlier], elements[later]) { return (earlier, later) }
        }
        return nil
    }

    private static func firstPairByHash(in elements: [JSONValue]) -> (Int, Int)? {
        var positions: [Key: Int] = Dictionary(minimumCapacity: elements.count)
        for (position, element) in elements.enumerated() {
            if let earlier = positions.updateValue(position, forKey: Key(value: element)) { return (earlier, position) }
        }
        return nil
    }

    private struct Key: Hashable {
        let value: JSONValue

        static func == (left: Key, right: Key) -> Bool { areEqual(left.value, right.value) }

        func hash(into hasher: inout Hasher) { Self.hash(value, into: &hasher) }

        private static func hash(_ value: JSONValue, into hasher: inout Hasher) {
            switch value {
            case .array(let elements):
                hasher.combine(elements.count)
                for element in elements { hash(element, into: &hasher) }
            case .object(let object):
                var sum = 0
                for member in object.members {
                    var one = Hasher()
                    member.key.hashBytes(into: &one)
                    hash(member.value, into: &one)
                    sum &+= one.finalize()
                }
                hasher.combine(sum)
            default:
                // An integral double hashes as the integer that it equals.
                if let integer = value.integerValue { hasher.combine(integer) } else { hasher.combine(value) }
            }
        }
    }
}
