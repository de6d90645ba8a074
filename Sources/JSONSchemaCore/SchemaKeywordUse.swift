// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// A keyword where a schema uses it.
public struct SchemaKeywordUse: Sendable, Hashable {
    public let keyword: String
    /// The place of the keyword in the document.
    public let location: JSONPointer
    /// Whether the keyword restricts instances by itself or by the schemas that it applies. Annotations, identifiers,
    /// definitions and what the dialect does not know do not; `format` does when it is asserted.
    public let isAsserted: Bool

    public init(keyword: String, location: JSONPointer, isAsserted: Bool) {
        self.keyword = keyword
        self.location = location
        self.isAsserted = isAsserted
    }
}

extension JSONSchema {
    /// The members of all schemas in the document, unknown ones too, in the order of the text.
    public var keywordUses: [SchemaKeywordUse] {
        guard let document = program.source.documents.first else { return [] }
        var uses: [(position: Int, use: SchemaKeywordUse)] = []
        var pending = [0]
        while let position = pending.popLast() {
            let reading = program.source.resources[document.resource(at: position)].reading
            for name in document.view.members(of: position) {
                uses.append((name, use(document, position, name, reading)))
            }
            SchemaWalk.forEachSubschema(document.view, position, reading) { pending.append($0) }
        }
        return uses.sorted { $0.position < $1.position }.map(\.use)
    }

    private func use(
        _ document: SchemaDocument, _ position: Int, _ name: Int, _ reading: SchemaReading
    ) -> SchemaKeywordUse {
        let word = document.view.string(name)
        let keyword = SchemaKeywordTable.shared.keyword(document.view, name)
        let isHidden =
            reading.referenceStandsAlone && keyword != .ref && document.view.member(of: position, "$ref") != nil
        var isAsserted = keyword.map { reading.knows($0) && $0.isAssertion } ?? false
        if keyword == .format {
            let format = document.view.stringValue(name + 1)
            isAsserted = format.map { program.source.formats[$0] != nil } ?? false
        }
        return SchemaKeywordUse(
            keyword: word, location: document.pointer(to: position).appending(word),
            isAsserted: isAsserted && !isHidden)
    }
}

extension SchemaKeyword {
    fileprivate var isAssertion: Bool {
        switch self {
        case .ref, .dynamicRef, .recursiveRef: true
        default: vocabulary == .validation || vocabulary == .applicator || vocabulary == .unevaluated
        }
    }
}
