// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@Suite struct JSONEncodingTests {
    struct Everything: Codable, Equatable {
        var z: Int64
        var y: Double
        var x: Float
        var list: [UInt8]
        var map: [String: Bool]
        var missing: String?
        var null: Int??
        var any: JSONValue
        var last: Inner
        struct Inner: Codable, Equatable { var a: String }
    }

    @Test func membersKeepTheirOrderAndNumbersTheirKind() throws {
        let value = Everything(
            z: .min, y: 1, x: 0.1, list: [0, 255], map: ["é": true], missing: nil, null: nil,
            any: ["b": 1.0, "a": .null, "l": [1, 2.0]], last: .init(a: "x"))
        let json = try JSONValue(encoding: value)
        #expect(
            try json.serialized()
                == #"{"z":-9223372036854775808,"y":1.0,"x":0.1,"list":[0,255],"map":{"é":true},"any":{"b":1.0,"a":null,"l":[1,2.0]},"last":{"a":"x"}}"#
        )
        #expect(try json.decode(as: Everything.self) == value)
    }

    @Test func valuesOnTheirOwn() throws {
        #expect(try JSONValue(encoding: 7) == 7)
        #expect(try JSONValue(encoding: "a") == "a")
        #expect(try JSONValue(encoding: Int?.none) == .null)
        #expect(try JSONValue(encoding: [Int?]([1, nil])) == [1, .null])
        #expect(try JSONValue(encoding: [String: Int]()) == [:])
        #expect(try JSONValue(encoding: [Int]()) == [])
        #expect(try JSONValue(encoding: [[1], []]) == [[1], []])
        #expect(try JSONValue(encoding: 1...3) == [1, 3])
        struct Nothing: Encodable {}
        #expect(try JSONValue(encoding: Nothing()) == [:])
    }

    @Test func floatsKeepTheirShortestForm() throws {
        for bits in stride(from: UInt32(0), to: 0x7F80_0000, by: 65_537) {
            let float = Float(bitPattern: bits)
            let json = try JSONValue(encoding: float)
            #expect(try json.decode(as: Float.self) == float)
            #expect(json == .number(Double(float.description) ?? 0))
        }
    }

    @Test func whatJSONCannotHoldIsRefused() {
        #expect(throws: EncodingError.self) { try JSONValue(encoding: UInt64.max) }
        #expect(throws: EncodingError.self) { try JSONValue(encoding: Double.nan) }
        #expect(throws: EncodingError.self) { try JSONValue(encoding: [Float.infinity]) }
    }

    final class Circle: Encodable { var next: Circle? }

    @Test func aValueThatContainsItselfIsRefused() {
        let circle = Circle()
        circle.next = circle
        #expect(throws: EncodingError.self) { try JSONValue(encoding: circle) }
        circle.next = nil
    }

    struct ByHand: Encodable {
        enum Keys: CodingKey { case nested, list, base, again }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(1, forKey: .again)
            var nested = container.nestedContainer(keyedBy: Keys.self, forKey: .nested)
            var list = container.nestedUnkeyedContainer(forKey: .list)
            // Both containers are written to after the other was made.
            try nested.encodeNil(forKey: .base)
            try list.encode("a")
            var inner = list.nestedUnkeyedContainer()
            try inner.encodeNil()
            _ = list.nestedContainer(keyedBy: Keys.self)
            try list.encode(2)
            try "base".encode(to: container.superEncoder())
            try container.encode(3, forKey: .again)
        }
    }

    @Test func containersMadeByHand() throws {
        #expect(
            try JSONValue(encoding: ByHand()).serialized()
                == #"{"again":3,"nested":{"base":null},"list":["a",[null],{},2],"super":"base"}"#)
    }

    @Test func anyValueComesBackAsItWas() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let value = random.value()
            #expect(try JSONValue(encoding: value) == value)
            #expect(try JSONValue(encoding: Boxed(value: value)) == ["value": value])
        }
    }

    /// Encodes as an encoder would that does not know what it encodes.
    struct Boxed: Encodable {
        let value: JSONValue
        enum Keys: CodingKey { case value }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try value.encode(to: container.superEncoder(forKey: .value))
        }
    }

    @Test func integersMayBeReadByValue() throws {
        #expect(try JSONValue.number(3).decode(as: Int.self, integers: .byValue) == 3)
        #expect(try ([["a": 3.0]] as JSONValue).decode(as: [[String: UInt8]].self, integers: .byValue) == [["a": 3]])
        #expect(throws: DecodingError.self) { try JSONValue.number(3).decode(as: Int.self) }
        #expect(throws: DecodingError.self) { try JSONValue.number(3.5).decode(as: Int.self, integers: .byValue) }
        #expect(throws: DecodingError.self) { try JSONValue.number(1e300).decode(as: Int.self, integers: .byValue) }
    }
}
