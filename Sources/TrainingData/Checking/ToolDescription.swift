// SPDX-License-Identifier: Apache-2.0

import JSONCore
import JSONSchemaCore

/// A tool of a line: `{ type, function: { name, description, parameters } }`.
enum ToolDescription {
    static func check(_ tool: JSONValue, at place: JSONPointer, names: inout Set<String>, _ list: inout FindingList) {
        if let type = tool["type"], type != "function" {
            list.warn(place.appending("type"), "the trainer takes it for a function all the same")
        }
        guard let function = tool["function"]?.objectValue else {
            list.error(place, "expected a tool { type, function: { name, description, parameters } }")
            return
        }
        let place = place.appending("function")
        for key in ["name", "description", "parameters"] where function[key] == nil {
            list.error(place, "a function without '\(key)'")
        }
        if let name = function["name"] {
            if name.stringValue?.isFunctionName != true {
                list.error(place.appending("name"), "expected 1 to 64 of a-z, A-Z, 0-9, _ and -")
            } else if let name = name.stringValue, !names.insert(name).inserted {
                list.warn(place.appending("name"), "two tools have the name '\(name)'")
            }
        }
        if let description = function["description"], description.stringValue == nil {
            list.error(place.appending("description"), expected: "a string", found: description)
        }
        if let parameters = function["parameters"] { check(schema: parameters, place.appending("parameters"), &list) }
    }

    private static func check(schema: JSONValue, _ place: JSONPointer, _ list: inout FindingList) {
        guard schema.objectValue != nil else {
            list.error(place, "expected a JSON Schema, {} for none, found \(schema.typeName)")
            return
        }
        // As the validator does: the schema is an instance of the metaschema of draft 7.
        for fault in metaschema?.validate(schema, limit: 3) ?? [] {
            list.error(
                JSONPointer(tokens: place.tokens + fault.instanceLocation.tokens), "no JSON Schema: \(fault.message)")
        }
        if list.hasErrors { return }
        do {
            _ = try JSONSchema(schema, options: SchemaOptions(defaultDialect: .draft7))
        } catch {
            list.warn(
                JSONPointer(tokens: place.tokens + error.location.tokens),
                "cannot be used as a schema: \(error.message)")
        }
    }

    private static let metaschema = try? JSONSchema(["$ref": "http://json-schema.org/draft-07/schema#"])
}
