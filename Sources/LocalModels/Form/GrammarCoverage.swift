// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Which keywords of a schema the engine's grammar holds a reply to. It claims too little rather than too much.
///
/// llama.cpp's conversion (`common/json-schema-to-grammar.cpp`) looks at one keyword of a schema and forgets those beside
/// it: `$ref` before `oneOf` and `anyOf`, then `const`, `enum`, and the keywords of the type last.
struct GrammarCoverage {
    private(set) var keywords: Set<JSONPointer> = []

    init(of schema: JSONValue) {
        visit(GrammarSchema.understood(schema), at: JSONPointer())
        // The grammar's schema may have keywords that the given one has not.
        keywords = keywords.filter {
            $0.value(in: schema) != nil && !($0.tokens.last == "items" && $0.value(in: schema) == false)
        }
    }

    private mutating func visit(_ schema: JSONValue, at place: JSONPointer) {
        guard let object = schema.objectValue else { return }
        for name in ["$defs", "definitions"] { visitMembers(name, object, place) }
        if let winner = ["$ref", "oneOf", "anyOf", "const", "enum"].first(where: { object[$0] != nil }) {
            visitWinner(winner, object, place)
            return
        }
        switch object["type"]?.stringValue {
        case "object"?: visitObject(object, place)
        case "array"?: visitArray(object, place)
        case "string"?:
            claim(object["pattern"] == nil ? ["type", "minLength", "maxLength"] : ["type", "pattern"], object, place)
        case "integer"?: claim(["type"] + Self.bounds(of: object), object, place)
        case .some: claim(["type"], object, place)
        // With several types the other keywords may be lost.
        case nil where object["type"] != nil: if object["properties"] == nil { claim(["type"], object, place) }
        case nil: if object["properties"] != nil { visitProperties(object, place) }
        }
    }

    private mutating func visitWinner(_ winner: String, _ object: JSONObject, _ place: JSONPointer) {
        switch winner {
        // That exactly one of them holds is not in the grammar; that one does is.
        case "oneOf", "anyOf":
            if winner == "anyOf" { claim([winner], object, place) }
            for (index, branch) in (object[winner]?.arrayValue ?? []).enumerated() {
                visit(branch, at: place.appending(winner).appending(String(index)))
            }
        case "$ref": if object["$ref"]?.stringValue?.hasPrefix("#") == true { claim([winner], object, place) }
        default: claim([winner], object, place)
        }
    }

    private mutating func visitObject(_ object: JSONObject, _ place: JSONPointer) {
        claim(["type"], object, place)
        visitProperties(object, place)
    }

    private mutating func visitProperties(_ object: JSONObject, _ place: JSONPointer) {
        claim(["properties", "additionalProperties"], object, place)
        let names = object["properties"]?.objectValue ?? [:]
        let required = (object["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        // What is required and not among the properties is not in the grammar.
        if required.allSatisfy({ names[$0] != nil }) { claim(["required"], object, place) }
        visitMembers("properties", object, place)
        if let additional = object["additionalProperties"] {
            visit(additional, at: place.appending("additionalProperties"))
        }
    }

    /// Whole numbers, and one bound on each side: of two the conversion takes the first.
    private static func bounds(of object: JSONObject) -> [String] {
        [["minimum", "exclusiveMinimum"], ["maximum", "exclusiveMaximum"]].compactMap { side in
            let given = side.filter { object[$0] != nil }
            guard given.count == 1, case .integer = object[given[0]] else { return nil }
            return given[0]
        }
    }

    private mutating func visitArray(_ object: JSONObject, _ place: JSONPointer) {
        claim(["type"], object, place)
        if object["prefixItems"] != nil {
            claim(["prefixItems"], object, place)
            for (index, item) in (object["prefixItems"]?.arrayValue ?? []).enumerated() {
                visit(item, at: place.appending("prefixItems").appending(String(index)))
            }
        } else if let items = object["items"], items.objectValue != nil {
            claim(["items", "minItems", "maxItems"], object, place)
            visit(items, at: place.appending("items"))
        }
    }

    private mutating func visitMembers(_ name: String, _ object: JSONObject, _ place: JSONPointer) {
        for (key, child) in object[name]?.objectValue ?? [:] {
            visit(child, at: place.appending(name).appending(key))
        }
    }

    private mutating func claim(_ names: [String], _ object: JSONObject, _ place: JSONPointer) {
        for name in names where object[name] != nil { keywords.insert(place.appending(name)) }
    }
}
