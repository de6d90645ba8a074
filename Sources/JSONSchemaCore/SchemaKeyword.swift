// SPDX-License-Identifier: Apache-2.0

/// The keywords that any draft knows.
enum SchemaKeyword: UInt8, CaseIterable, Sendable {
    case schema, id, legacyID, ref, anchor, dynamicRef, dynamicAnchor, recursiveRef, recursiveAnchor, vocabulary
    case comment, defs, definitions
    case type, `enum`, const, multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum
    case maxLength, minLength, pattern, format
    case maxItems, minItems, uniqueItems, maxContains, minContains
    case maxProperties, minProperties, required, dependentRequired
    case prefixItems, items, additionalItems, contains, unevaluatedItems
    case properties, patternProperties, additionalProperties, propertyNames, unevaluatedProperties
    case dependentSchemas, dependencies, allOf, anyOf, oneOf, not, `if`, then, `else`
    case `default`, title, description, examples, deprecated, readOnly, writeOnly
    case contentEncoding, contentMediaType, contentSchema

    static let count = allCases.count

    /// The keyword as it is written.
    var name: String { Self.names[Int(rawValue)] }

    /// In the order of the cases. Their own names would do, but to ask for one takes Swift most of a millisecond when a program begins.
    private static let names = [
        "$schema", "$id", "id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor",
        "$vocabulary", "$comment", "$defs", "definitions",
        "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "maxLength", "minLength", "pattern", "format",
        "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
        "maxProperties", "minProperties", "required", "dependentRequired",
        "prefixItems", "items", "additionalItems", "contains", "unevaluatedItems",
        "properties", "patternProperties", "additionalProperties", "propertyNames", "unevaluatedProperties",
        "dependentSchemas", "dependencies", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
        "default", "title", "description", "examples", "deprecated", "readOnly", "writeOnly",
        "contentEncoding", "contentMediaType", "contentSchema",
    ]

    /// The shape in which a keyword holds schemas.
    enum Shape { case none, schema, schemas, members, schemaOrSchemas, membersOrNames }

    var shape: Shape {
        switch self {
        case .additionalItems, .contains, .unevaluatedItems, .additionalProperties, .propertyNames,
            .unevaluatedProperties, .not, .if, .then, .else, .contentSchema:
            .schema
        case .prefixItems, .allOf, .anyOf, .oneOf: .schemas
        case .defs, .definitions, .properties, .patternProperties, .dependentSchemas: .members
        case .items: .schemaOrSchemas
        case .dependencies: .membersOrNames
        default: .none
        }
    }

    var since: SchemaDialect {
        switch self {
        case .id, .const, .contains, .propertyNames, .examples: .draft6
        case .if, .then, .else, .comment, .readOnly, .writeOnly, .contentEncoding, .contentMediaType: .draft7
        case .anchor, .vocabulary, .recursiveRef, .recursiveAnchor, .maxContains, .minContains,
            .dependentRequired, .dependentSchemas, .unevaluatedItems, .unevaluatedProperties, .deprecated,
            .contentSchema:
            .draft2019
        case .dynamicRef, .dynamicAnchor, .prefixItems: .draft2020
        default: .draft4
        }
    }

    /// The last draft with the keyword. `dependencies` is kept by those that renamed it (2020-12 validation, appendix).
    var until: SchemaDialect {
        switch self {
        case .legacyID: .draft4
        case .recursiveRef, .recursiveAnchor, .additionalItems: .draft2019
        default: .draft2020
        }
    }

    var vocabulary: SchemaVocabularies {
        switch self {
        case .type, .enum, .const, .multipleOf, .maximum, .exclusiveMaximum, .minimum, .exclusiveMinimum, .maxLength,
            .minLength, .pattern, .maxItems, .minItems, .uniqueItems, .maxContains, .minContains, .maxProperties,
            .minProperties, .required, .dependentRequired:
            .validation
        case .prefixItems, .items, .additionalItems, .contains, .properties, .patternProperties, .additionalProperties,
            .propertyNames, .dependentSchemas, .dependencies, .allOf, .anyOf, .oneOf, .not, .if, .then, .else:
            .applicator
        case .unevaluatedItems, .unevaluatedProperties: .unevaluated
        case .format: .format
        case .default, .title, .description, .examples, .deprecated, .readOnly, .writeOnly, .contentEncoding,
            .contentMediaType, .contentSchema:
            .annotation
        default: .core
        }
    }
}
