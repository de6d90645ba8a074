// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaReporter {
    mutating func checkApplicators(_ lookup: SchemaLookup, _ position: Int, _ node: Int32) {
        for keyword in [SchemaKeyword.ref, .dynamicRef, .recursiveRef] where lookup.value(keyword) != nil {
            guard let target = source.targets[SchemaReferenceKey(node: node, keyword: keyword)] else { continue }
            check(position, by: target, keyword.name)
        }
        for (index, branch) in lookup.nodes(.allOf).enumerated() {
            check(position, by: branch, SchemaKeyword.allOf.name, String(index))
        }
        if let negated = lookup.node(.not), matches(position, negated) {
            let found = ValueText.describe(view, position)
            report(node, .not, "must not match the schema of not, but \(found) does")
        }
        if let condition = lookup.node(.if) {
            let keyword = matches(position, condition) ? SchemaKeyword.then : .else
            if let branch = lookup.node(keyword) { check(position, by: branch, keyword.name) }
        }
        checkChoice(lookup, .anyOf, position, node)
        checkChoice(lookup, .oneOf, position, node)
    }

    private mutating func checkChoice(
        _ lookup: SchemaLookup, _ keyword: SchemaKeyword, _ position: Int, _ node: Int32
    ) {
        let branches = lookup.nodes(keyword)
        if branches.isEmpty || isFull { return }
        var matching: [Int] = []
        for (index, branch) in branches.enumerated() where matches(position, branch) { matching.append(index) }
        if matching.isEmpty {
            reportNoMatch(keyword, branches, position, node)
        } else if keyword == .oneOf && matching.count > 1 {
            let positions = matching.map(String.init).joined(separator: " and ")
            report(node, keyword, "must match exactly one of the schemas of oneOf, but matches \(positions)")
        }
    }

    /// Tells what is nearest to a match. Where every branch wants another type, the types; where every branch wants
    /// another value of one property, the values.
    private mutating func reportNoMatch(
        _ keyword: SchemaKeyword, _ branches: [Int32], _ position: Int, _ node: Int32
    ) {
        let count = branches.count == 1 ? "the schema" : "any of the \(branches.count) schemas"
        if choices >= Self.maximumChoices { return report(node, keyword, "does not match \(count) of \(keyword.name)") }
        // Choices within the branches are left alone while the nearest is looked for: in schemas of many nested
        // choices the work would be the product of their branches.
        var nearest = SchemaNearest(place: place)
        for (index, branch) in branches.enumerated() {
            let inner = branchReport(branch, index, keyword, position, choices: Self.maximumChoices)
            nearest.add(index, inner.errors, types: source.types(wantedBy: branch), values: tagValues(inner))
        }
        let found = ValueText.describe(view, position)
        if let types = nearest.allTypes {
            return report(node, keyword, "must be \(ValueText.types(types)), but is \(found)")
        }
        if let (tag, values) = nearest.allTags {
            place.append(tag)
            let value = view.member(of: position, tag).map { ValueText.describe(view, $0) } ?? "missing"
            report(node, keyword, "must be \(ValueText.choice(values)), but is \(value)")
            place.removeLast()
            return
        }
        let index = nearest.index
        let inner = branchReport(branches[index], index, keyword, position, choices: choices + 1)
        let reasons = inner.errors.prefix(3).map(\.description).joined(separator: "; ")
        report(node, keyword, "does not match \(count) of \(keyword.name); the nearest one says: \(reasons)")
    }

    private static let maximumChoices = 3

    private func branchReport(
        _ branch: Int32, _ index: Int, _ keyword: SchemaKeyword, _ position: Int, choices: Int
    ) -> SchemaReporter {
        var inner = inner(limit: limit)
        inner.choices = choices
        inner.path = JSONPointer(tokens: path.tokens + [keyword.name, String(index)])
        inner.run(position, by: branch)
        return inner
    }

    /// The property whose `const` or `enum` an object broke, and what it may be.
    private func tagValues(_ inner: SchemaReporter) -> (tag: String, values: [JSONValue])? {
        let depth = place.tokens.count + 1
        for (error, origin) in zip(inner.errors, inner.origins) where error.instanceLocation.tokens.count == depth {
            guard let tag = error.instanceLocation.tokens.last, let lookup = SchemaLookup(source, origin) else {
                continue
            }
            if error.keyword == "const", let value = lookup.value(.const) {
                return (tag, [JSONValue(lookup.view, at: value)])
            }
            if error.keyword == "enum", let value = lookup.value(.enum) {
                return (tag, lookup.view.elements(of: value).map { JSONValue(lookup.view, at: $0) })
            }
        }
        return nil
    }

    // MARK: What is left over

    mutating func checkUnevaluated(_ position: Int, _ node: Int32) {
        let kind = view[position].kind
        guard kind == .array || kind == .object, let lookup = SchemaLookup(source, node) else { return }
        let keyword = kind == .array ? SchemaKeyword.unevaluatedItems : .unevaluatedProperties
        guard let target = lookup.node(keyword), let tracker = program.tracker(of: node, keyword) else { return }
        let marks = evaluated(tracker, position)
        let parts = kind == .array ? view.elements(of: position) : view.members(of: position)
        for (index, part) in parts.enumerated() where !marks[index] {
            let token = kind == .array ? String(index) : view.string(part)
            let value = kind == .array ? part : part + 1
            if source.isFalse(target) {
                place.append(token)
                let noun = kind == .array ? "item" : "property"
                report(node, keyword, "the \(noun) is not allowed; no part of the schema that applies knows it")
                place.removeLast()
            } else {
                check(value, at: token, by: target, keyword.name)
            }
        }
    }
}

/// The branch of a choice that comes nearest to the instance.
private struct SchemaNearest {
    let place: JSONPointer
    private(set) var index = 0
    private var rank = (isTagged: true, depth: -1, count: 0)
    private var types: Set<String> = []
    private var areAllTypes = true
    private var tag: String?
    private var values: [JSONValue] = []
    private var areAllTags = true

    init(place: JSONPointer) { self.place = place }

    /// Takes a branch that would have another value of a property as farther than one that would not; then the one
    /// whose faults lie deepest in the instance; then the one with the fewest.
    mutating func add(
        _ index: Int, _ errors: [ValidationError], types: Set<String>, values: (tag: String, values: [JSONValue])?
    ) {
        if errors.count == 1, errors[0].keyword == "type", errors[0].instanceLocation == place {
            self.types.formUnion(types)
            return
        }
        areAllTypes = false
        if let values, tag == nil || tag == values.tag {
            tag = values.tag
            for value in values.values where !self.values.contains(value) { self.values.append(value) }
        } else {
            areAllTags = false
        }
        let depth = errors.map(\.instanceLocation.tokens.count).max() ?? 0
        let mine = (isTagged: values != nil, depth: depth, count: errors.count)
        let isNearer =
            mine.isTagged != rank.isTagged
            ? !mine.isTagged : depth > rank.depth || depth == rank.depth && mine.count < rank.count
        if isNearer || rank.depth < 0 { (rank, self.index) = (mine, index) }
    }

    var allTypes: Set<String>? { areAllTypes && !types.isEmpty ? types : nil }

    var allTags: (String, [JSONValue])? {
        guard areAllTags, types.isEmpty, let tag, values.count > 1 else { return nil }
        return (tag, values)
    }
}

extension SchemaSources {
    /// The types that a node, or the one that it refers to, wants.
    fileprivate func types(wantedBy node: Int32) -> Set<String> {
        var node: Int32? = node
        while let current = node, let lookup = SchemaLookup(self, current) {
            if let value = lookup.value(.type) { return Set(lookup.typeNames(value)) }
            node = targets[SchemaReferenceKey(node: current, keyword: .ref)]
        }
        return []
    }
}

extension SchemaProgram {
    /// The tracker of a node's unevaluated keyword.
    func tracker(of node: Int32, _ keyword: SchemaKeyword) -> Int32? {
        source.trackers[SchemaReferenceKey(node: node, keyword: keyword)]
    }
}
