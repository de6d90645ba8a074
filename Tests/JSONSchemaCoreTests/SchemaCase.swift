// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore
import Testing

/// A schema with instances that it must accept and others that it must refuse, all as JSON text.
struct SchemaCase: Sendable, CustomTestStringConvertible {
    let schema: String
    let valid: [String]
    let invalid: [String]

    init(_ schema: String, valid: [String], invalid: [String]) {
        self.schema = schema
        self.valid = valid
        self.invalid = invalid
    }

    var testDescription: String { schema }

    func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let compiled = try JSONSchema(JSONValue(parsing: schema))
        for text in valid {
            let instance = try JSONValue(parsing: text)
            #expect(compiled.isValid(instance), "\(text) by \(schema)", sourceLocation: sourceLocation)
            #expect(compiled.validate(instance) == [], "\(text) by \(schema)", sourceLocation: sourceLocation)
        }
        for text in invalid {
            let instance = try JSONValue(parsing: text)
            #expect(!compiled.isValid(instance), "\(text) by \(schema)", sourceLocation: sourceLocation)
            #expect(!compiled.validate(instance).isEmpty, "\(text) by \(schema)", sourceLocation: sourceLocation)
        }
    }
}
