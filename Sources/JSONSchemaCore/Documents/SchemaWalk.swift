// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What a glance over all names of a document tells.
struct SchemaSurvey {
    var hasIdentifiers = false
    var hasDynamicReferences = false

    init(_ view: JSONTapeView) {
        for position in 0..<view[0].extent {
            let slot = view[position]
            guard slot.kind == .string, slot.length >= 3, slot.length <= 16 else { continue }
            // Values are looked at too; a false alarm only costs time.
            let bytes = view.text + slot.offset
            guard bytes[0] == UInt8(ascii: "$") else { continue }
            switch slot.length {
            case 3 where bytes[1] == UInt8(ascii: "i"), 7 where bytes[1] == UInt8(ascii: "a"), 14, 16:
                hasIdentifiers = true
            case 11 where bytes[1] == UInt8(ascii: "d"), 13: hasDynamicReferences = true
            default: break
            }
        }
    }
}

enum SchemaWalk {
    /// Calls `body` with the position of each schema that the schema object at `position` holds directly.
    static func forEachSubschema(
        _ view: JSONTapeView, _ position: Int, _ reading: SchemaReading, _ body: (Int) -> Void
    ) {
        for name in view.members(of: position) {
            guard let keyword = SchemaKeywordTable.shared.keyword(view, name), reading.knows(keyword) else { continue }
            forEachSubschema(view, name + 1, keyword.shape, body)
        }
    }

    private static func forEachSubschema(
        _ view: JSONTapeView, _ value: Int, _ shape: SchemaKeyword.Shape, _ body: (Int) -> Void
    ) {
        switch shape {
        case .none: break
        case .schema: body(value)
        case .schemas: view.elements(of: value).forEach(body)
        case .schemaOrSchemas:
            if view[value].kind == .array { view.elements(of: value).forEach(body) } else { body(value) }
        case .members: for name in view.members(of: value) { body(name + 1) }
        case .membersOrNames:
            for name in view.members(of: value) where view[name + 1].kind != .array { body(name + 1) }
        }
    }
}

/// The keywords by their names' bytes. `@unchecked`: never changed.
final class SchemaKeywordTable: @unchecked Sendable {
    static let shared = SchemaKeywordTable()

    private let table: NameTable
    private let entries: Row<NameEntry>
    /// The names.
    private let document: SchemaDocument

    private init() {
        document = SchemaDocument(.array(SchemaKeyword.allCases.map { .string($0.name) }))
        var names: [NameEntry] = []
        for (keyword, position) in zip(SchemaKeyword.allCases, document.view.elements(of: 0)) {
            var entry = NameEntry(document.view.bytes(document.view[position]))
            entry.bits = UInt64(keyword.rawValue)
            names.append(entry)
        }
        var entries: [NameEntry] = []
        table = NameTable(names, into: &entries)
        self.entries = Row(entries)
    }

    deinit { entries.deallocate() }

    /// The keyword whose name stands at `position`.
    @inline(__always) func keyword(_ view: JSONTapeView, _ position: Int) -> SchemaKeyword? {
        let slot = view[position]
        let bytes = view.text + slot.offset
        guard let entry = table.find(NameKey(bytes, slot.length), bytes, in: entries.start) else { return nil }
        return SchemaKeyword(rawValue: UInt8(truncatingIfNeeded: entry.pointee.bits))
    }
}
