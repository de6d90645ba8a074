// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import JSONSchemaTypes
import Testing

@Suite struct SchemaNotesTests {
    enum Unit: String, Codable, CaseIterable, SchemaDescribing {
        case celsius, fahrenheit
        static var schemaNotes: SchemaNotes { SchemaNotes("A unit of temperature") }
    }

    struct Forecast: Decodable, SchemaDescribing {
        struct Hour: Codable { let temperature: Double }
        let city: String
        let days: Int
        let unit: Unit?
        let hourly: [Hour]

        static var schemaNotes: SchemaNotes {
            SchemaNotes(
                "A forecast", CodingKeys.self,
                [
                    .city: .note("City name, e.g. Oslo").length(1...),
                    .days: .note("How many days ahead").range(1...14).default(3),
                    .hourly: .count(...24),
                ])
        }
    }

    @Test func descriptionsBoundsAndDefaults() throws {
        try expect(
            Forecast.self,
            #"{"title":"Forecast","description":"A forecast","type":"object","properties":{"city":{"description":"City name, e.g. Oslo","type":"string","minLength":1},"days":{"description":"How many days ahead","type":"integer","minimum":1,"maximum":14,"default":3},"unit":{"description":"A unit of temperature","type":["string","null"],"enum":["celsius","fahrenheit",null]},"hourly":{"type":"array","items":{"type":"object","properties":{"temperature":{"type":"number"}},"required":["temperature"],"additionalProperties":false},"maxItems":24}},"required":["city","hourly"],"additionalProperties":false}"#
        )
    }

    struct Each: Decodable, SchemaDescribing {
        let a: String
        let b: Double
        let c: UInt8
        let d: [String]
        let e: [String: Double]
        let f: String?
        let g: Int
        let h: Int

        static var schemaNotes: SchemaNotes {
            SchemaNotes(
                CodingKeys.self,
                [
                    .a: .pattern("^[a-z]+$").length(2..<9).examples("oslo", "bergen").title("City"),
                    .b: .range(0.5..<1),
                    .c: .range(...300),
                    .d: .note("Names").unique.count(1...3).items(.length(1...)),
                    .e: .items("Euros"),
                    .f: .format(.email),
                    .g: "A number",
                    .h: .note("Even").multiple(of: 2).greater(than: 0),
                ])
        }
    }

    @Test func everyKeyword() throws {
        let properties = try JSONSchema(for: Each.self).document["properties"]
        let expected: [(String, String)] = [
            (
                "a",
                #"{"title":"City","type":"string","pattern":"^[a-z]+$","minLength":2,"maxLength":8,"examples":["oslo","bergen"]}"#
            ),
            ("b", #"{"type":"number","minimum":0.5,"exclusiveMaximum":1.0}"#),
            // The bound of the type is closer than that of the note.
            ("c", #"{"type":"integer","minimum":0,"maximum":255}"#),
            (
                "d",
                #"{"description":"Names","type":"array","items":{"type":"string","minLength":1},"uniqueItems":true,"minItems":1,"maxItems":3}"#
            ),
            ("e", #"{"type":"object","additionalProperties":{"description":"Euros","type":"number"}}"#),
            ("f", #"{"type":["string","null"],"format":"email"}"#),
            ("g", #"{"description":"A number","type":"integer"}"#),
            ("h", #"{"description":"Even","type":"integer","multipleOf":2,"exclusiveMinimum":0}"#),
        ]
        for (name, text) in expected { #expect(try properties?[name]?.serialized() == text) }
    }

    final class Tree: Decodable, SchemaDescribing {
        let left: Tree?
        static var schemaNotes: SchemaNotes { SchemaNotes(CodingKeys.self, [.left: "The smaller ones"]) }
    }

    @Test func aNoteStandsBesideAReference() throws {
        #expect(
            try JSONSchema(for: Tree.self).document["properties"]?["left"] == [
                "description": "The smaller ones", "anyOf": [["$ref": "#/$defs/Tree"], ["type": "null"]],
            ])
    }

    /// Its `init(from:)` refuses what the notes exclude, so it can be probed only with what they allow.
    struct Checked: Decodable, SchemaDescribing {
        let percent: Int
        let code: String
        let name: String

        enum CodingKeys: CodingKey { case percent, code, name }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            percent = try container.decode(Int.self, forKey: .percent)
            code = try container.decode(String.self, forKey: .code)
            name = try container.decode(String.self, forKey: .name)
            guard (10...90).contains(percent), code.hasPrefix("x"), !name.isEmpty else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "out of bounds"))
            }
        }

        static var schemaNotes: SchemaNotes {
            SchemaNotes(
                CodingKeys.self,
                [.percent: .range(10...90), .code: .pattern("^x").examples("x1"), .name: .length(1...)])
        }
    }

    @Test func typesThatCheckTheirValuesAreProbedWithinTheirNotes() throws {
        let schema = try JSONSchema(for: Checked.self)
        #expect(schema.isValid(["percent": 10, "code": "xy", "name": "n"]))
        #expect(!schema.isValid(["percent": 9, "code": "xy", "name": "n"]))
    }

    struct Email: Codable, SchemaProviding {
        let text: String
        init(from decoder: any Decoder) throws {
            text = try decoder.singleValueContainer().decode(String.self)
            guard text.contains("@") else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no @"))
            }
        }
        static var jsonSchema: JSONValue { ["type": "string", "pattern": "@", "examples": ["a@example.org"]] }
    }

    struct Person: Decodable {
        let email: Email
        let anything: Free
        struct Free: Decodable, SchemaProviding {
            static var jsonSchema: JSONValue { true }
        }
    }

    @Test func typesMayBringTheirSchema() throws {
        try expect(
            Person.self,
            #"{"title":"Person","type":"object","properties":{"email":{"type":"string","pattern":"@","examples":["a@example.org"]},"anything":{}},"required":["email","anything"],"additionalProperties":false}"#
        )
    }

    enum Move: Decodable, SchemaDescribing {
        case walk(metres: Int)
        case rest
        enum CodingKeys: String, CodingKey, CaseIterable { case walk, rest }
        static var schemaNotes: SchemaNotes {
            SchemaNotes("A move", CodingKeys.self, [.walk: "On foot", .rest: "Stay here"])
        }
    }

    @Test func casesHaveNotes() throws {
        try expect(
            Move.self,
            #"{"title":"Move","description":"A move","anyOf":[{"type":"object","properties":{"walk":{"description":"On foot","type":"object","properties":{"metres":{"type":"integer"}},"required":["metres"],"additionalProperties":false}},"required":["walk"],"additionalProperties":false},{"type":"object","properties":{"rest":{"description":"Stay here","type":"object","properties":{},"additionalProperties":false}},"required":["rest"],"additionalProperties":false}]}"#
        )
    }
}
