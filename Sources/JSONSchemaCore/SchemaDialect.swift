// SPDX-License-Identifier: Apache-2.0

/// A draft of JSON Schema, which decides what keywords there are.
public enum SchemaDialect: Int, Comparable, CaseIterable, Sendable {
    case draft4 = 4
    case draft6 = 6
    case draft7 = 7
    case draft2019 = 2019
    case draft2020 = 2020

    public static func < (left: SchemaDialect, right: SchemaDialect) -> Bool { left.rawValue < right.rawValue }

    /// The dialect of a `$schema` value; `nil` for one that is not a draft's own.
    public init?(identifier: String) {
        var name = identifier
        if name.hasSuffix("#") { name.removeLast() }
        if let end = name.firstRange(of: "://")?.upperBound { name = String(name[end...]) }
        switch name {
        case "json-schema.org/draft-04/schema", "json-schema.org/schema": self = .draft4
        case "json-schema.org/draft-06/schema": self = .draft6
        case "json-schema.org/draft-07/schema": self = .draft7
        case "json-schema.org/draft/2019-09/schema": self = .draft2019
        case "json-schema.org/draft/2020-12/schema": self = .draft2020
        default: return nil
        }
    }
}

/// Groups of keywords that a metaschema turns on by `$vocabulary` (2020-12 core §8.1.2).
struct SchemaVocabularies: OptionSet, Sendable {
    let rawValue: UInt8

    static let core = SchemaVocabularies(rawValue: 1)
    static let applicator = SchemaVocabularies(rawValue: 2)
    static let unevaluated = SchemaVocabularies(rawValue: 4)
    static let validation = SchemaVocabularies(rawValue: 8)
    /// `format`, asserted only with ``assertion``.
    static let format = SchemaVocabularies(rawValue: 16)
    static let assertion = SchemaVocabularies(rawValue: 32)
    static let annotation = SchemaVocabularies(rawValue: 64)
    static let all: SchemaVocabularies = [.core, .applicator, .unevaluated, .validation, .format, .annotation]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The vocabulary of a URI; `nil` for one that is not a draft's own.
    init?(uri: String, isRequired: Bool) {
        switch uri {
        case "https://json-schema.org/draft/2020-12/vocab/core", "https://json-schema.org/draft/2019-09/vocab/core":
            self = .core
        case "https://json-schema.org/draft/2020-12/vocab/applicator": self = .applicator
        // Draft 2019-09 has unevaluated* among the applicators.
        case "https://json-schema.org/draft/2019-09/vocab/applicator": self = [.applicator, .unevaluated]
        case "https://json-schema.org/draft/2020-12/vocab/unevaluated": self = .unevaluated
        case "https://json-schema.org/draft/2020-12/vocab/validation",
            "https://json-schema.org/draft/2019-09/vocab/validation":
            self = .validation
        case "https://json-schema.org/draft/2020-12/vocab/format-annotation": self = .format
        case "https://json-schema.org/draft/2020-12/vocab/format-assertion": self = [.format, .assertion]
        // 2019-09 validation §7.2: `true` means that formats are asserted.
        case "https://json-schema.org/draft/2019-09/vocab/format": self = isRequired ? [.format, .assertion] : .format
        case "https://json-schema.org/draft/2020-12/vocab/meta-data",
            "https://json-schema.org/draft/2019-09/vocab/meta-data",
            "https://json-schema.org/draft/2020-12/vocab/content",
            "https://json-schema.org/draft/2019-09/vocab/content":
            self = .annotation
        default: return nil
        }
    }
}
