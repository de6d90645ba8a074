// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaCompiler {
    /// The program of what was compiled.
    mutating func link() throws(SchemaError) -> SchemaProgram {
        var source = SchemaSources(
            documents: registry.documents, resources: registry.resources, sites: sites, isDynamic: isDynamic,
            scopes: scopes, targets: targets, patterns: patternIndices, formats: formatIndices,
            options: registry.options)
        var linker = SchemaLinker(tables)
        if let endless = linker.sort() {
            throw SchemaError(
                keyword: "$ref", location: source.location(of: endless),
                message: "the schema refers to itself without going into the instance, so it has no meaning")
        }
        if hasUnevaluated {
            // Before the links are filled in, since trackers have links too.
            var builder = SchemaTrackerBuilder(source, linker.tables)
            builder.build()
            linker.tables = builder.tables
            source.trackers = builder.found
        }
        linker.link()
        if !targets.isEmpty {
            var recursion = SchemaRecursion(linker.tables)
            for node in recursion.remembered() { linker.tables.nodes[node].isRemembered = true }
        }
        return SchemaProgram(linker.tables, root: linker.link(to: 0), rootNode: 0, source: source)
    }
}
