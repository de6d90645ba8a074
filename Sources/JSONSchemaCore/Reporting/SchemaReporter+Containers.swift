// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaReporter {
    // MARK: Arrays

    mutating func checkArray(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        let count = view[position].length
        if let minimum = lookup.count(.minItems), count < minimum {
            let needed = ValueText.count(minimum, "item", "items")
            report(node, .minItems, "must have at least \(needed), but has \(count)")
        }
        if let maximum = lookup.count(.maxItems), count > maximum {
            let allowed = ValueText.count(maximum, "item", "items")
            report(node, .maxItems, "must have at most \(allowed), but has \(count)")
        }
        if lookup.isTrue(.uniqueItems),
            let (first, second) = TapeUniqueness.firstPair(view.slots + position, view.text)
        {
            report(node, .uniqueItems, "must not have equal items, but items \(first) and \(second) are equal")
        }
        checkContains(lookup, position, node)
        checkItems(lookup, position, node)
    }

    private mutating func checkItems(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        let isList = lookup.value(.items).map { lookup.view[$0].kind == .array } ?? false
        let prefixKeyword = isList ? SchemaKeyword.items : .prefixItems
        let restKeyword = isList ? SchemaKeyword.additionalItems : .items
        let prefix = lookup.nodes(prefixKeyword)
        let rest = lookup.node(restKeyword)
        for (index, element) in view.elements(of: position).enumerated() {
            if isFull { return }
            if index < prefix.count {
                check(element, at: String(index), by: prefix[index], prefixKeyword.name, String(index))
            } else if let rest {
                if source.isFalse(rest) {
                    let allowed = ValueText.count(prefix.count, "item", "items")
                    return report(
                        node, restKeyword, "must have at most \(allowed), but has \(view[position].length)")
                }
                check(element, at: String(index), by: rest, restKeyword.name)
            }
        }
    }

    private mutating func checkContains(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        guard let contained = lookup.node(.contains) else { return }
        var matches = 0
        for element in view.elements(of: position) where self.matches(element, contained) { matches += 1 }
        let minimum = lookup.count(.minContains) ?? 1
        if matches < minimum {
            let keyword = lookup.value(.minContains) == nil || minimum == 1 ? SchemaKeyword.contains : .minContains
            let needed = ValueText.count(minimum, "item that matches", "items that match")
            report(node, keyword, "must have at least \(needed) the schema of contains, but has \(matches)")
        }
        if let maximum = lookup.count(.maxContains), matches > maximum {
            let allowed = ValueText.count(maximum, "item that matches", "items that match")
            report(node, .maxContains, "must have at most \(allowed) the schema of contains, but has \(matches)")
        }
    }

    // MARK: Objects

    mutating func checkObject(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        let count = view[position].length
        let required = lookup.value(.required).map { lookup.view.elements(of: $0) } ?? []
        var reported: Set<ByteKey> = []
        for name in required.map(lookup.view.string) where view.member(of: position, name) == nil {
            guard reported.insert(ByteKey(name)).inserted else { continue }
            report(node, .required, "the property \(ValueText.quote(name)) is required")
        }
        if let minimum = lookup.count(.minProperties), count < minimum {
            let needed = ValueText.count(minimum, "property", "properties")
            report(node, .minProperties, "must have at least \(needed), but has \(count)")
        }
        if let maximum = lookup.count(.maxProperties), count > maximum {
            let allowed = ValueText.count(maximum, "property", "properties")
            report(node, .maxProperties, "must have at most \(allowed), but has \(count)")
        }
        let rules = SchemaMemberRules(lookup)
        for name in view.members(of: position) where !isFull { checkMember(name, rules, lookup, node) }
        checkDependencies(lookup, position, node)
    }

    private mutating func checkMember(
        _ name: Int, _ rules: SchemaMemberRules, _ lookup: SchemaLookup, _ node: Int32
    ) {
        let key = view.string(name)
        if let names = lookup.node(.propertyNames), !matches(name, names) { reportName(name, names, node) }
        var isKnown = false
        if let property = rules.properties[ByteKey(key)] {
            isKnown = true
            if let target = lookup.node(at: property) {
                check(name + 1, at: key, by: target, SchemaKeyword.properties.name, key)
            }
        }
        for (text, value) in rules.patterns {
            guard let pattern = pattern(text) else { continue }
            switch search(pattern, name) {
            case .noMatch: break
            case .exhausted:
                let quoted = ValueText.quote(key)
                report(
                    node, .patternProperties,
                    "the property name \(quoted): could not be decided within the step budget of the pattern \(text)")
            case .match:
                isKnown = true
                if let target = lookup.node(at: value) {
                    check(name + 1, at: key, by: target, SchemaKeyword.patternProperties.name, text)
                }
            }
        }
        guard !isKnown, let additional = lookup.node(.additionalProperties) else { return }
        if source.isFalse(additional) {
            place.append(key)
            report(node, .additionalProperties, "the property is not allowed; \(rules.allowed)")
            place.removeLast()
        } else {
            check(name + 1, at: key, by: additional, SchemaKeyword.additionalProperties.name)
        }
    }

    private mutating func reportName(_ name: Int, _ names: Int32, _ node: Int32) {
        var inner = inner(limit: 1)
        inner.run(name, by: names)
        let reason = inner.errors.first?.message ?? "is not allowed"
        report(node, .propertyNames, "the property name \(ValueText.quote(view.string(name))): \(reason)")
    }

    private mutating func checkDependencies(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        for keyword in [SchemaKeyword.dependentRequired, .dependentSchemas, .dependencies] {
            for name in lookup.members(keyword) {
                let given = lookup.view.string(name)
                guard view.member(of: position, given) != nil else { continue }
                if keyword == .dependentRequired || keyword == .dependencies && lookup.view[name + 1].kind == .array {
                    for needed in lookup.view.elements(of: name + 1).map(lookup.view.string)
                    where view.member(of: position, needed) == nil {
                        let (needed, given) = (ValueText.quote(needed), ValueText.quote(given))
                        report(node, keyword, "the property \(needed) is required where \(given) is")
                    }
                } else if let target = lookup.node(at: name + 1) {
                    check(position, by: target, keyword.name, given)
                }
            }
        }
    }
}

/// What an object's schema says of its members, and how to put it.
struct SchemaMemberRules {
    let properties: [ByteKey: Int]
    let patterns: [(text: String, value: Int)]
    let allowed: String

    init(_ lookup: SchemaLookup) {
        var properties: [ByteKey: Int] = [:]
        var names: [String] = []
        for name in lookup.members(.properties) {
            names.append(lookup.view.string(name))
            properties[ByteKey(lookup.view.string(name))] = name + 1
        }
        self.properties = properties
        patterns = lookup.members(.patternProperties).map { (lookup.view.string($0), $0 + 1) }
        allowed = Self.allowed(names.map(ValueText.quote), patterns.map(\.text))
    }

    private static func allowed(_ names: [String], _ patterns: [String]) -> String {
        var allowed = names.isEmpty ? "no property is" : "allowed \(names.count == 1 ? "is" : "are") "
        allowed += names.prefix(20).joined(separator: ", ")
        if names.count > 20 { allowed += " and \(names.count - 20) others" }
        if !patterns.isEmpty {
            allowed += names.isEmpty ? ", but those that match " : " and those that match "
            allowed += patterns.joined(separator: " or ")
        }
        return allowed
    }
}

extension SchemaSources {
    /// Whether a node is the schema `false`.
    func isFalse(_ node: Int32) -> Bool {
        let site = sites[Int(node)]
        return documents[Int(site.document)].view[Int(site.position)].kind == .false
    }
}
