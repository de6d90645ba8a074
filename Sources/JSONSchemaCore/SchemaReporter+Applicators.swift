// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaReporter {
    mutating func checkApplicators(_ value: JSONValue, _ node: SchemaNode, _ index: SchemaIndex) {
        if node.reference >= 0 { check(value, by: node.reference) }
        for branch in node.allOf.indices { check(value, by: program.lists[branch]) }
        if node.not >= 0, program.accepts(value, by: node.not) {
            report(index, "not", "must not match the schema of not, but \(ValueText.describe(value)) does")
        }
        if node.condition >= 0 {
            let branch = program.accepts(value, by: node.condition) ? node.consequent : node.alternative
            if branch >= 0 { check(value, by: branch) }
        }
        checkChoice(value, "anyOf", node.anyOf, index)
        checkChoice(value, "oneOf", node.oneOf, index)
    }

    private mutating func checkChoice(_ value: JSONValue, _ keyword: String, _ run: SchemaRun, _ index: SchemaIndex) {
        if run.isEmpty { return }
        let branches = program.lists[run.indices]
        let matching = branches.indices.filter { program.accepts(value, by: branches[$0]) }
        if matching.isEmpty {
            reportNoMatch(value, keyword, branches, index)
        } else if keyword == "oneOf" && matching.count > 1 {
            let positions = matching.map { String($0 - branches.startIndex) }.joined(separator: " and ")
            report(index, keyword, "must match exactly one of the schemas of oneOf, but matches \(positions)")
        }
    }

    /// Tells what is nearest to a match: the branch whose faults lie deepest in the instance, then the one with the
    /// fewest. Where every branch wants another type, the types.
    private mutating func reportNoMatch(
        _ value: JSONValue, _ keyword: String, _ branches: ArraySlice<SchemaIndex>, _ index: SchemaIndex
    ) {
        let count = branches.count == 1 ? "the schema" : "any of the \(branches.count) schemas"
        // Each branch is looked into, so in a recursive schema the work would grow by their number at every level.
        if choices >= 3 { return report(index, keyword, "does not match \(count) of \(keyword)") }
        var best: (depth: Int, errors: [ValidationError]) = (-1, [])
        var types: TypeSet = []
        var areAllTypes = true
        for branch in branches {
            var inner = SchemaReporter(program: program, limit: limit)
            inner.place = place
            inner.choices = choices + 1
            inner.check(value, by: branch)
            let isType = inner.errors.count == 1 && inner.errors[0].keyword == "type"
            if isType && inner.errors[0].instanceLocation == place {
                types.formUnion(program.types(wantedBy: branch))
                continue
            }
            areAllTypes = false
            let depth = inner.errors.map(\.instanceLocation.tokens.count).max() ?? 0
            if depth > best.depth || depth == best.depth && inner.errors.count < best.errors.count {
                best = (depth, inner.errors)
            }
        }
        if areAllTypes && !types.isEmpty {
            return report(index, keyword, "must be \(ValueText.types(types)), but is \(ValueText.describe(value))")
        }
        let reasons = best.errors.prefix(3).map(\.description).joined(separator: "; ")
        report(index, keyword, "does not match \(count) of \(keyword); the nearest one says: \(reasons)")
    }
}

extension SchemaProgram {
    /// The types of a node, or of the one that it refers to.
    fileprivate func types(wantedBy index: SchemaIndex) -> TypeSet {
        var node = nodes[Int(index)]
        var types = node.types
        while node.reference >= 0 {
            node = nodes[Int(node.reference)]
            types.formIntersection(node.types)
        }
        return types
    }
}
