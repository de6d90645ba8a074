// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

@Suite struct SchemaOptionsTests {
    @Test func readsTheDocumentsThatAreGiven() throws {
        let number: JSONValue = ["$defs": ["n": ["$anchor": "num", "type": "integer"]], "type": "string"]
        let options = SchemaOptions(documents: ["http://x/n.json": number])
        let schema = try JSONSchema(
            ["$id": "http://x/root.json", "items": ["$ref": "n.json#num"], "contains": ["$ref": "n.json#/$defs/n"]],
            options: options)
        #expect(schema.isValid([1]))
        #expect(!schema.isValid(["x"]))
        let error = try #require(schema.validate(["x"]).last)
        #expect(error.absoluteKeywordLocation == "http://x/n.json#/$defs/n/type")
    }

    @Test func findsAnIdentifierWithinAGivenDocument() throws {
        let library: JSONValue = ["$defs": ["n": ["$id": "http://y/n", "type": "integer"]]]
        let schema = try JSONSchema(["$ref": "http://y/n"], options: SchemaOptions(documents: ["urn:lib": library]))
        #expect(schema.isValid(1))
        #expect(!schema.isValid("x"))
    }

    @Test func neverFetches() throws {
        let error = #expect(throws: SchemaError.self) {
            try JSONSchema(["properties": ["a": ["$ref": "https://example.com/s.json"]]])
        }
        #expect(
            error?.description
                == "/properties/a/$ref: \"https://example.com/s.json\" is another document, which is not fetched; "
                + "it may be given with the schema")
    }

    @Test func readsDocumentsWithoutADialectByTheDefault() throws {
        let schema: JSONValue = ["minimum": 1, "exclusiveMinimum": true]
        #expect(try !JSONSchema(schema, options: SchemaOptions(defaultDialect: .draft4)).isValid(1))
        #expect(throws: SchemaError.self) { try JSONSchema(schema, options: SchemaOptions(defaultDialect: .draft7)) }
    }

    @Test func assertsFormatsOnlyWhenTold() throws {
        let schema: JSONValue = [
            "properties": ["d": ["format": "date"], "m": ["format": "email"], "x": ["format": "?"]]
        ]
        let instance: JSONValue = ["d": "today", "m": "me", "x": "y"]
        #expect(try JSONSchema(schema).isValid(instance))
        let all = try JSONSchema(schema, options: SchemaOptions(assertsFormats: true))
        #expect(
            all.validate(instance).map(\.description) == [
                #"/d: must be a date as in 2026-11-24 (RFC 3339), but is "today""#,
                #"/m: must be an e-mail address as in name@example.com (RFC 5321), but is "me""#,
            ])
        let some = try JSONSchema(schema, options: SchemaOptions(assertsFormats: ["email"]))
        #expect(some.validate(instance).map(\.instanceLocation.description) == ["/m"])
        let regex = try JSONSchema(["format": "regex"], options: SchemaOptions(assertsFormats: true))
        #expect(regex.isValid("^a"))
        #expect(!regex.isValid("("))
    }

    @Test func takesTheVocabulariesOfACustomMetaschema() throws {
        let metaschema: JSONValue = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "http://x/meta",
            "$vocabulary": [
                "https://json-schema.org/draft/2020-12/vocab/core": true,
                "https://json-schema.org/draft/2020-12/vocab/applicator": true,
                "https://json-schema.org/draft/2020-12/vocab/format-assertion": true, "http://x/mine": false,
            ],
        ]
        let options = SchemaOptions(documents: ["http://x/meta": metaschema])
        let schema = try JSONSchema(
            ["$schema": "http://x/meta", "minimum": 5, "properties": ["d": ["format": "date"]]], options: options)
        #expect(schema.isValid(1))
        #expect(!schema.isValid(["d": "x"]))
    }

    @Test func refusesAVocabularyThatItDoesNotKnow() {
        let metaschema: JSONValue = ["$id": "http://x/meta", "$vocabulary": ["http://x/mine": true]]
        let error = #expect(throws: SchemaError.self) {
            try JSONSchema(
                ["$schema": "http://x/meta"], options: SchemaOptions(documents: ["http://x/meta": metaschema]))
        }
        #expect(
            error?.message
                == "the metaschema \"http://x/meta\" requires the vocabulary \"http://x/mine\", which is not known")
    }

    @Test func listsTheKeywordsInUse() throws {
        let schema = try JSONSchema([
            "title": "t", "type": "object", "x-mine": 1,
            "properties": ["a": ["format": "date", "minLength": 1, "default": ""]],
        ])
        #expect(
            schema.keywordUses.map { "\($0.location) \($0.isAsserted)" } == [
                "/title false", "/type true", "/x-mine false", "/properties true", "/properties/a/format false",
                "/properties/a/minLength true", "/properties/a/default false",
            ])
    }

    @Test func givesTheBasicOutput() throws {
        let schema = try JSONSchema([
            "$id": "http://x/s", "$defs": ["n": ["minimum": 3]], "properties": ["a b": ["$ref": "#/$defs/n"]],
        ])
        #expect(schema.basicOutput(["a b": 3]) == ["valid": true])
        #expect(
            schema.basicOutput(["a b": 1]) == [
                "valid": false,
                "errors": [
                    [
                        "keywordLocation": "/properties/a b/$ref/minimum",
                        "absoluteKeywordLocation": "http://x/s#/$defs/n/minimum", "instanceLocation": "/a b",
                        "error": "must be at least 3, but is 1",
                    ]
                ],
            ])
    }

    @Test func checksTapes() throws {
        let schema = try JSONSchema(["items": ["type": "integer"]])
        var tape = JSONTape([1, 2])
        let isValid = schema.isValid(tape)
        #expect(isValid)
        tape.fill(with: [1, "x"])
        let isStillValid = schema.isValid(tape)
        #expect(!isStillValid)
        let errors = schema.validate(tape)
        #expect(errors.map(\.description) == ["/1: must be an integer, but is \"x\""])
    }
}
