// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// What a schema evaluates of an instance that is valid by it (2020-12 core §11): with what applies in any case taken
/// together, and one step for each part that depends on the instance.
struct SchemaTracker {
    /// In `tables`, -1 for none: the properties.
    var table: Int32 = -1
    /// In `patternLinks`: patterns of properties.
    var patterns = SchemaRun()
    var evaluatesAllProperties = false
    var prefix = 0
    var evaluatesAllItems = false
    /// In `trackerSteps`.
    var steps = SchemaRun()
}

struct SchemaTrackerStep {
    enum Code {
        /// `tracker` where `link` allows the instance, else `other`.
        case choice
        /// `tracker` where the property `name` is there.
        case presence
        /// The elements that `link` allows.
        case contains
    }

    var code: Code
    var link = SchemaLink.all
    var tracker: Int32 = -1
    var other: Int32 = -1
    var name = NameEntry()
}

/// Makes trackers for the nodes with `unevaluatedItems` and `unevaluatedProperties`.
struct SchemaTrackerBuilder {
    /// A tracker that is still open for more.
    private struct Draft {
        var names: [NameEntry] = []
        var patterns: [SchemaPatternLink] = []
        var evaluatesAllProperties = false
        var prefix = 0
        var evaluatesAllItems = false
        var steps: [SchemaTrackerStep] = []
    }

    let source: SchemaSources
    var tables: SchemaTables
    /// By node, with its own unevaluated keywords.
    private var trackers: [Int32: Int32] = [:]
    /// By node and keyword, without the node's own unevaluated keywords.
    private(set) var found: [SchemaReferenceKey: Int32] = [:]

    init(_ source: SchemaSources, _ tables: SchemaTables) {
        self.source = source
        self.tables = tables
    }

    mutating func build() {
        for index in tables.nodes.indices {
            for position in tables.nodes[index].operations.indices {
                let code = tables.operations[position].code
                guard code == .unevaluatedItems || code == .unevaluatedProperties else { continue }
                var draft = Draft()
                add(Int32(index), to: &draft, isOuter: true)
                let tracker = finish(draft)
                tables.operations[position].a = tracker
                let keyword = code == .unevaluatedItems ? SchemaKeyword.unevaluatedItems : .unevaluatedProperties
                found[SchemaReferenceKey(node: Int32(index), keyword: keyword)] = tracker
            }
        }
    }

    private mutating func tracker(_ node: Int32?) -> Int32 {
        guard let node else { return -1 }
        if let known = trackers[node] { return known }
        var draft = Draft()
        add(node, to: &draft, isOuter: false)
        let index = finish(draft)
        trackers[node] = index
        return index
    }

    private mutating func finish(_ draft: Draft) -> Int32 {
        var tracker = SchemaTracker()
        tracker.evaluatesAllProperties = draft.evaluatesAllProperties
        tracker.evaluatesAllItems = draft.evaluatesAllItems
        tracker.prefix = draft.prefix
        var names: [NameEntry] = []
        var seen: Set<ByteKey> = []
        for name in draft.names where seen.insert(ByteKey(name.text)).inserted { names.append(name) }
        if !names.isEmpty {
            tables.tables.append(NameTable(names, into: &tables.entries))
            tracker.table = Int32(tables.tables.count - 1)
        }
        tracker.patterns = SchemaRun(start: Int32(tables.patternLinks.count), count: Int32(draft.patterns.count))
        tables.patternLinks += draft.patterns
        tracker.steps = SchemaRun(start: Int32(tables.trackerSteps.count), count: Int32(draft.steps.count))
        tables.trackerSteps += draft.steps
        tables.trackers.append(tracker)
        return Int32(tables.trackers.count - 1)
    }

    /// Adds what a node evaluates.
    ///
    /// - Parameter isOuter: leaves out the node's own unevaluated keywords, which this is for.
    private mutating func add(_ index: Int32, to draft: inout Draft, isOuter: Bool) {
        guard let lookup = SchemaLookup(source, index) else { return }
        addProperties(lookup, &draft)
        addItems(lookup, &draft)
        if !isOuter {
            if lookup.value(.unevaluatedProperties) != nil { draft.evaluatesAllProperties = true }
            if lookup.value(.unevaluatedItems) != nil { draft.evaluatesAllItems = true }
        }
        for keyword in [SchemaKeyword.ref, .dynamicRef, .recursiveRef] {
            guard lookup.value(keyword) != nil else { continue }
            let target = source.targets[SchemaReferenceKey(node: index, keyword: keyword)]
            if let target { add(target, to: &draft, isOuter: false) }
        }
        for node in lookup.nodes(.allOf) { add(node, to: &draft, isOuter: false) }
        addConditional(lookup, &draft)
    }

    private mutating func addConditional(_ lookup: SchemaLookup, _ draft: inout Draft) {
        for node in lookup.nodes(.anyOf) + lookup.nodes(.oneOf) {
            let step = SchemaTrackerStep(code: .choice, link: SchemaLink(to: node), tracker: tracker(node))
            draft.steps.append(step)
        }
        if let condition = lookup.node(.if) {
            let link = SchemaLink(to: condition)
            draft.steps.append(SchemaTrackerStep(code: .choice, link: link, tracker: tracker(condition)))
            let consequent = tracker(lookup.node(.then))
            let alternative = tracker(lookup.node(.else))
            draft.steps.append(
                SchemaTrackerStep(code: .choice, link: link, tracker: consequent, other: alternative))
        }
        for keyword in [SchemaKeyword.dependentSchemas, .dependencies] {
            for name in lookup.members(keyword) where lookup.view[name + 1].kind != .array {
                var step = SchemaTrackerStep(code: .presence, tracker: tracker(lookup.node(at: name + 1)))
                step.name = NameEntry(lookup.view.bytes(lookup.view[name]))
                draft.steps.append(step)
            }
        }
    }

    private func addProperties(_ lookup: SchemaLookup, _ draft: inout Draft) {
        for name in lookup.members(.properties) {
            draft.names.append(NameEntry(lookup.view.bytes(lookup.view[name])))
        }
        for name in lookup.members(.patternProperties) {
            if let pattern = source.patterns[ByteKey(lookup.view.string(name))] {
                draft.patterns.append(SchemaPatternLink(pattern: pattern, link: .all))
            }
        }
        if lookup.value(.additionalProperties) != nil { draft.evaluatesAllProperties = true }
    }

    private func addItems(_ lookup: SchemaLookup, _ draft: inout Draft) {
        draft.prefix = max(draft.prefix, lookup.nodes(.prefixItems).count)
        if let items = lookup.value(.items) {
            if lookup.view[items].kind == .array {
                draft.prefix = max(draft.prefix, lookup.view[items].length)
                if lookup.value(.additionalItems) != nil { draft.evaluatesAllItems = true }
            } else {
                draft.evaluatesAllItems = true
            }
        }
        // From 2020-12 on, what contains finds is evaluated.
        if lookup.reading.dialect >= .draft2020, let contained = lookup.node(.contains) {
            draft.steps.append(SchemaTrackerStep(code: .contains, link: SchemaLink(to: contained)))
        }
    }
}
