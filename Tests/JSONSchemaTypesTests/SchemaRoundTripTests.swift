// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import JSONSchemaTypes
import Testing

/// What a schema accepts decodes, and what a type encodes is valid, for made-up instances and values.
@Suite struct SchemaRoundTripTests {
    struct Record: Codable, Equatable, SchemaDescribing {
        var text: String
        var small: UInt8
        var signed: Int16
        var number: Double
        var float: Float
        var flag: Bool?
        var level: Level
        var unit: Unit?
        var tags: [String]
        var counts: [String: Int]
        var byNumber: [Int: String]
        var pair: ClosedRange<Int>
        var shape: Shape
        var tree: Tree
        var any: JSONValue

        static var schemaNotes: SchemaNotes {
            SchemaNotes(
                CodingKeys.self,
                [.text: .length(0...5), .number: .range(-1...1), .tags: .count(...3), .pair: .default([0, 1])])
        }
    }

    enum Level: Int, Codable, CaseIterable { case low = -1, high = 4 }
    enum Unit: String, Codable, CaseIterable { case celsius, fahrenheit }

    enum Shape: Codable, Equatable {
        case circle(radius: Double)
        case square(Int, Unit?)
        enum CodingKeys: String, CodingKey, CaseIterable { case circle, square }
    }

    final class Tree: Codable, Equatable, Sendable {
        let value: Int8
        let children: [Tree]
        init(value: Int8, children: [Tree]) {
            self.value = value
            self.children = children
        }
        static func == (left: Tree, right: Tree) -> Bool {
            left.value == right.value && left.children == right.children
        }
    }

    @Test(arguments: [OptionalProperties.nullOrMissing, .missing, .null])
    func whatTheSchemaAcceptsDecodes(optionals: OptionalProperties) throws {
        let schema = try JSONSchema(for: Record.self, optionals: optionals)
        var maker = InstanceMaker(schema: schema.document, seed: 11)
        for _ in 0..<400 {
            var instance = maker.instance()
            // The one thing that JSON Schema has no word for.
            if let bounds = instance["pair"]?.arrayValue, let low = bounds[0].integerValue,
                let high = bounds[1].integerValue
            {
                instance = instance.replacing("pair", [.integer(min(low, high)), .integer(max(low, high))])
            }
            #expect(schema.validate(instance) == [])
            let filled = schema.filledDefaults(in: instance)
            let record = try filled.decode(as: Record.self, integers: .byValue)
            // And what it was read from is what it encodes to, as far as the schema can tell.
            if optionals != .null { #expect(schema.validate(try JSONValue(encoding: record)) == []) }
        }
    }

    @Test func whatTheSchemaRefusesForAReasonOfTypeDoesNotDecodeEither() throws {
        let schema = try JSONSchema(for: Tree.self)
        var maker = InstanceMaker(schema: schema.document, seed: 5)
        var random = SplitMix(seed: 9)
        for _ in 0..<400 {
            let broken = maker.instance().withOnePartReplaced(using: &random)
            let decodes = (try? broken.decode(as: Tree.self, integers: .byValue)) != nil
            // Decoding overlooks members that it does not know.
            if schema.isValid(broken) { #expect(decodes) }
            if !decodes { #expect(!schema.isValid(broken)) }
        }
    }

    @Test func randomValuesEncodeToValidInstances() throws {
        let schema = try JSONSchema(for: Record.self)
        var random = SplitMix(seed: 3)
        for _ in 0..<400 {
            let record = Record.random(using: &random)
            let value = try JSONValue(encoding: record)
            #expect(schema.validate(value) == [])
            #expect(try JSONValue(parsing: try value.serialized()).decode(as: Record.self) == record)
        }
    }
}

extension SchemaRoundTripTests.Record {
    static func random(using random: inout SplitMix) -> Self {
        Self(
            text: String("añb\"\n".prefix(random.below(6))), small: UInt8(random.below(256)),
            signed: Int16(random.below(65_536) - 32_768), number: Double(random.below(2001) - 1000) / 1000,
            float: Float(random.below(1000)) / 7, flag: [nil, true, false][random.below(3)],
            level: [.low, .high][random.below(2)], unit: [nil, .celsius][random.below(2)],
            tags: (0..<random.below(4)).map { "t\($0)" }, counts: ["a": .max, "b": random.below(9)],
            byNumber: [random.below(1000) - 500: "x"], pair: -3...random.below(5),
            shape: random.below(2) == 0 ? .circle(radius: Double(random.below(9))) : .square(random.below(9), nil),
            tree: .random(depth: 3, using: &random), any: ["x": [1, .null]])
    }
}

extension SchemaRoundTripTests.Tree {
    static func random(depth: Int, using random: inout SplitMix) -> SchemaRoundTripTests.Tree {
        let count = depth > 0 ? random.below(3) : 0
        return .init(
            value: Int8(random.below(256) - 128),
            children: (0..<count).map { _ in .random(depth: depth - 1, using: &random) })
    }
}
