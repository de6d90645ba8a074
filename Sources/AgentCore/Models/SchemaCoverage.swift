// SPDX-License-Identifier: Apache-2.0

public import JSONCore
public import JSONSchemaCore

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
    public let keywords: [Keyword]

    /// - Parameter enforced: what ``Model/enforcedKeywords(of:)`` says of the schema's document.
    public init(of schema: JSONSchema, enforced: Set<JSONPointer>) {
        keywords = schema.keywordUses.filter(\.isAsserted).map { use in
            Keyword(name: use.keyword, location: use.location, isEnforced: enforced.contains(use.location))
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
