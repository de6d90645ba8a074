// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Finds recursive schemas that may come to one value by several ways, as `anyOf` of two branches that both lead to
/// the root for the property `next`. Without a memory of verdicts each level of the instance would double the work.
struct SchemaRecursion {
    private let tables: SchemaTables
    /// By node: the number of its strongly connected component, 0 for nodes that lead not back to themselves.
    private var component: [Int32]
    /// Looking closely has a price; where it gets too high, verdicts are remembered without.
    private var budget = 200_000

    init(_ tables: SchemaTables) {
        self.tables = tables
        component = Array(repeating: 0, count: tables.nodes.count)
    }

    /// The nodes whose verdicts are to be remembered.
    mutating func remembered() -> [Int] {
        let cycles = findCycles()
        if cycles.isEmpty { return [] }
        var result: [Int] = []
        for cycle in cycles {
            let multiplies = cycle.contains { node in
                var objects = Ways()
                var arrays = Ways()
                return collect(node, .object, &objects, depth: 0) || collect(node, .array, &arrays, depth: 0)
            }
            if multiplies { result += cycle.map(Int.init) }
        }
        return result
    }

    // MARK: Cycles

    /// Strongly connected components with a cycle, by Tarjan's algorithm without recursion.
    private mutating func findCycles() -> [[Int32]] {
        var cycles: [[Int32]] = []
        var index = [Int32](repeating: -1, count: tables.nodes.count)
        var low = index
        var open: [Int32] = []
        var isOpen = [Bool](repeating: false, count: tables.nodes.count)
        var next: Int32 = 0
        var path: [(node: Int32, edges: [Int32], position: Int)] = []
        func enter(_ node: Int32) {
            index[Int(node)] = next
            low[Int(node)] = next
            next += 1
            open.append(node)
            isOpen[Int(node)] = true
            path.append((node, tables.edges(of: node), 0))
        }
        for start in tables.nodes.indices where index[start] < 0 && !tables.isLeaf(start) {
            enter(Int32(start))
            while let (node, edges, position) = path.last {
                if position < edges.count {
                    path[path.count - 1].position += 1
                    let target = edges[position]
                    if index[Int(target)] < 0 {
                        enter(target)
                    } else if isOpen[Int(target)] {
                        low[Int(node)] = min(low[Int(node)], index[Int(target)])
                    }
                    continue
                }
                path.removeLast()
                if let parent = path.last?.node { low[Int(parent)] = min(low[Int(parent)], low[Int(node)]) }
                guard low[Int(node)] == index[Int(node)] else { continue }
                var members: [Int32] = []
                while let member = open.popLast() {
                    isOpen[Int(member)] = false
                    members.append(member)
                    if member == node { break }
                }
                if members.count == 1 && !edges.contains(node) { continue }
                cycles.append(members)
                for member in members { component[Int(member)] = Int32(cycles.count) }
            }
        }
        return cycles
    }

    // MARK: Ways

    /// The ways into the parts of an instance on which a cycle goes on.
    private struct Ways {
        var visited: Set<Int32> = []
        var names: Set<ByteKey> = []
        var hasOthers = false

        /// - Returns: whether a part is come to a second time.
        mutating func add(_ names: [ByteKey], hasOthers: Bool) -> Bool {
            if self.hasOthers && (hasOthers || !names.isEmpty) || hasOthers && !self.names.isEmpty { return true }
            for name in names where !self.names.insert(name).inserted { return true }
            if hasOthers { self.hasOthers = true }
            return false
        }
    }

    /// Adds the ways of a node and of those that it applies to the same instance.
    ///
    /// - Returns: whether a part of the instance, or the instance, is come to a second time.
    private mutating func collect(_ node: Int32, _ kind: KindSet, _ ways: inout Ways, depth: Int) -> Bool {
        budget -= 1
        if budget < 0 || depth > 100 || !ways.visited.insert(node).inserted { return true }
        if addOwn(node, kind, &ways) { return true }
        for position in tables.nodes[Int(node)].operations.indices {
            let operation = tables.operations[position]
            guard operation.kinds & kind != 0 else { continue }
            if operation.code == .anyTagged || operation.code == .oneTagged, kind == .object {
                if collectTagged(operation, node, &ways, depth) { return true }
                continue
            }
            if operation.code == .unevaluatedItems || operation.code == .unevaluatedProperties {
                if addUnevaluated(operation, node, &ways) { return true }
                continue
            }
            for link in tables.links(of: operation, kind) where isWithin(link, node, kind) {
                if collect(link.node, kind, &ways, depth: depth + 1) { return true }
            }
        }
        return collectDependencies(node, kind, &ways, depth)
    }

    private func isWithin(_ link: SchemaLink, _ node: Int32, _ kinds: KindSet) -> Bool {
        link.node >= 0 && link.used & kinds != 0 && component[Int(link.node)] == component[Int(node)]
    }

    /// Of the branches that a property tells apart, those of only one run are looked at.
    private mutating func collectTagged(
        _ operation: SchemaOperation, _ node: Int32, _ ways: inout Ways, _ depth: Int
    ) -> Bool {
        let discriminator = tables.discriminators[Int(operation.b)]
        var runs = [discriminator.missing, discriminator.others]
        for position in tables.range(of: discriminator.table) where tables.entries[position].length >= 0 {
            runs.append(tables.entries[position].extra)
        }
        var union = ways
        for run in runs {
            var alternative = ways
            for link in run.indices.map({ tables.links[$0] }) where isWithin(link, node, .object) {
                if collect(link.node, .object, &alternative, depth: depth + 1) { return true }
            }
            union.visited.formUnion(alternative.visited)
            union.names.formUnion(alternative.names)
            union.hasOthers = union.hasOthers || alternative.hasOthers
        }
        ways = union
        return false
    }

    private mutating func addUnevaluated(_ operation: SchemaOperation, _ node: Int32, _ ways: inout Ways) -> Bool {
        // What depends on the instance is checked a second time to see what it evaluates.
        if tables.trackers[Int(operation.a)].steps.count > 0 { return true }
        let link = tables.links[Int(operation.b)]
        return isWithin(link, node, .array | .object) && ways.add([], hasOthers: true)
    }

    private mutating func collectDependencies(
        _ node: Int32, _ kind: KindSet, _ ways: inout Ways, _ depth: Int
    ) -> Bool {
        let objects = tables.nodes[Int(node)].objects
        guard kind == .object, objects >= 0 else { return false }
        let rules = tables.objects[Int(objects)]
        let links =
            rules.dependencies.indices.map { tables.dependencies[$0].link }
            + rules.needs.indices.map { tables.needs[$0].link }
        for link in links where isWithin(link, node, kind) {
            if collect(link.node, kind, &ways, depth: depth + 1) { return true }
        }
        return false
    }

    private func addOwn(_ node: Int32, _ kind: KindSet, _ ways: inout Ways) -> Bool {
        let rules = tables.nodes[Int(node)]
        let parts: KindSet = .array | .object
        if kind == .array {
            guard rules.arrays >= 0 else { return false }
            let arrays = tables.arrays[Int(rules.arrays)]
            let links = arrays.prefix.indices.map { tables.links[$0] } + [arrays.items]
            let goesOn = links.contains { isWithin($0, node, parts) }
            let finds = arrays.hasContains && isWithin(arrays.contains, node, parts)
            return goesOn && finds || ways.add([], hasOthers: goesOn || finds)
        }
        guard rules.objects >= 0 else { return false }
        let objects = tables.objects[Int(rules.objects)]
        var names: [ByteKey] = []
        if objects.table >= 0 {
            for position in tables.range(of: tables.tables[Int(objects.table)]) {
                let entry = tables.entries[position]
                let links = [entry.link] + entry.extra.indices.map { tables.links[$0] }
                let count = entry.length < 0 ? 0 : links.count { isWithin($0, node, parts) }
                if count > 1 { return true }
                if count == 1 { names.append(ByteKey(entry.text)) }
            }
        }
        let patterns = objects.patterns.indices.count { isWithin(tables.patternLinks[$0].link, node, parts) }
        if patterns > 1 { return true }
        return ways.add(names, hasOthers: patterns == 1 || isWithin(objects.additional, node, parts))
    }
}

extension SchemaTables {
    /// The links that an operation, when it is linked, applies to instances of a kind.
    func links(of operation: SchemaOperation, _ kind: KindSet) -> [SchemaLink] {
        switch operation.code {
        case .all, .not: [links[Int(operation.a)]]
        case .condition: (0..<3).map { links[Int(operation.a) + $0] }
        case .any, .one, .anyTagged, .oneTagged:
            choices[Int(operation.a) + kind.trailingZeroBitCount].indices.map { links[$0] }
        case .unevaluatedItems, .unevaluatedProperties: [links[Int(operation.b)]]
        case .constants: []
        }
    }

    /// Whether a linked node leads to no other.
    func isLeaf(_ index: Int) -> Bool {
        nodes[index].operations.count == 0 && nodes[index].arrays < 0 && nodes[index].objects < 0
    }

    /// The nodes that a linked node leads to, for its instance and for the parts of it.
    func edges(of index: Int32) -> [Int32] {
        if isLeaf(Int(index)) { return [] }
        let node = nodes[Int(index)]
        var edges: [Int32] = []
        // Of values without parts nothing leads further.
        func add(_ link: SchemaLink) {
            if link.node >= 0, link.used & (.array | .object) != 0, !isLeaf(Int(link.node)) { edges.append(link.node) }
        }
        for position in node.operations.indices {
            let operation = operations[position]
            for kind in [KindSet.array, .object] where operation.kinds & kind != 0 {
                links(of: operation, kind).forEach(add)
            }
        }
        if node.arrays >= 0 {
            let rules = arrays[Int(node.arrays)]
            for position in rules.prefix.indices { add(links[position]) }
            add(rules.items)
            add(rules.contains)
        }
        if node.objects >= 0 { addEdges(objects[Int(node.objects)], add) }
        return edges
    }

    private func addEdges(_ rules: SchemaObjectRules, _ add: (SchemaLink) -> Void) {
        if rules.table >= 0 {
            for position in range(of: tables[Int(rules.table)]) where entries[position].length >= 0 {
                add(entries[position].link)
                for extra in entries[position].extra.indices { add(links[extra]) }
            }
        }
        for position in rules.patterns.indices { add(patternLinks[position].link) }
        for position in rules.dependencies.indices { add(dependencies[position].link) }
        for position in rules.needs.indices { add(needs[position].link) }
        add(rules.additional)
    }
}
