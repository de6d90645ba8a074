// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaCompiler {
    // MARK: Arrays

    mutating func compileArrays(
        _ source: SchemaSource, _ site: SchemaSite, _ node: inout SchemaNode
    ) throws(SchemaError) {
        var rules = SchemaArrayRules()
        rules.minimum = try source.count(.minItems) ?? 0
        rules.maximum = try source.count(.maxItems) ?? .max
        rules.isUnique = try source.flag(.uniqueItems)
        try compileItems(source, site, &rules)
        let minContains = try source.count(.minContains)
        let maxContains = try source.count(.maxContains)
        if let contained = try child(.contains, source, site) {
            rules.contains = SchemaLink(to: contained)
            rules.hasContains = true
            rules.minContains = minContains ?? 1
            rules.maxContains = maxContains ?? .max
        }
        node.arrays = Int32(tables.arrays.count)
        tables.arrays.append(rules)
    }

    private mutating func compileItems(
        _ source: SchemaSource, _ site: SchemaSite, _ rules: inout SchemaArrayRules
    ) throws(SchemaError) {
        if source.value(.prefixItems) != nil { rules.prefix = try children(.prefixItems, source, site) }
        guard let items = source.value(.items) else { return }
        guard source.view[items].kind == .array, source.reading.hasArrayItems else {
            if let items = try child(.items, source, site) { rules.items = SchemaLink(to: items) }
            return
        }
        if !rules.prefix.isEmpty { throw source.error(.items, "must be a schema where prefixItems is") }
        rules.prefix = try children(.items, source, site, mayBeEmpty: true)
        if let additional = try child(.additionalItems, source, site) { rules.items = SchemaLink(to: additional) }
    }

    // MARK: Objects

    mutating func compileObjects(
        _ source: SchemaSource, _ site: SchemaSite, _ node: inout SchemaNode
    ) throws(SchemaError) {
        var rules = SchemaObjectRules()
        rules.minimum = try source.count(.minProperties) ?? 0
        rules.maximum = try source.count(.maxProperties) ?? .max
        if let additional = try child(.additionalProperties, source, site) {
            rules.additional = SchemaLink(to: additional)
        }
        if let names = try child(.propertyNames, source, site) { rules.names = SchemaLink(to: names) }
        try compilePatternProperties(source, site, &rules)
        var names = SchemaNames()
        if let members = try source.members(.properties) {
            for name in members {
                var entry = NameEntry(source.view.bytes(source.view[name]))
                entry.link = SchemaLink(to: child(name + 1, site))
                entry.isProperty = true
                names.append(entry)
            }
        }
        if let value = source.value(.required) {
            let needsBefore = tables.needs.count
            for position in try source.strings(.required, at: value) {
                let entry = NameEntry(source.view.bytes(source.view[position]))
                if let bit = names.bit(for: entry) {
                    rules.required |= bit
                } else {
                    tables.needs.append(SchemaNeed(needed: entry))
                }
            }
            rules.needs = SchemaRun(start: Int32(needsBefore), count: Int32(tables.needs.count - needsBefore))
        }
        try compileDependencies(source, site, &rules, &names)
        finish(&names, &rules, source.view)
        node.objects = Int32(tables.objects.count)
        tables.objects.append(rules)
    }

    private mutating func compilePatternProperties(
        _ source: SchemaSource, _ site: SchemaSite, _ rules: inout SchemaObjectRules
    ) throws(SchemaError) {
        guard let members = try source.members(.patternProperties), !members.isEmpty else { return }
        let start = tables.patternLinks.count
        for name in members {
            let pattern = try pattern(source.view.string(name), .patternProperties, source)
            tables.patternLinks.append(
                SchemaPatternLink(pattern: pattern, link: SchemaLink(to: child(name + 1, site))))
        }
        rules.patterns = SchemaRun(start: Int32(start), count: Int32(members.count))
    }

    private mutating func compileDependencies(
        _ source: SchemaSource, _ site: SchemaSite, _ rules: inout SchemaObjectRules, _ names: inout SchemaNames
    ) throws(SchemaError) {
        let view = source.view
        var dependencies: [SchemaDependency] = []
        var needs: [SchemaNeed] = []
        for keyword in [SchemaKeyword.dependentRequired, .dependentSchemas, .dependencies] {
            for name in try source.members(keyword) ?? [] {
                let trigger = NameEntry(view.bytes(view[name]))
                let isList = keyword == .dependencies && view[name + 1].kind == .array
                var link = SchemaLink.all
                var needed: [NameEntry] = []
                if keyword == .dependentRequired || isList {
                    needed = try source.strings(keyword, at: name + 1).map { NameEntry(view.bytes(view[$0])) }
                } else {
                    try refuseBoolean(name + 1, keyword, source)
                    link = SchemaLink(to: child(name + 1, site))
                }
                if let bit = names.bit(for: trigger), let bits = names.bits(for: needed) {
                    dependencies.append(SchemaDependency(trigger: bit, needed: bits, link: link))
                } else {
                    needs.append(SchemaNeed(trigger: trigger, needed: nil, link: link))
                    for name in needed { needs.append(SchemaNeed(trigger: trigger, needed: name)) }
                }
            }
        }
        rules.dependencies = SchemaRun(start: Int32(tables.dependencies.count), count: Int32(dependencies.count))
        tables.dependencies += dependencies
        // Those of `required` stand right before.
        if rules.needs.isEmpty { rules.needs.start = Int32(tables.needs.count) }
        rules.needs.count += Int32(needs.count)
        tables.needs += needs
    }

    /// Decides once which patterns match the known names, and what becomes of those that are no properties.
    private mutating func finish(_ names: inout SchemaNames, _ rules: inout SchemaObjectRules, _ view: JSONTapeView) {
        for position in names.entries.indices {
            let entry = names.entries[position]
            var links: [SchemaLink] = entry.isProperty ? [entry.link] : []
            for index in rules.patterns.indices {
                let bytes = UnsafeBufferPointer(start: entry.bytes, count: Int(entry.length))
                let link = tables.patternLinks[index]
                if tables.patterns[Int(link.pattern)].search(bytes) == .match { links.append(link.link) }
            }
            names.entries[position].link = links.first ?? rules.additional
            if links.count > 1 {
                names.entries[position].extra = SchemaRun(
                    start: Int32(tables.links.count), count: Int32(links.count - 1))
                tables.links += links.dropFirst()
            }
        }
        if !names.entries.isEmpty { rules.table = addTable(names.entries) }
    }

    // MARK: Schemas within

    /// The node of a keyword's schema; `nil` without the keyword.
    mutating func child(
        _ keyword: SchemaKeyword, _ source: SchemaSource, _ site: SchemaSite
    ) throws(SchemaError) -> Int32? {
        guard let value = source.value(keyword) else { return nil }
        if keyword != .additionalProperties && keyword != .additionalItems {
            try refuseBoolean(value, keyword, source)
        }
        return child(value, site)
    }

    /// Draft 4 has Booleans for schemas in additionalProperties and additionalItems only.
    private func refuseBoolean(_ value: Int, _ keyword: SchemaKeyword, _ source: SchemaSource) throws(SchemaError) {
        let kind = source.view[value].kind
        guard source.reading.dialect == .draft4, kind == .true || kind == .false else { return }
        throw source.mismatch(keyword, "a schema", value)
    }

    /// Links to the schemas of a keyword's array.
    mutating func children(
        _ keyword: SchemaKeyword, _ source: SchemaSource, _ site: SchemaSite, mayBeEmpty: Bool = false
    ) throws(SchemaError) -> SchemaRun {
        guard let schemas = try source.elements(keyword) else { return SchemaRun() }
        if schemas.isEmpty && !mayBeEmpty { throw source.error(keyword, "must have one schema at least") }
        let start = tables.links.count
        for schema in schemas {
            try refuseBoolean(schema, keyword, source)
            let link = SchemaLink(to: child(schema, site))
            tables.links.append(link)
        }
        return SchemaRun(start: Int32(start), count: Int32(schemas.count))
    }
}

/// The names that an object's rules speak of, and the bits by which those that matter beyond their values are seen.
struct SchemaNames {
    var entries: [NameEntry] = []
    private var nextBit: UInt64 = 1
    private var positions: [ByteKey: Int]?

    mutating func append(_ entry: NameEntry) {
        positions?[Self.key(entry)] = entries.count
        entries.append(entry)
    }

    /// The bit of a name, which is added when it is new; `nil` when all are in use.
    mutating func bit(for entry: NameEntry) -> UInt64? {
        let known = position(of: entry)
        if let known, entries[known].bits != 0 { return entries[known].bits }
        if nextBit == 0 { return nil }
        let position = known ?? entries.count
        if known == nil { append(entry) }
        entries[position].bits = nextBit
        nextBit <<= 1
        return entries[position].bits
    }

    mutating func bits(for names: [NameEntry]) -> UInt64? {
        var bits: UInt64 = 0
        for name in names {
            guard let bit = bit(for: name) else { return nil }
            bits |= bit
        }
        return bits
    }

    private mutating func position(of entry: NameEntry) -> Int? {
        if entries.count <= 16 { return entries.firstIndex { $0.hasSameName(as: entry) } }
        if positions == nil {
            positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { (Self.key($1), $0) })
        }
        return positions?[Self.key(entry)]
    }

    private static func key(_ entry: NameEntry) -> ByteKey {
        ByteKey(String(decoding: UnsafeBufferPointer(start: entry.bytes, count: Int(entry.length)), as: UTF8.self))
    }
}
