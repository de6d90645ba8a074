// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaLinker {
    /// What a branch demands of one property.
    private struct Demand {
        let name: NameEntry
        let isRequired: Bool
        /// The strings that the property may be, when it may be nothing else.
        let values: [NameEntry]?
    }

    /// Finds a property whose value tells which of the branches for objects may apply.
    mutating func addDiscriminator(_ position: Int) {
        let operation = tables.operations[position]
        let run = tables.choices[Int(operation.a) + 7]
        let branches = run.indices.map { tables.links[$0] }
        let demands = branches.map { self.demands(of: $0.node, depth: 0) }
        var best: (name: NameEntry, score: Int)?
        var scores: [ByteKey: Int] = [:]
        for demand in demands.joined() {
            let key = ByteKey(demand.name.text)
            if demand.values != nil { scores[key, default: 0] += 1 }
        }
        for demand in demands.joined() where demand.values != nil && demand.isRequired {
            let key = ByteKey(demand.name.text)
            if let score = scores[key], score > best?.score ?? 1 { best = (demand.name, score) }
        }
        guard let best else { return }
        let chosen = demands.map { $0.filter { $0.name.hasSameName(as: best.name) } }
        tables.operations[position].b = Int32(tables.discriminators.count)
        tables.operations[position].code = operation.code == .any ? .anyTagged : .oneTagged
        tables.discriminators.append(discriminator(best.name, branches, chosen))
    }

    private mutating func discriminator(
        _ name: NameEntry, _ branches: [SchemaLink], _ demands: [[Demand]]
    ) -> SchemaDiscriminator {
        var values: [NameEntry] = []
        var positions: [ByteKey: Int] = [:]
        for value in demands.joined().compactMap(\.values).joined() {
            let key = ByteKey(value.text)
            if positions[key] != nil { continue }
            positions[key] = values.count
            values.append(value)
        }
        // Branches by value, in one pass, since there may be many of both.
        var open: [Int] = []
        var byValue = [[Int]](repeating: [], count: values.count)
        for (branch, demand) in demands.enumerated() {
            guard let allowed = Self.allowed(demand) else {
                open.append(branch)
                continue
            }
            for value in allowed { if let position = positions[value] { byValue[position].append(branch) } }
        }
        for position in values.indices {
            let candidates = (byValue[position] + open).sorted().map { branches[$0] }
            values[position].extra = run(of: candidates)
        }
        let missing = run(
            of: branches.indices.filter { !demands[$0].contains(where: \.isRequired) }.map { branches[$0] })
        let others = run(of: open.map { branches[$0] })
        return SchemaDiscriminator(
            name: name, table: NameTable(values, into: &tables.entries), missing: missing, others: others)
    }

    /// The values that all demands allow; `nil` when there are no bounds.
    private static func allowed(_ demands: [Demand]) -> Set<ByteKey>? {
        var result: Set<ByteKey>?
        for demand in demands {
            guard let values = demand.values else { continue }
            let texts = Set(values.map { ByteKey($0.text) })
            result = result?.intersection(texts) ?? texts
        }
        return result
    }

    /// The demands of a node and of those that it applies in any case.
    private func demands(of index: Int32, depth: Int) -> [Demand] {
        guard index >= 0, depth < 8 else { return [] }
        let node = tables.nodes[Int(index)]
        var demands: [Demand] = []
        if node.objects >= 0 {
            let rules = tables.objects[Int(node.objects)]
            if rules.table >= 0 { demands += self.demands(tables.tables[Int(rules.table)], rules.required) }
        }
        for position in node.operations.indices where tables.operations[position].code == .all {
            demands += self.demands(of: resolved(tables.operations[position].a).node, depth: depth + 1)
        }
        return demands
    }

    private func demands(_ table: NameTable, _ required: UInt64) -> [Demand] {
        var demands: [Demand] = []
        for position in tables.range(of: table) where tables.entries[position].length >= 0 {
            let entry = tables.entries[position]
            let values = entry.isProperty ? strings(of: entry.link.node, depth: 0) : nil
            let isRequired = entry.bits & required != 0
            if values != nil || isRequired {
                demands.append(Demand(name: entry, isRequired: isRequired, values: values))
            }
        }
        return demands
    }

    /// The strings that a node allows, when it allows nothing else.
    private func strings(of index: Int32, depth: Int) -> [NameEntry]? {
        guard index >= 0, depth < 8 else { return nil }
        let node = tables.nodes[Int(index)]
        if node.types & ~.string == 0, node.strings >= 0, case let table = tables.strings[Int(node.strings)].table,
            table >= 0
        {
            return tables.range(of: tables.tables[Int(table)]).map { tables.entries[$0] }.filter { $0.length >= 0 }
        }
        for position in node.operations.indices where tables.operations[position].code == .all {
            let link = tables.links[Int(tables.operations[position].a)]
            if let strings = strings(of: link.node, depth: depth + 1) { return strings }
        }
        return nil
    }
}

extension SchemaTables {
    /// The slots of a table, empty ones too.
    func range(of table: NameTable) -> Range<Int> {
        let size = 1 << (64 - Int(table.shift)) + Int(max(0, table.probes - 1))
        return Int(table.start)..<Int(table.start) + size
    }
}

extension NameEntry {
    var text: String {
        String(decoding: UnsafeBufferPointer(start: bytes, count: max(0, Int(length))), as: UTF8.self)
    }
}
