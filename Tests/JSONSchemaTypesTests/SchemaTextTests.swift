// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import JSONSchemaTypes
import Testing

/// What the schema of each kind of type is, as text.
@Suite struct SchemaTextTests {
    struct Book: Codable {
        let name: String
        let authors: [String]
    }

    struct Numbers: Decodable {
        let a: Int
        let b: UInt8
        let c: Int16
        let d: UInt64
        let e: Double
        let f: Float
        let g: Bool
    }

    enum Unit: String, Codable, CaseIterable { case celsius, fahrenheit }
    enum Level: Int, Codable, CaseIterable { case low, high = 5 }

    struct Optionals: Decodable {
        let text: String?
        let unit: Unit?
        let book: Book?
        let list: [Int?]
        let any: JSONValue?
    }

    struct Renamed: Decodable {
        let id: String
        let kind: Unit
        enum CodingKeys: String, CodingKey {
            case id = "_id"
            case kind = "the-kind"
        }
    }

    struct Maps: Decodable {
        let counts: [String: Int]
        let byNumber: [Int: Bool]
        let tags: Set<String>
        let byUnit: [Key: Double]
        enum Key: String, Codable, CaseIterable, CodingKeyRepresentable { case x, y }
    }

    struct Page<Item: Decodable>: Decodable {
        let items: [Item]
        let range: ClosedRange<Int>
    }

    struct Empty: Decodable {}

    struct Wrapper: Decodable {
        let text: String
        init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
    }

    @Test func aStruct() throws {
        try expect(
            Book.self,
            #"{"title":"Book","type":"object","properties":{"name":{"type":"string"},"authors":{"type":"array","items":{"type":"string"}}},"required":["name","authors"],"additionalProperties":false}"#
        )
    }

    @Test func numbersHaveTheBoundsOfTheirTypes() throws {
        try expect(
            Numbers.self,
            #"{"title":"Numbers","type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer","minimum":0,"maximum":255},"c":{"type":"integer","minimum":-32768,"maximum":32767},"d":{"type":"integer","minimum":0},"e":{"type":"number"},"f":{"type":"number"},"g":{"type":"boolean"}},"required":["a","b","c","d","e","f","g"],"additionalProperties":false}"#
        )
    }

    @Test func enumerations() throws {
        try expect(Unit.self, #"{"title":"Unit","type":"string","enum":["celsius","fahrenheit"]}"#)
        try expect(Level.self, #"{"title":"Level","type":"integer","enum":[0,5]}"#)
    }

    @Test func optionalsMayBeMissingOrNull() throws {
        try expect(
            Optionals.self,
            #"{"title":"Optionals","type":"object","properties":{"text":{"type":["string","null"]},"unit":{"type":["string","null"],"enum":["celsius","fahrenheit",null]},"book":{"type":["object","null"],"properties":{"name":{"type":"string"},"authors":{"type":"array","items":{"type":"string"}}},"required":["name","authors"],"additionalProperties":false},"list":{"type":"array","items":{"type":["integer","null"]}},"any":{}},"required":["list"],"additionalProperties":false}"#
        )
    }

    @Test func optionalsInTheOtherForms() throws {
        struct One: Decodable {
            let a: Int?
            let b: Int
        }
        try expect(
            One.self, optionals: .missing,
            #"{"title":"One","type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"required":["b"],"additionalProperties":false}"#
        )
        try expect(
            One.self, optionals: .null,
            #"{"title":"One","type":"object","properties":{"a":{"type":["integer","null"]},"b":{"type":"integer"}},"required":["a","b"],"additionalProperties":false}"#
        )
    }

    @Test func namesAreThoseOfTheKeys() throws {
        try expect(
            Renamed.self,
            #"{"title":"Renamed","type":"object","properties":{"_id":{"type":"string"},"the-kind":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["_id","the-kind"],"additionalProperties":false}"#
        )
    }

    @Test func dictionariesAndSets() throws {
        try expect(
            Maps.self,
            #"{"title":"Maps","type":"object","properties":{"counts":{"type":"object","additionalProperties":{"type":"integer"}},"byNumber":{"type":"object","propertyNames":{"pattern":"^(0|-?[1-9][0-9]{0,17})$"},"additionalProperties":{"type":"boolean"}},"tags":{"type":"array","items":{"type":"string"},"uniqueItems":true},"byUnit":{"type":"object","propertyNames":{"enum":["x","y"]},"additionalProperties":{"type":"number"}}},"required":["counts","byNumber","tags","byUnit"],"additionalProperties":false}"#
        )
    }

    @Test func genericTypesAndTuples() throws {
        try expect(
            Page<Level>.self,
            #"{"title":"Page<Level>","type":"object","properties":{"items":{"type":"array","items":{"type":"integer","enum":[0,5]}},"range":{"type":"array","prefixItems":[{"type":"integer"},{"type":"integer"}],"items":false,"minItems":2}},"required":["items","range"],"additionalProperties":false}"#
        )
        #expect(JSONSchema.name(for: Page<Level>.self) == "Page_Level")
    }

    @Test func typesWithoutProperties() throws {
        try expect(Empty.self, #"{"title":"Empty","type":"object","properties":{},"additionalProperties":false}"#)
        try expect(Wrapper.self, #"{"title":"Wrapper","type":"string"}"#)
        try expect([Book?].self, expectedItems)
        try expect(String.self, #"{"type":"string"}"#)
        try expect(JSONValue.self, "{}")
    }

    private let expectedItems =
        #"{"type":"array","items":{"type":["object","null"],"properties":{"name":{"type":"string"},"authors":{"type":"array","items":{"type":"string"}}},"required":["name","authors"],"additionalProperties":false}}"#
}

/// Expects the schema of `type`, compiled, to have this very text.
func expect<Value: Decodable>(
    _ type: Value.Type, optionals: OptionalProperties = .nullOrMissing, _ text: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let schema = try JSONSchema(for: type, optionals: optionals)
    #expect(try schema.document.serialized() == text, sourceLocation: sourceLocation)
}
