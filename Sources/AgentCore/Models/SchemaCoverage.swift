// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What of a schema a model's answer is held to while it is written, and what only afterwards.
///
/// Known before the first token, so that nobody takes a keyword for enforced that is not.
public struct SchemaCoverage: Sendable, Equatable {
    /// A keyword that restricts values.
    public struct Keyword: Sendable, Equatable {
        public let name: String
        /// Its place in the schema, such as `/properties/year/minimum`.
        public let location: JSONPointer
        /// Whether the engine enforces it; all others are checked after the answer. So are these, for good measure.
        public let isEnforced: Bool
    }

    /// In the order of the schema.
    public private(set) var keywords: [Keyword] = []

    /// - Parameter enforced: what ``Model/enforcedKeywords(of:)`` says of `schema`.
    public init(of schema: JSONValue, enforced: Set<JSONPointer>) { visit(schema, JSONPointer(), enforced) }

    private static let assertions: Set<String> = [
        "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "maxLength",
        "minLength", "pattern", "format", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
        "maxProperties", "minProperties", "required", "dependentRequired", "$ref", "$dynamicRef", "$recursiveRef",
    ]
    private static let withSchema: Set<String> = [
        "items", "additionalItems", "unevaluatedItems", "contains", "additionalProperties", "unevaluatedProperties",
        "propertyNames", "not", "if", "then", "else",
    ]
    private static let withSchemas: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems", "items"]
    private static let withNamedSchemas: Set<String> = [
        "properties", "patternProperties", "dependentSchemas", "dependencies",
    ]

    private mutating func visit(_ schema: JSONValue, _ place: JSONPointer, _ enforced: Set<JSONPointer>) {
        for (name, value) in schema.objectValue ?? [:] {
            let location = place.appending(name)
            let isApplicator = [Self.withSchema, Self.withSchemas, Self.withNamedSchemas].contains { $0.contains(name) }
            if isApplicator || Self.assertions.contains(name) {
                keywords.append(Keyword(name: name, location: location, isEnforced: enforced.contains(location)))
            }
            switch value {
            case .array(let children) where Self.withSchemas.contains(name):
                for (index, child) in children.enumerated() { visit(child, location.appending(index), enforced) }
            case .object(let children)
            where Self.withNamedSchemas.contains(name) || name == "$defs" || name == "definitions":
                for (key, child) in children { visit(child, location.appending(key), enforced) }
            case .object where Self.withSchema.contains(name): visit(value, location, enforced)
            default: break
            }
        }
    }
}

extension SchemaCoverage {
    /// The coverage in two lines at most: names where all uses of a keyword are alike, places where they are not.
    public var lines: [String] {
        let (enforced, checked) = (keywords.filter(\.isEnforced), keywords.filter { !$0.isEnforced })
        let mixed = Set(enforced.map(\.name)).intersection(checked.map(\.name))
        return [("enforced by the engine", enforced), ("checked after", checked)].compactMap { title, list in
            var shown: [String] = []
            for keyword in list {
                let text = mixed.contains(keyword.name) ? keyword.location.description : keyword.name
                if !shown.contains(text) { shown.append(text) }
            }
            return shown.isEmpty ? nil : "\(title): \(shown.joined(separator: ", "))"
        }
    }
}
