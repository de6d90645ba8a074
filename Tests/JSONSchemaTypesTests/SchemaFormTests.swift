// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import JSONSchemaTypes
import Testing

/// Types that contain themselves, that are used often, that have cases with values or that decode by hand.
@Suite struct SchemaFormTests {
    final class Node: Codable, Sendable {
        let value: Int
        let next: Node?
        let children: [Node]
        let byName: [String: Node]
    }

    struct Author: Codable {
        let name: String
        let books: [Work]
    }

    struct Work: Codable {
        let title: String
        let author: Author?
    }

    @Test func aTypeThatContainsItselfIsReferredTo() throws {
        let node =
            ##""type":"object","properties":{"value":{"type":"integer"},"next":{"anyOf":[{"$ref":"#/$defs/Node"},{"type":"null"}]},"children":{"type":"array","items":{"$ref":"#/$defs/Node"}},"byName":{"type":"object","additionalProperties":{"$ref":"#/$defs/Node"}}},"required":["value","children","byName"],"additionalProperties":false"##
        try expect(Node.self, ##"{"title":"Node",\##(node),"$defs":{"Node":{\##(node)}}}"##)
        let schema = try JSONSchema(for: Node.self)
        let leaf: JSONValue = ["value": 1, "children": [], "byName": [:]]
        #expect(schema.isValid(["value": 1, "next": leaf, "children": [leaf], "byName": ["a": leaf]]))
        #expect(
            !schema.isValid(["value": 1, "children": [["value": "x", "children": [], "byName": [:]]], "byName": [:]]))
    }

    @Test func typesThatContainEachOtherNeedOneDefinition() throws {
        let document = try JSONSchema(for: Author.self).document
        #expect(document["$defs"]?.objectValue?.keys == ["Author"])
        let list = try JSONSchema(for: [Work].self).document
        #expect(list["$defs"]?.objectValue?.keys == ["Work"])
        #expect(list["items"] == ["$ref": "#/$defs/Work"])
    }

    struct Large: Codable {
        let a: Int
        let b: Int
        let c: Int
        let d: Int
        let e: Int
        let f: Int
        let g: Int
        let h: Int
    }

    struct Small: Codable { let x: Int }

    struct Uses: Codable {
        let one: Large
        let two: Large?
        let three: Small
        let four: Small
    }

    @Test func aLargeTypeUsedTwiceIsWrittenOnce() throws {
        let document = try JSONSchema(for: Uses.self).document
        #expect(document["$defs"]?.objectValue?.keys == ["Large"])
        #expect(document["properties"]?["one"] == ["$ref": "#/$defs/Large"])
        #expect(document["properties"]?["two"] == ["anyOf": [["$ref": "#/$defs/Large"], ["type": "null"]]])
        #expect(document["properties"]?["three"] == document["properties"]?["four"])
        #expect(document["properties"]?["three"]?["type"] == "object")
    }

    enum Shape: Codable, Equatable {
        case circle(radius: Double)
        case square(Int, String)
        case nothing
        enum CodingKeys: String, CodingKey, CaseIterable { case circle, square, nothing }
    }

    @Test func casesWithValues() throws {
        try expect(
            Shape.self,
            #"{"title":"Shape","anyOf":[{"type":"object","properties":{"circle":{"type":"object","properties":{"radius":{"type":"number"}},"required":["radius"],"additionalProperties":false}},"required":["circle"],"additionalProperties":false},{"type":"object","properties":{"square":{"type":"object","properties":{"_0":{"type":"integer"},"_1":{"type":"string"}},"required":["_0","_1"],"additionalProperties":false}},"required":["square"],"additionalProperties":false},{"type":"object","properties":{"nothing":{"type":"object","properties":{},"additionalProperties":false}},"required":["nothing"],"additionalProperties":false}]}"#
        )
        let schema = try JSONSchema(for: Shape.self)
        for shape in [Shape.circle(radius: 1), .square(2, "a"), .nothing] {
            let value = try JSONValue(encoding: shape)
            #expect(schema.validate(value) == [])
            #expect(try value.decode(as: Shape.self) == shape)
        }
    }

    indirect enum Term: Codable, Equatable {
        case sum(Term, Term)
        case group(Group)
        case number(Double)
        enum CodingKeys: String, CodingKey, CaseIterable { case sum, group, number }
        struct Group: Codable, Equatable { let inner: Term }
    }

    @Test func casesThatContainTheirOwnType() throws {
        let schema = try JSONSchema(for: Term.self)
        #expect(schema.document["$defs"]?.objectValue?.keys == ["Term"])
        #expect(schema.document["anyOf"]?.arrayValue?.count == 3)
        let term = Term.sum(.number(1), .group(.init(inner: .sum(.number(2), .number(3)))))
        let value = try JSONValue(encoding: term)
        #expect(schema.validate(value) == [])
        #expect(try value.decode(as: Term.self) == term)
        #expect(!schema.isValid(["sum": ["_0": ["number": ["_0": 1]]]]))
    }

    class Animal: Decodable { let legs: Int }

    final class Dog: Animal {
        let name: String
        enum Keys: String, CodingKey { case name }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            name = try container.decode(String.self, forKey: .name)
            try super.init(from: container.superDecoder())
        }
    }

    @Test func superclasses() throws {
        try expect(
            Dog.self,
            #"{"title":"Dog","type":"object","properties":{"name":{"type":"string"},"super":{"type":"object","properties":{"legs":{"type":"integer"}},"required":["legs"],"additionalProperties":false}},"required":["name","super"],"additionalProperties":false}"#
        )
    }

    @propertyWrapper struct Clamped: Decodable {
        var wrappedValue: Int
        init(from decoder: any Decoder) throws { wrappedValue = min(10, try Int(from: decoder)) }
    }

    struct ByHand: Decodable {
        enum Keys: String, CodingKey { case wrapped, place, list, flag, maybe, needed }
        enum PlaceKeys: String, CodingKey { case latitude, longitude }

        @Clamped var wrapped: Int
        let latitude: Double
        let first: Int
        let rest: [String]
        let flag: Bool
        let maybe: Int
        let needed: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            _wrapped = try container.decode(Clamped.self, forKey: .wrapped)
            let place = try container.nestedContainer(keyedBy: PlaceKeys.self, forKey: .place)
            latitude = try place.decode(Double.self, forKey: .latitude)
            var list = try container.nestedUnkeyedContainer(forKey: .list)
            first = try list.decode(Int.self)
            var rest: [String] = []
            while !list.isAtEnd { rest.append(try list.decode(String.self)) }
            self.rest = rest
            flag = container.contains(.flag)
            maybe = try container.decodeIfPresent(Int.self, forKey: .maybe) ?? 7
            needed = try container.decode(String?.self, forKey: .needed)
        }
    }

    @Test func containersAskedForByHand() throws {
        try expect(
            ByHand.self,
            #"{"title":"ByHand","type":"object","properties":{"wrapped":{"type":"integer"},"place":{"type":"object","properties":{"latitude":{"type":"number"}},"required":["latitude"],"additionalProperties":false},"list":{"type":"array","prefixItems":[{"type":"integer"}],"items":{"type":"string"},"minItems":1},"maybe":{"type":["integer","null"]},"needed":{"type":["string","null"]},"flag":{}},"required":["wrapped","place","list","needed"],"additionalProperties":false}"#
        )
    }

    struct Either: Decodable {
        let value: Int?
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            value = container.decodeNil() ? nil : try container.decode(Int.self)
        }
    }

    @Test func aTypeThatMeetsNull() throws {
        try expect(Either.self, #"{"title":"Either","type":["integer","null"]}"#)
    }

    enum Identifier: Decodable {
        case number(Int)
        case text(String)
        case book(Small)
        init(from decoder: any Decoder) throws {
            if let number = try? decoder.singleValueContainer().decode(Int.self) {
                self = .number(number)
            } else if let text = try? String(from: decoder) {
                self = .text(text)
            } else {
                self = .book(try Small(from: decoder))
            }
        }
    }

    struct Anything: Decodable {
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() { return }
            if (try? container.decode(Bool.self)) != nil { return }
            if (try? container.decode(String.self)) != nil { return }
            if (try? container.decode([Anything].self)) != nil { return }
            _ = try container.decode([String: Anything].self)
        }
    }

    /// What it does not find it makes up, which is no form of its own.
    struct Forgiving: Decodable {
        let number: Int
        init(from decoder: any Decoder) throws {
            number = (try? decoder.singleValueContainer().decode(Int.self)) ?? 0
        }
    }

    @Test func formsThatAreTriedOneAfterAnother() throws {
        try expect(
            Identifier.self,
            #"{"title":"Identifier","anyOf":[{"type":"integer"},{"type":"string"},{"type":"object","properties":{"x":{"type":"integer"}},"required":["x"],"additionalProperties":false}]}"#
        )
        let schema = try JSONSchema(for: Anything.self)
        #expect(schema.isValid(["a": [true, "x", .null, ["b": []]]]))
        #expect(!schema.isValid(["a": [1]]))
        try expect(Forgiving.self, #"{"title":"Forgiving","type":"integer"}"#)
    }
}
