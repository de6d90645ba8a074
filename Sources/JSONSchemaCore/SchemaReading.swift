// SPDX-License-Identifier: Apache-2.0

/// How the schemas of one resource are read.
struct SchemaReading: Sendable, Equatable {
    let dialect: SchemaDialect
    let vocabularies: SchemaVocabularies
    /// Without `$schema`, forms of older drafts are understood too where they mean nothing else.
    let isLenient: Bool
    /// The keywords that mean something, by their raw values.
    let known: SchemaKeywordSet

    init(_ dialect: SchemaDialect, vocabularies: SchemaVocabularies = .all, isLenient: Bool = false) {
        self.dialect = dialect
        self.vocabularies = vocabularies
        self.isLenient = isLenient && dialect >= .draft2019
        var known = SchemaKeywordSet()
        for keyword in SchemaKeyword.allCases where vocabularies.contains(keyword.vocabulary) {
            let isKnown =
                self.isLenient
                ? keyword != .recursiveRef && keyword != .recursiveAnchor && keyword != .legacyID
                : keyword.since <= dialect && dialect <= keyword.until
            if isKnown { known.insert(keyword) }
        }
        self.known = known
    }

    /// Whether `keyword` means something here; what means nothing is ignored, as the drafts demand.
    func knows(_ keyword: SchemaKeyword) -> Bool { known.contains(keyword) }

    /// Up to draft 7 the keywords beside a `$ref` are ignored (draft 7 core §8.3).
    var referenceStandsAlone: Bool { dialect <= .draft7 }

    /// Whether `items` may be an array of schemas.
    var hasArrayItems: Bool { dialect <= .draft2019 || isLenient }

    /// Draft 4 has Booleans beside `minimum` and `maximum` instead of numbers.
    var hasBooleanExclusives: Bool { dialect == .draft4 }

    var identifier: SchemaKeyword { dialect == .draft4 ? .legacyID : .id }
}

/// A set of keywords; there are fewer than 64.
struct SchemaKeywordSet: Sendable, Equatable {
    private var bits: UInt64 = 0

    init() {}

    init(_ keywords: SchemaKeyword...) {
        for keyword in keywords { insert(keyword) }
    }

    mutating func insert(_ keyword: SchemaKeyword) { bits |= 1 &<< UInt64(keyword.rawValue) }

    func contains(_ keyword: SchemaKeyword) -> Bool { bits & (1 &<< UInt64(keyword.rawValue)) != 0 }

    func intersects(_ other: SchemaKeywordSet) -> Bool { bits & other.bits != 0 }
}
