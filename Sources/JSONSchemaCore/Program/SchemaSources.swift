// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What the compiler learnt about where schemas stand and lead; errors are explained by it.
struct SchemaSources: Sendable {
    let documents: [SchemaDocument]
    let resources: [SchemaResource]
    let sites: [SchemaSite]
    let isDynamic: Bool
    let scopes: SchemaScopes
    /// Targets of the references, by node and keyword.
    let targets: [SchemaReferenceKey: Int32]
    /// By text: indices among the patterns and formats.
    let patterns: [ByteKey: Int32]
    let formats: [String: Int32]
    let options: SchemaOptions
    /// Trackers of the unevaluated keywords.
    var trackers: [SchemaReferenceKey: Int32] = [:]

    /// The node of a schema within the one at `site`, when it was compiled.
    func node(at position: Int, from site: SchemaSite) -> Int32? {
        let document = documents[Int(site.document)]
        let resource = document.roots.count == 1 ? Int(site.resource) : document.resource(at: position)
        let scope = isDynamic ? scopes.entered(resources[resource], resource, from: site.scope) : 0
        guard let scope, Int(scope) < document.nodes.count, position < document.nodes[Int(scope)].count else {
            return nil
        }
        let node = document.nodes[Int(scope)][position]
        return node < 0 ? nil : node
    }

    /// The place of a node in its document.
    func location(of node: Int32) -> JSONPointer {
        let site = sites[Int(node)]
        return documents[Int(site.document)].pointer(to: Int(site.position))
    }

    /// The URI of a node: that of its resource, and the place within.
    func absoluteLocation(of node: Int32) -> String {
        let site = sites[Int(node)]
        let resource = resources[Int(site.resource)]
        let pointer = documents[Int(site.document)].pointer(to: Int(site.position), from: resource.position)
        return resource.uri.withoutFragment + "#" + pointer.uriFragment
    }
}

struct SchemaReferenceKey: Hashable, Sendable {
    let node: Int32
    let keyword: SchemaKeyword
}

extension JSONPointer {
    /// The text form with the characters that a fragment must not have in percent escapes (RFC 6901 §6).
    var uriFragment: String {
        var text = ""
        for byte in description.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where "-._~!$&'()*+,;=:@/?".utf8.contains(byte): text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += byte < 16 ? "%0" + digits : "%" + digits
            }
        }
        return text
    }
}

/// One compiled schema as it is written: its keywords, and the nodes of the schemas within, found again by where they
/// stand.
struct SchemaLookup {
    let view: JSONTapeView
    let reading: SchemaReading
    let position: Int
    /// The keywords that mean something, in the order of the text.
    let keywords: [SchemaKeyword]
    private let source: SchemaSources
    private let site: SchemaSite
    private let values: [Int32]

    /// `nil` for a schema that is a Boolean.
    init?(_ source: SchemaSources, _ node: Int32) {
        site = source.sites[Int(node)]
        self.source = source
        view = source.documents[Int(site.document)].view
        position = Int(site.position)
        reading = source.resources[Int(site.resource)].reading
        guard view[position].kind == .object else { return nil }
        var values = [Int32](repeating: -1, count: SchemaKeyword.count)
        var keywords: [SchemaKeyword] = []
        for name in view.members(of: position) {
            guard let keyword = SchemaKeywordTable.shared.keyword(view, name), reading.knows(keyword) else { continue }
            values[Int(keyword.rawValue)] = Int32(truncatingIfNeeded: name + 1)
            keywords.append(keyword)
        }
        let reference = Int(values[Int(SchemaKeyword.ref.rawValue)])
        if reading.referenceStandsAlone, reference >= 0, view[reference].kind == .string {
            keywords = [.ref]
            values = [Int32](repeating: -1, count: SchemaKeyword.count)
            values[Int(SchemaKeyword.ref.rawValue)] = Int32(truncatingIfNeeded: reference)
        }
        self.values = values
        self.keywords = keywords
    }

    /// The position of a keyword's value; `nil` without the keyword.
    func value(_ keyword: SchemaKeyword) -> Int? {
        let value = values[Int(keyword.rawValue)]
        return value < 0 ? nil : Int(value)
    }

    func members(_ keyword: SchemaKeyword) -> [Int] { value(keyword).map { view.members(of: $0) } ?? [] }

    func node(at position: Int) -> Int32? { source.node(at: position, from: site) }

    func node(_ keyword: SchemaKeyword) -> Int32? { value(keyword).flatMap(node(at:)) }

    func nodes(_ keyword: SchemaKeyword) -> [Int32] {
        guard let value = value(keyword) else { return [] }
        return view.elements(of: value).compactMap(node(at:))
    }
}
