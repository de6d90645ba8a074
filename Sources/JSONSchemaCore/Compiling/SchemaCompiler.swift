// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Turns a schema document into a program, once.
///
/// Schemas are compiled in the order in which they are come to, from a queue, so that neither deep nesting nor long
/// chains of references need a deep stack.
struct SchemaCompiler {
    /// More nodes than this are refused.
    static let maximumNodes = 4_000_000
    /// How many slots the tables of nodes by scope may take: only schemas whose dynamic references multiply come near.
    static let maximumScopeSlots = 20_000_000

    var registry: SchemaRegistry
    var tables = SchemaTables()
    var sites: [SchemaSite] = []
    var scopes = SchemaScopes()
    var targets: [SchemaReferenceKey: Int32] = [:]
    var patternIndices: [ByteKey: Int32] = [:]
    var formatIndices: [String: Int32] = [:]
    /// How many slots the tables of nodes by scope take.
    private var scopeSlots = 0
    /// Nodes with `unevaluatedItems` or `unevaluatedProperties`.
    var hasUnevaluated = false
    /// Whether the way to a schema matters for what it is.
    let isDynamic: Bool
    let keywords = SchemaKeywordTable.shared
    let scratch: UnsafeMutablePointer<Int32>

    static func compile(_ document: JSONValue, options: SchemaOptions) throws(SchemaError) -> SchemaProgram {
        var registry = SchemaRegistry(options: options)
        let root = try registry.addRoot(document)
        let scratch = UnsafeMutablePointer<Int32>.allocate(capacity: SchemaKeyword.count)
        defer { scratch.deallocate() }
        while true {
            var compiler = SchemaCompiler(registry: registry, scratch: scratch)
            try compiler.compileAll(from: root)
            registry = compiler.registry
            // A document that was loaded on the way may be the first with dynamic references.
            if registry.hasDynamicReferences == compiler.isDynamic { return try compiler.link() }
        }
    }

    init(registry: SchemaRegistry, scratch: UnsafeMutablePointer<Int32>) {
        self.registry = registry
        self.scratch = scratch
        isDynamic = registry.hasDynamicReferences
        for document in registry.documents { document.nodes = [] }
    }

    private mutating func compileAll(from root: Int) throws(SchemaError) {
        _ = node(in: root, at: 0, scope: 0)
        var next = 0
        while next < sites.count {
            try compile(next)
            next += 1
            if sites.count > Self.maximumNodes || isDynamic && scopeSlots > Self.maximumScopeSlots {
                throw SchemaError(
                    keyword: "$dynamicRef", location: JSONPointer(),
                    message: "the schema has too many meanings by its dynamic references")
            }
        }
    }

    // MARK: Nodes

    /// The node of the schema at a position of a resource, new when it was not come to by this scope before.
    mutating func node(in resource: Int, at position: Int, scope: Int32) -> Int32 {
        let document = registry.resources[resource].document
        let scope = isDynamic ? scopes.entering(registry.resources[resource], resource, from: scope) : 0
        while registry.documents[document].nodes.count <= Int(scope) {
            registry.documents[document].nodes.append([])
        }
        if registry.documents[document].nodes[Int(scope)].isEmpty {
            scopeSlots += registry.documents[document].count
            registry.documents[document].nodes[Int(scope)] = Array(
                repeating: -1, count: registry.documents[document].count)
        }
        let known = registry.documents[document].nodes[Int(scope)][position]
        if known >= 0 { return known }
        let index = Int32(truncatingIfNeeded: sites.count)
        registry.documents[document].nodes[Int(scope)][position] = index
        sites.append(
            SchemaSite(
                document: Int32(document), position: Int32(truncatingIfNeeded: position), scope: scope,
                resource: Int32(resource)))
        return index
    }

    /// The node of a schema within the one at `site`.
    mutating func child(_ position: Int, _ site: SchemaSite) -> Int32 {
        let document = registry.documents[Int(site.document)]
        let resource = document.roots.count == 1 ? Int(site.resource) : document.resource(at: position)
        return node(in: resource, at: position, scope: site.scope)
    }

    private mutating func compile(_ index: Int) throws(SchemaError) {
        let site = sites[index]
        let document = registry.documents[Int(site.document)]
        let reading = registry.resources[Int(site.resource)].reading
        let slot = document.view[Int(site.position)]
        var node = SchemaNode()
        switch slot.kind {
        case .true: break
        case .false: node.types = .none
        case .object:
            let source = SchemaSource(document, Int(site.position), reading, keywords, scratch)
            try compile(source, index, site, &node)
        default:
            let found = ValueText.describe(JSONValue(document.view, at: Int(site.position)))
            throw SchemaError(
                keyword: "", location: document.pointer(to: Int(site.position)),
                message: "a schema must be an object or a boolean, but is \(found)")
        }
        tables.nodes.append(node)
    }

    private mutating func compile(
        _ source: SchemaSource, _ index: Int, _ site: SchemaSite, _ node: inout SchemaNode
    ) throws(SchemaError) {
        let first = tables.operations.count
        try compileReferences(source, index, site)
        if source.present.intersects(Self.identities) { try compileIdentity(source, site) }
        try compileTypes(source, &node)
        if source.present.intersects(Self.numeric) { try compileNumbers(source, &node) }
        if source.present.intersects(Self.textual) { try compileStrings(source, &node) }
        if source.present.intersects(Self.arrays) { try compileArrays(source, site, &node) }
        if source.present.intersects(Self.objects) { try compileObjects(source, site, &node) }
        if source.present.intersects(Self.applicators) { try compileApplicators(source, site) }
        if source.present.intersects(Self.unevaluated) { try compileUnevaluated(source, site) }
        node.operations = SchemaRun(start: Int32(first), count: Int32(tables.operations.count - first))
    }

    private static let identities = SchemaKeywordSet(.id, .legacyID, .anchor, .dynamicAnchor, .defs, .definitions)
    private static let numeric = SchemaKeywordSet(
        .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf)
    private static let textual = SchemaKeywordSet(.minLength, .maxLength, .pattern, .format)
    private static let arrays = SchemaKeywordSet(
        .minItems, .maxItems, .uniqueItems, .prefixItems, .items, .additionalItems, .contains, .minContains,
        .maxContains)
    private static let objects = SchemaKeywordSet(
        .minProperties, .maxProperties, .required, .properties, .patternProperties, .additionalProperties,
        .propertyNames, .dependentRequired, .dependentSchemas, .dependencies)
    private static let applicators = SchemaKeywordSet(.allOf, .anyOf, .oneOf, .not, .if, .then, .else)
    private static let unevaluated = SchemaKeywordSet(.unevaluatedItems, .unevaluatedProperties)
}
