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
        let isStandard = vocabularies == .all
        known = isStandard ? Self.standard(dialect, self.isLenient) : Self.known(dialect, vocabularies, self.isLenient)
    }

    private static func known(
        _ dialect: SchemaDialect, _ vocabularies: SchemaVocabularies, _ isLenient: Bool
    ) -> SchemaKeywordSet {
        var known = SchemaKeywordSet()
        for keyword in SchemaKeyword.allCases where vocabularies.contains(keyword.vocabulary) {
            let isKnown =
                isLenient
                ? keyword != .recursiveRef && keyword != .recursiveAnchor && keyword != .legacyID
                : keyword.since <= dialect && dialect <= keyword.until
            if isKnown { known.insert(keyword) }
        }
        return known
    }

    private static let draft4 = known(.draft4, .all, false)
    private static let draft6 = known(.draft6, .all, false)
    private static let draft7 = known(.draft7, .all, false)
    private static let draft2019 = known(.draft2019, .all, false)
    private static let draft2020 = known(.draft2020, .all, false)
    private static let lenient = known(.draft2020, .all, true)

    private static func standard(_ dialect: SchemaDialect, _ isLenient: Bool) -> SchemaKeywordSet {
        if isLenient { return lenient }
        return switch dialect {
        case .draft4: draft4
        case .draft6: draft6
        case .draft7: draft7
        case .draft2019: draft2019
        case .draft2020: draft2020
        }
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
