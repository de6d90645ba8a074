// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import JSONSchemaTypes
import Testing

/// Types that have no schema, and what is said of them.
@Suite struct SchemaTypeErrorTests {
    enum Raw: String, Codable { case a, b }
    /// The made-up 0 is a value of this one, so its `init(from:)` does not fail.
    enum RawNumber: Int, Codable { case zero, one }
    enum Payload: Codable { case a(Int), b }
    enum Bare: Codable, CaseIterable { case a, b }

    struct Holder<Value: Decodable>: Decodable {
        let inner: [Inner]
        struct Inner: Decodable { let value: Value }
    }

    struct Positive: Decodable {
        let number: Int
        init(from decoder: any Decoder) throws {
            number = try decoder.singleValueContainer().decode(Int.self)
            guard number > 0 else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "not positive"))
            }
        }
    }

    /// Takes the first made-up value and refuses the second.
    struct Low: Decodable {
        let number: Int
        init(from decoder: any Decoder) throws {
            number = try decoder.singleValueContainer().decode(Int.self)
            guard number < 50 else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "not low"))
            }
        }
    }

    struct Branching: Decodable {
        enum Keys: CodingKey { case isNamed, name }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            if try container.decode(Bool.self, forKey: .isNamed) {
                _ = try container.decode(String.self, forKey: .name)
            }
        }
    }

    struct Dynamic: Decodable {
        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys { _ = try container.decode(Int.self, forKey: key) }
        }
    }

    /// Swallows the failure of its part.
    struct Lenient: Decodable {
        let raw: Raw?
        enum Keys: CodingKey { case raw }
        init(from decoder: any Decoder) throws {
            raw = try? decoder.container(keyedBy: Keys.self).decode(Raw.self, forKey: .raw)
        }
    }

    struct TwoWays: Decodable {
        enum Keys: CodingKey { case id }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            _ = try container.decode(String.self, forKey: .id)
            _ = try container.decode(Int.self, forKey: .id)
        }
    }

    struct Pairs: Decodable {
        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            while !container.isAtEnd {
                _ = try container.decode(String.self)
                _ = try container.decode(Int.self)
            }
        }
    }

    final class Endless: Decodable { let next: Endless }

    struct Struct: Hashable, Codable { let a: Int }

    struct NeedsValue: Decodable {
        let provided: Provided
        struct Provided: Decodable, SchemaProviding {
            static var jsonSchema: JSONValue { ["type": "string"] }
            init(from decoder: any Decoder) throws {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "never"))
            }
        }
    }

    struct BadProvider: Decodable, SchemaProviding {
        static var jsonSchema: JSONValue { "string" }
    }

    enum Stubborn: String, Decodable, CaseIterable {
        case a
        init(from decoder: any Decoder) throws {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "never"))
        }
    }

    /// Each level is a type of its own.
    final class Deep<Value: Decodable>: Decodable { let value: Deep<[Value]>? }

    static var failures: [(any Decodable.Type, TypeSchemaError.Code, String, String)] {
        [
            (
                Holder<Raw>.self, .cases, "Holder<Raw>.inner[].value",
                "the values of Raw cannot be listed. Make it CaseIterable: enum Raw: …, CaseIterable"
            ),
            (RawNumber.self, .cases, "RawNumber", "the values of RawNumber cannot be listed."),
            (Payload.self, .members, "Payload", "declare enum CodingKeys: String, CodingKey, CaseIterable in it"),
            (Bare.self, .members, "Bare", "give it a raw type and CaseIterable"),
            (Dynamic.self, .members, "Dynamic", "init(from:) of Dynamic asks which members there are"),
            (Positive.self, .values, "Positive", "refuses some values of the types that it asks for (not positive)"),
            (Low.self, .values, "Low", "(not low), so that its schema would promise too much."),
            (Branching.self, .values, "Branching", "asks for different things depending on the values"),
            (TwoWays.self, .values, "TwoWays", "asks for different things"),
            (Pairs.self, .values, "Pairs", "asks for different things"),
            (Lenient.self, .cases, "Lenient.raw", "Make it CaseIterable"),
            (Endless.self, .endless, "Endless.next", "Endless contains itself without an optional or an array between"),
            (
                [Struct: Int].self, .members, "Dictionary<Struct, Int>",
                "a dictionary with keys of type Struct has no schema"
            ),
            (NeedsValue.self, .provided, "NeedsValue.provided", "Add \"examples\" to its jsonSchema"),
            (BadProvider.self, .provided, "BadProvider", "must be an object or true"),
            (Stubborn.self, .values, "Stubborn", "refuses its own raw value \"a\""),
            (Deep<Int>.self, .depth, "Deep<Int>.value.value", "types are nested more than 64 levels deep"),
        ]
    }

    @Test(arguments: failures.indices) func sayWhatIsWrongAndWhatHelps(index: Int) throws {
        let (type, code, path, message) = Self.failures[index]
        try expectFailure(type, code, path: path, message)
    }

    struct Noted<Topic: NoteTopic>: Decodable, SchemaDescribing {
        let number: Int
        let text: String?
        enum CodingKeys: CodingKey { case number, text, other }
        static var schemaNotes: SchemaNotes { SchemaNotes(CodingKeys.self, [Topic.key: Topic.note]) }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            number = try container.decode(Int.self, forKey: .number)
            text = try container.decodeIfPresent(String.self, forKey: .text)
        }
    }

    protocol NoteTopic {
        static var note: PropertyNote { get }
        static var name: String { get }
    }
    enum LengthOfNumber: NoteTopic {
        static var note: PropertyNote { .length(1...) }
        static var name: String { "number" }
    }
    enum RangeOfText: NoteTopic {
        static var note: PropertyNote { .range(1...) }
        static var name: String { "text" }
    }
    enum ItemsOfText: NoteTopic {
        static var note: PropertyNote { .items("x") }
        static var name: String { "text" }
    }
    enum Unused: NoteTopic {
        static var note: PropertyNote { "x" }
        static var name: String { "other" }
    }
    enum BadDefault: NoteTopic {
        static var note: PropertyNote { .default("x") }
        static var name: String { "number" }
    }
    enum DefaultOutside: NoteTopic {
        static var note: PropertyNote { .range(1...3).default(7) }
        static var name: String { "number" }
    }
    enum BadPattern: NoteTopic {
        static var note: PropertyNote { .pattern("(") }
        static var name: String { "text" }
    }

    @Test func notesThatDoNotFit() throws {
        try expectFailure(Noted<LengthOfNumber>.self, .notes, path: ".number", "minLength, which is for a string")
        try expectFailure(Noted<RangeOfText>.self, .notes, path: ".text", "minimum, which is for a number")
        try expectFailure(Noted<ItemsOfText>.self, .notes, path: ".text", "neither array nor dictionary")
        try expectFailure(
            Noted<Unused>.self, .notes, path: "", "describe \"other\", which its init(from:) does not ask")
        try expectFailure(Noted<BadDefault>.self, .notes, path: ".number", "does not decode")
        try expectFailure(Noted<DefaultOutside>.self, .notes, path: ".number", "is not valid")
        try expectFailure(Noted<BadPattern>.self, .invalid, path: "", "/properties/text/pattern")
    }

    private func expectFailure(
        _ type: any Decodable.Type, _ code: TypeSchemaError.Code, path: String, _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: TypeSchemaError.self, sourceLocation: sourceLocation) {
            _ = try Self.schema(type)
        }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
        let place = error?.path ?? ""
        #expect(place.hasSuffix(path) || place.hasPrefix(path), "\(place)", sourceLocation: sourceLocation)
    }

    private static func schema<Value: Decodable>(_ type: Value.Type) throws -> JSONSchema { try JSONSchema(for: type) }
}

extension SchemaTypeErrorTests.NoteTopic {
    static var key: SchemaTypeErrorTests.Noted<Self>.CodingKeys { .init(stringValue: name) ?? .number }
}
