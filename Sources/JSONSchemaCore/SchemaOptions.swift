// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// How a schema is read.
public struct SchemaOptions: Sendable {
    /// The dialect of a document without `$schema`; default 2020-12. Documents that are referred to and have no
    /// `$schema` are read by the dialect of the one that refers to them.
    public var defaultDialect: SchemaDialect
    /// Whether `format` restricts strings; default false, as 2020-12 has it. A metaschema with the format-assertion
    /// vocabulary makes it restrict either way. Unknown formats never restrict.
    public var assertsFormats: Bool
    /// With ``assertsFormats``, the only formats that restrict; `nil` means all that are known.
    public var assertedFormats: Set<String>?
    /// Documents that references and `$schema` may lead to, by absolute URI. Nothing is ever fetched; the drafts' own
    /// metaschemas need not be given.
    public var documents: [String: JSONValue]

    public init(
        defaultDialect: SchemaDialect = .draft2020, assertsFormats: Bool = false, documents: [String: JSONValue] = [:]
    ) {
        self.defaultDialect = defaultDialect
        self.assertsFormats = assertsFormats
        self.documents = documents
    }

    /// Options by which only the named formats restrict strings.
    public init(
        defaultDialect: SchemaDialect = .draft2020, assertsFormats: Set<String>, documents: [String: JSONValue] = [:]
    ) {
        self.init(defaultDialect: defaultDialect, assertsFormats: !assertsFormats.isEmpty, documents: documents)
        assertedFormats = assertsFormats
    }

    /// As the runtime reads schemas of output and of arguments: 2020-12, and `format` restricts.
    public static let assertingFormats = SchemaOptions(assertsFormats: true)

    func asserts(_ format: String) -> Bool { assertsFormats && assertedFormats?.contains(format) != false }
}
