// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A draft of JSON Schema, which decides what keywords there are.
enum SchemaDialect: Int, Comparable, Sendable {
    case draft4 = 4
    case draft6 = 6
    case draft7 = 7
    case draft2019 = 2019
    case draft2020 = 2020
    /// No `$schema`: draft 2020-12, with the forms of older drafts that mean nothing else in it.
    case unstated = 3000

    static func < (left: SchemaDialect, right: SchemaDialect) -> Bool { left.rawValue < right.rawValue }

    /// The dialect of a `$schema` value; `nil` for one that is not known.
    init?(identifier: String) {
        var name = identifier
        if name.hasSuffix("#") { name.removeLast() }
        if let end = name.firstRange(of: "://")?.upperBound { name = String(name[end...]) }
        switch name {
        case "json-schema.org/draft-04/schema": self = .draft4
        case "json-schema.org/draft-06/schema": self = .draft6
        case "json-schema.org/draft-07/schema": self = .draft7
        case "json-schema.org/draft/2019-09/schema": self = .draft2019
        case "json-schema.org/draft/2020-12/schema": self = .draft2020
        default: return nil
        }
    }

    /// Whether `keyword` means something in this dialect; what means nothing is ignored, as the drafts demand.
    func knows(_ keyword: String) -> Bool {
        if self == .unstated { return keyword != "$recursiveRef" && keyword != "id" }
        return switch keyword {
        case "const", "contains", "propertyNames": self >= .draft6
        case "if", "then", "else": self >= .draft7
        case "dependentRequired", "dependentSchemas", "minContains", "maxContains", "$anchor", "$defs",
            "unevaluatedItems", "unevaluatedProperties":
            self >= .draft2019
        case "$recursiveRef": self == .draft2019
        case "prefixItems", "$dynamicRef", "$dynamicAnchor": self >= .draft2020
        case "dependencies", "additionalItems": self != .draft2020
        case "id": self == .draft4
        case "$id": self >= .draft6
        default: true
        }
    }

    /// Up to draft 7 whatever stands beside `$ref` is ignored.
    var referenceStandsAlone: Bool { self <= .draft7 }
    /// Before 2020-12 `items` may be an array of schemas.
    var hasArrayItems: Bool { self != .draft2020 }
    /// In draft 4 `exclusiveMinimum` is a Boolean that sharpens `minimum`.
    var hasBooleanExclusives: Bool { self == .draft4 }
}
