// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaLinker {
    /// Fills in the kinds of a node, when those of the nodes that it applies to the same instance are known.
    mutating func finish(_ index: Int) {
        if isOnlyReference(index) {
            let operation = tables.operations[Int(tables.nodes[index].operations.start)]
            aliases[index] = aliases[Int(tables.links[Int(operation.a)].node)]
            let target = tables.nodes[Int(aliases[index])]
            tables.nodes[index].types = target.types
            tables.nodes[index].used = target.used
            return
        }
        var types = tables.nodes[index].types
        for position in tables.nodes[index].operations.indices { finishOperation(position, &types) }
        var used = ownKinds(tables.nodes[index])
        for position in tables.nodes[index].operations.indices {
            tables.operations[position].kinds &= types
            used |= tables.operations[position].kinds
        }
        tables.nodes[index].types = types
        tables.nodes[index].used = used & types
        dropIdleOperations(index)
    }

    private func isOnlyReference(_ index: Int) -> Bool {
        let node = tables.nodes[index]
        return node.operations.count == 1 && node.types == .every && !node.isIntegral && node.strings < 0
            && node.numbers < 0 && node.arrays < 0 && node.objects < 0
            && tables.operations[Int(node.operations.start)].code == .all
    }

    /// The operations that have nothing to do stand at the end, outside of the run.
    private mutating func dropIdleOperations(_ index: Int) {
        let run = tables.nodes[index].operations
        guard run.indices.contains(where: { tables.operations[$0].kinds == 0 }) else { return }
        let busy = run.indices.map { tables.operations[$0] }.filter { $0.kinds != 0 }
        for (offset, operation) in busy.enumerated() { tables.operations[Int(run.start) + offset] = operation }
        tables.nodes[index].operations.count = Int32(busy.count)
    }

    /// The kinds for which a node has rules of its own.
    private func ownKinds(_ node: SchemaNode) -> KindSet {
        var used = KindSet.none
        if node.strings >= 0 {
            let rules = tables.strings[Int(node.strings)]
            let restricts =
                rules.minimum > 0 || rules.maximum < .max || rules.table >= 0 || rules.pattern >= 0
                || rules.format >= 0
            if restricts { used |= .string }
        }
        if node.isIntegral { used |= .number }
        if node.numbers >= 0 { used |= .number | .integer }
        if node.arrays >= 0, restricts(tables.arrays[Int(node.arrays)]) { used |= .array }
        if node.objects >= 0, restricts(tables.objects[Int(node.objects)]) { used |= .object }
        return used
    }

    private func restricts(_ rules: SchemaArrayRules) -> Bool {
        rules.minimum > 0 || rules.maximum < .max || rules.isUnique || rules.hasContains || !rules.prefix.isEmpty
            || !isTrivial(rules.items)
    }

    private func restricts(_ rules: SchemaObjectRules) -> Bool {
        rules.minimum > 0 || rules.maximum < .max || rules.table >= 0 || !rules.patterns.isEmpty
            || !rules.needs.isEmpty || !isTrivial(rules.additional) || !isTrivial(rules.names)
    }

    /// Whether a link leads to a schema that is `true` or empty. Others may turn out to allow everything later.
    private func isTrivial(_ link: SchemaLink) -> Bool {
        if link.node < 0 { return true }
        let node = tables.nodes[Int(link.node)]
        return node.types == .every && node.operations.count == 0 && node.strings < 0 && node.numbers < 0
            && node.arrays < 0 && node.objects < 0 && !node.isIntegral
    }

    // MARK: Operations

    /// Takes from `types` what the operation never allows, and from the operation's kinds what it always does.
    private mutating func finishOperation(_ position: Int, _ types: inout KindSet) {
        let operation = tables.operations[position]
        switch operation.code {
        case .all:
            let link = resolved(operation.a)
            types &= link.types
            tables.operations[position].kinds = link.used
        case .any: finishChoice(position, &types, isOne: false)
        case .one: finishChoice(position, &types, isOne: true)
        case .not:
            let link = resolved(operation.a)
            types &= ~(link.types & ~link.used)
            tables.operations[position].kinds = link.types & link.used
        case .condition: finishCondition(position, &types)
        case .unevaluatedItems, .unevaluatedProperties:
            if isTrivial(tables.links[Int(operation.b)]) { tables.operations[position].kinds = .none }
        case .anyTagged, .oneTagged, .constants: break
        }
    }

    func resolved(_ index: Int32) -> SchemaLink {
        let link = tables.links[Int(index)]
        return link.node < 0 ? link : self.link(to: link.node)
    }

    private mutating func finishCondition(_ position: Int, _ types: inout KindSet) {
        let first = tables.operations[position].a
        let condition = resolved(first)
        let consequent = resolved(first + 1)
        let alternative = resolved(first + 2)
        let always = condition.types & ~condition.used
        let never = ~condition.types
        let open = condition.types & condition.used
        types &= ~(always & ~consequent.types)
        types &= ~(never & ~alternative.types)
        types &= ~(open & ~consequent.types & ~alternative.types)
        let bothAllow = consequent.types & ~consequent.used & alternative.types & ~alternative.used
        tables.operations[position].kinds =
            (always & consequent.used) | (never & alternative.used) | (open & ~bothAllow)
    }

    /// Makes a run of those branches for each kind that may allow it.
    private mutating func finishChoice(_ position: Int, _ types: inout KindSet, isOne: Bool) {
        let operation = tables.operations[position]
        let branches = (operation.a..<operation.a + operation.b).map { resolved($0) }
        var kinds = KindSet.none
        let choices = tables.choices.count
        for kind in 0..<8 {
            let bit = KindSet(1) << KindSet(kind)
            tables.choices.append(SchemaRun(start: Int32(tables.links.count), count: 0))
            if types & bit == 0 { continue }
            let candidates = branches.filter { $0.types & bit != 0 }
            let certain = candidates.count { $0.used & bit == 0 }
            if candidates.isEmpty || isOne && certain > 1 {
                types &= ~bit
            } else if isOne ? certain == 1 && candidates.count == 1 : certain > 0 {
                continue
            } else {
                kinds |= bit
                tables.choices[choices + kind] = run(of: candidates)
            }
        }
        tables.operations[position].kinds = kinds
        tables.operations[position].a = Int32(choices)
        if kinds & .object != 0, tables.choices[choices + 7].count > 1 { addDiscriminator(position) }
    }

    mutating func run(of links: [SchemaLink]) -> SchemaRun {
        let start = tables.links.count
        tables.links += links
        return SchemaRun(start: Int32(start), count: Int32(links.count))
    }
}
