// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A row of values that do not change, outside of Swift's arrays and so without their checks.
struct Row<Element> {
    let start: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        start = .allocate(capacity: max(1, count))
        _ = UnsafeMutableBufferPointer(start: start, count: count).initialize(fromContentsOf: elements)
    }

    func deallocate() {
        start.deinitialize(count: count)
        start.deallocate()
    }
}

/// The tables of a program while it is made.
struct SchemaTables {
    var nodes: [SchemaNode] = []
    var links: [SchemaLink] = []
    var operations: [SchemaOperation] = []
    var choices: [SchemaRun] = []
    var discriminators: [SchemaDiscriminator] = []
    var strings: [SchemaStringRules] = []
    var numbers: [SchemaNumberRules] = []
    var arrays: [SchemaArrayRules] = []
    var objects: [SchemaObjectRules] = []
    var dependencies: [SchemaDependency] = []
    var needs: [SchemaNeed] = []
    var patternLinks: [SchemaPatternLink] = []
    var tables: [NameTable] = []
    var entries: [NameEntry] = []
    var constants: [SchemaConstant] = []
    var divisors: [SchemaDivisor] = []
    var patterns: [SchemaPattern] = []
    var formats: [SchemaFormat] = []
    var trackers: [SchemaTracker] = []
    var trackerSteps: [SchemaTrackerStep] = []
}

/// A value of `const` or `enum` where it stands in its document.
struct SchemaConstant {
    let slot: UnsafePointer<JSONSlot>
    let text: UnsafePointer<UInt8>
}

/// Where a node comes from.
struct SchemaSite: Sendable {
    var document: Int32
    var position: Int32
    var scope: Int32
    var resource: Int32
}

/// A compiled schema: flat tables, so that checking an instance follows indices and allocates nothing.
///
/// `@unchecked`: nothing changes once it is made.
final class SchemaProgram: @unchecked Sendable {
    let root: SchemaLink
    let rootNode: Int
    let nodes: Row<SchemaNode>
    let links: Row<SchemaLink>
    let operations: Row<SchemaOperation>
    let choices: Row<SchemaRun>
    let discriminators: Row<SchemaDiscriminator>
    let strings: Row<SchemaStringRules>
    let numbers: Row<SchemaNumberRules>
    let arrays: Row<SchemaArrayRules>
    let objects: Row<SchemaObjectRules>
    let dependencies: Row<SchemaDependency>
    let needs: Row<SchemaNeed>
    let patternLinks: Row<SchemaPatternLink>
    let tables: Row<NameTable>
    let entries: Row<NameEntry>
    let constants: Row<SchemaConstant>
    let divisors: Row<SchemaDivisor>
    let patterns: Row<SchemaPattern>
    let formats: Row<SchemaFormat>
    let trackers: Row<SchemaTracker>
    let trackerSteps: Row<SchemaTrackerStep>
    /// For errors only: where the nodes come from, and what is needed to read the schema again.
    let source: SchemaSources

    init(_ tables: SchemaTables, root: SchemaLink, rootNode: Int, source: SchemaSources) {
        self.root = root
        self.rootNode = rootNode
        nodes = Row(tables.nodes)
        links = Row(tables.links)
        operations = Row(tables.operations)
        choices = Row(tables.choices)
        discriminators = Row(tables.discriminators)
        strings = Row(tables.strings)
        numbers = Row(tables.numbers)
        arrays = Row(tables.arrays)
        objects = Row(tables.objects)
        dependencies = Row(tables.dependencies)
        needs = Row(tables.needs)
        patternLinks = Row(tables.patternLinks)
        self.tables = Row(tables.tables)
        entries = Row(tables.entries)
        constants = Row(tables.constants)
        divisors = Row(tables.divisors)
        patterns = Row(tables.patterns)
        formats = Row(tables.formats)
        trackers = Row(tables.trackers)
        trackerSteps = Row(tables.trackerSteps)
        self.source = source
    }

    deinit {
        nodes.deallocate()
        links.deallocate()
        operations.deallocate()
        choices.deallocate()
        discriminators.deallocate()
        strings.deallocate()
        numbers.deallocate()
        arrays.deallocate()
        objects.deallocate()
        dependencies.deallocate()
        needs.deallocate()
        patternLinks.deallocate()
        tables.deallocate()
        entries.deallocate()
        constants.deallocate()
        divisors.deallocate()
        patterns.deallocate()
        formats.deallocate()
        trackers.deallocate()
        trackerSteps.deallocate()
    }
}
