// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Writes the form of a type as a JSON Schema, with small types in place and the others in `$defs`.
struct SchemaRenderer {
    private let entries: [ObjectIdentifier: TypeProber.Entry]
    private let optionals: OptionalProperties
    private let shared: Set<ObjectIdentifier>
    private var names: [ObjectIdentifier: String] = [:]
    private var definitions = JSONObject()

    /// - Returns: the schema of `node`, which is that of a whole document.
    static func schema(
        of node: SchemaNode, entries: [ObjectIdentifier: TypeProber.Entry], optionals: OptionalProperties, path: String
    ) throws -> JSONObject {
        guard case .type(let root) = node, let entry = entries[root], let form = entry.node else {
            var renderer = Self(TypeGraph(nil, node, entries), entries, optionals)
            let schema = try renderer.render(node, path)
            return renderer.complete(schema)
        }
        var renderer = Self(TypeGraph(root, form, entries), entries, optionals)
        // In place even when it is in `$defs` too: providers want the type of a whole document at its top.
        let schema = try renderer.described(entry, path)
        return renderer.complete(schema.adding(["title": .string(entry.name)]))
    }

    private init(
        _ graph: TypeGraph, _ entries: [ObjectIdentifier: TypeProber.Entry], _ optionals: OptionalProperties
    ) {
        self.entries = entries
        self.optionals = optionals
        shared = graph.shared
    }

    private func complete(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        if !definitions.isEmpty { schema["$defs"] = .object(definitions) }
        return schema
    }

    mutating func render(_ node: SchemaNode, _ path: String) throws -> JSONObject {
        switch node {
        case .any: [:]
        case .literal(let schema): schema
        case .type(let id): try rendered(id, path)
        case .object(let properties): try rendered(properties, path)
        case .map(let value, let keys): try rendered(mapTo: value, keys, path)
        case .list(let element, let isSet): try rendered(listOf: element, isSet, path)
        case .tuple(let elements, let rest): try rendered(elements, rest, path)
        case .nullable(let node): Self.nullable(try render(node, path))
        case .alternatives(let nodes):
            ["anyOf": .array(try nodes.map { .object(try render($0, path)) })]
        case .noted(let node, let note): try NotedSchema(note, path).applied(to: noted(node, note, path))
        }
    }

    // MARK: Types

    private mutating func rendered(_ id: ObjectIdentifier, _ path: String) throws -> JSONObject {
        guard let entry = entries[id] else { return [:] }
        guard shared.contains(id) else { return try described(entry, path) }
        if let name = names[id] { return Self.reference(name) }
        let name = freeName(entry.name)
        names[id] = name
        // Holds the place, so that definitions stand in the order of their first use.
        definitions[name] = .null
        definitions[name] = .object(try described(entry, path))
        return Self.reference(name)
    }

    private mutating func described(_ entry: TypeProber.Entry, _ path: String) throws -> JSONObject {
        let schema = try render(entry.node ?? .any, path)
        return entry.description.map { schema.adding(["description": .string($0)]) } ?? schema
    }

    private static func reference(_ name: String) -> JSONObject { ["$ref": .string("#/$defs/\(name)")] }

    private func freeName(_ name: String) -> String {
        let plain = name.asSchemaName
        var candidate = plain
        var number = 2
        while definitions[candidate] != nil {
            candidate = "\(plain)_\(number)"
            number += 1
        }
        return candidate
    }

    // MARK: Forms

    private mutating func rendered(_ properties: [SchemaNode.Property], _ path: String) throws -> JSONObject {
        var members = JSONObject()
        var required: [JSONValue] = []
        for property in properties {
            let isRequired = isRequired(property)
            let node = optionals == .missing && !property.isRequired ? property.node.withoutNull : property.node
            members[property.name] = .object(try render(node, "\(path).\(property.name)"))
            if isRequired { required.append(.string(property.name)) }
        }
        var schema: JSONObject = ["type": "object", "properties": .object(members)]
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["additionalProperties"] = false
        return schema
    }

    private func isRequired(_ property: SchemaNode.Property) -> Bool {
        if optionals == .null { return property.isRequired || property.node.withoutNull != property.node }
        if case .noted(_, let note) = property.node, note.keywords["default"] != nil { return false }
        return property.isRequired
    }

    private mutating func rendered(
        mapTo value: SchemaNode, _ keys: JSONObject?, _ path: String
    ) throws -> JSONObject {
        var schema: JSONObject = ["type": "object"]
        if let keys { schema["propertyNames"] = .object(keys) }
        schema["additionalProperties"] = .object(try render(value, path + "[]"))
        return schema
    }

    private mutating func rendered(
        listOf element: SchemaNode, _ isSet: Bool, _ path: String
    ) throws -> JSONObject {
        var schema: JSONObject = ["type": "array", "items": .object(try render(element, path + "[]"))]
        if isSet { schema["uniqueItems"] = true }
        return schema
    }

    private mutating func rendered(
        _ elements: [SchemaNode.Element], _ rest: SchemaNode?, _ path: String
    ) throws -> JSONObject {
        var schema: JSONObject = ["type": "array"]
        schema["prefixItems"] = .array(try elements.map { .object(try render($0.node, path + "[]")) })
        schema["items"] = try rest.map { .object(try render($0, path + "[]")) } ?? false
        let needed = (elements.lastIndex { $0.isRequired }).map { $0 + 1 } ?? 0
        if needed > 0 { schema["minItems"] = .integer(Int64(needed)) }
        return schema
    }

    private static func nullable(_ schema: JSONObject) -> JSONObject {
        if schema.isEmpty { return schema }
        var schema = schema
        if let name = schema["type"]?.stringValue, schema["const"] == nil {
            schema["type"] = [.string(name), "null"]
            if let cases = schema["enum"]?.arrayValue { schema["enum"] = .array(cases + [.null]) }
            return schema
        }
        if let choices = schema["anyOf"]?.arrayValue, schema.keys.allSatisfy({ ["anyOf", "description"].contains($0) })
        {
            schema["anyOf"] = .array(choices + [["type": "null"]])
            return schema
        }
        return ["anyOf": [.object(schema), ["type": "null"]]]
    }

    // MARK: Notes

    /// What a note is about, with what it says of the elements passed on to them.
    private mutating func noted(_ node: SchemaNode, _ note: PropertyNote, _ path: String) throws -> JSONObject {
        guard let element = note.element?.note else { return try render(node, path) }
        guard let inner = node.withNotedElements(element) else {
            throw TypeSchemaError(
                .notes, type: path, path: path, "the notes describe items, but this is neither array nor dictionary")
        }
        return try render(inner, path)
    }
}

extension SchemaNode {
    var withoutNull: SchemaNode {
        switch self {
        case .nullable(let node): node
        case .noted(let node, let note): .noted(node.withoutNull, note)
        default: self
        }
    }

    func withNotedElements(_ note: PropertyNote) -> SchemaNode? {
        switch self {
        case .list(let node, let isSet): .list(.noted(node, note), isSet: isSet)
        case .map(let node, let keys): .map(.noted(node, note), keys: keys)
        case .nullable(let node): node.withNotedElements(note).map { .nullable($0) }
        default: nil
        }
    }
}

extension JSONObject {
    /// The object with `heading` before its members; a member that is in both has the heading's value.
    func adding(_ heading: JSONObject) -> JSONObject {
        var result = heading
        for (key, value) in members where heading[key] == nil { result[key] = value }
        return result
    }
}

extension String {
    /// The string as providers accept it for a name: `^[A-Za-z0-9_-]{1,64}$`.
    package var asSchemaName: String {
        var name = ""
        for scalar in unicodeScalars {
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            if isPlain || scalar == "_" || scalar == "-" {
                name.unicodeScalars.append(scalar)
            } else if !name.hasSuffix("_") {
                name += "_"
            }
        }
        while name.hasSuffix("_") { name.removeLast() }
        return name.isEmpty ? "value" : String(name.prefix(64))
    }
}
