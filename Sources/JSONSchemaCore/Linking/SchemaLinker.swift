// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Finishes the tables of a program: what kinds of instances each schema allows at all, and for which of them there is
/// more to check, is known before any instance is there.
struct SchemaLinker {
    var tables: SchemaTables
    /// The node to which a node that is only a reference leads, else the node itself.
    var aliases: [Int32]
    /// Nodes, each behind those that it applies to the same instance.
    private(set) var order: [Int32] = []

    init(_ tables: SchemaTables) {
        self.tables = tables
        aliases = Array(0..<Int32(tables.nodes.count))
    }

    /// Brings the nodes in order.
    ///
    /// - Returns: a node that comes back to itself without going into the instance, so that checking would not end.
    mutating func sort() -> Int32? {
        var marks = [UInt8](repeating: 0, count: tables.nodes.count)
        order.reserveCapacity(tables.nodes.count)
        var path: [(node: Int32, edges: [Int32], next: Int)] = []
        for index in tables.nodes.indices where marks[index] == 0 {
            guard hasEdges(index) else {
                marks[index] = 2
                order.append(Int32(index))
                continue
            }
            marks[index] = 1
            path.append((Int32(index), edges(of: index), 0))
            while let (node, edges, next) = path.last {
                if next == edges.count {
                    marks[Int(node)] = 2
                    order.append(node)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = edges[next]
                if marks[Int(target)] == 1 { return target }
                if marks[Int(target)] == 2 { continue }
                marks[Int(target)] = 1
                path.append((target, self.edges(of: Int(target)), 0))
            }
        }
        return nil
    }

    private func hasEdges(_ index: Int) -> Bool {
        let node = tables.nodes[index]
        if node.operations.count > 0 { return true }
        guard node.objects >= 0 else { return false }
        let rules = tables.objects[Int(node.objects)]
        return !rules.dependencies.isEmpty || !rules.needs.isEmpty
    }

    /// The nodes that a node applies to the same instance.
    func edges(of index: Int) -> [Int32] {
        let node = tables.nodes[index]
        var edges: [Int32] = []
        for position in node.operations.indices {
            let operation = tables.operations[position]
            switch operation.code {
            case .all, .not: edges.append(tables.links[Int(operation.a)].node)
            case .any, .one:
                for link in Int(operation.a)..<Int(operation.a + operation.b) { edges.append(tables.links[link].node) }
            case .condition: for link in 0..<3 { edges.append(tables.links[Int(operation.a) + link].node) }
            case .anyTagged, .oneTagged, .constants, .unevaluatedItems, .unevaluatedProperties: break
            }
        }
        if node.objects >= 0 {
            let rules = tables.objects[Int(node.objects)]
            for position in rules.dependencies.indices { edges.append(tables.dependencies[position].link.node) }
            for position in rules.needs.indices { edges.append(tables.needs[position].link.node) }
        }
        return edges.filter { $0 >= 0 }
    }

    /// Fills in the kinds of all nodes, then of all links.
    mutating func link() {
        for index in order { finish(Int(index)) }
        // A copy, since a row of the tables is being changed while it is asked.
        let links = tables.nodes.indices.map { link(to: Int32($0)) }
        for index in tables.links.indices { Self.patch(&tables.links[index], links) }
        for index in tables.entries.indices { Self.patch(&tables.entries[index].link, links) }
        for index in tables.patternLinks.indices { Self.patch(&tables.patternLinks[index].link, links) }
        for index in tables.dependencies.indices { Self.patch(&tables.dependencies[index].link, links) }
        for index in tables.needs.indices { Self.patch(&tables.needs[index].link, links) }
        for index in tables.trackerSteps.indices { Self.patch(&tables.trackerSteps[index].link, links) }
        for index in tables.objects.indices {
            Self.patch(&tables.objects[index].additional, links)
            Self.patch(&tables.objects[index].names, links)
        }
        for index in tables.arrays.indices {
            Self.patch(&tables.arrays[index].items, links)
            Self.patch(&tables.arrays[index].contains, links)
            tables.arrays[index].walks = !tables.arrays[index].prefix.isEmpty || !tables.arrays[index].items.isAll
        }
        for index in tables.arrays.indices { markPlainRows(index) }
    }

    /// The link to a node whose kinds are known.
    func link(to index: Int32) -> SchemaLink {
        let target = aliases[Int(index)]
        let node = tables.nodes[Int(target)]
        return SchemaLink(node: target, types: node.types, used: node.used)
    }

    private static func patch(_ link: inout SchemaLink, _ links: [SchemaLink]) {
        if link.node >= 0 { link = links[Int(link.node)] }
    }

    /// Elements that are arrays of values without parts, such as positions on a map, are checked in one loop.
    private mutating func markPlainRows(_ index: Int) {
        let items = tables.arrays[index].items
        guard items.node >= 0, items.types & .array != 0, tables.arrays[index].prefix.isEmpty else { return }
        let row = tables.nodes[Int(items.node)]
        guard row.arrays >= 0, row.operations.count == 0 else { return }
        let rules = tables.arrays[Int(row.arrays)]
        let isPlain =
            rules.prefix.isEmpty && !rules.hasContains && !rules.isUnique
            && rules.items.types & (.array | .object) == 0
            && (rules.items.used == 0 || rules.items.types & rules.items.used == 0)
        tables.arrays[index].hasPlainRows = isPlain
    }
}

extension SchemaLink {
    /// Whether the link allows everything.
    var isAll: Bool { types == .every && used == .none }
}
