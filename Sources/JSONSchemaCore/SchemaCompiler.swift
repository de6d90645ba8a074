// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Turns a schema document into a program, once.
struct SchemaCompiler {
    let document: JSONValue
    let dialect: SchemaDialect
    /// The `$id` of the document, without its fragment; references to it are local.
    var identifier = ""

    var nodes: [SchemaNode] = []
    var lists: [SchemaIndex] = []
    var enumerations: [SchemaEnumeration] = []
    var numbers: [SchemaNumbers] = []
    var strings: [SchemaStrings] = []
    var arrays: [SchemaArrays] = []
    var objects: [SchemaObjects] = []
    var locations: [JSONPointer] = []
    var defaults: [SchemaIndex: JSONValue] = [:]
    var nodeByLocation: [JSONPointer: SchemaIndex] = [:]
    var anchors: [String: SchemaIndex] = [:]
    var references: [(node: SchemaIndex, text: String, source: SchemaSource)] = []

    static func compile(_ document: JSONValue) throws(SchemaError) -> SchemaProgram {
        var dialect = SchemaDialect.unstated
        if let value = document["$schema"] {
            guard let stated = value.stringValue.flatMap(SchemaDialect.init(identifier:)) else {
                throw SchemaError(
                    keyword: "$schema", location: JSONPointer(tokens: ["$schema"]),
                    message: "must be draft 4, 6, 7, 2019-09 or 2020-12, but is \(ValueText.describe(value))")
            }
            dialect = stated
        }
        var compiler = SchemaCompiler(document: document, dialect: dialect)
        _ = try compiler.node(for: document, at: JSONPointer())
        try compiler.resolveReferences()
        try compiler.refuseEndlessLoops()
        return SchemaProgram(
            nodes: compiler.nodes, lists: compiler.lists, enumerations: compiler.enumerations,
            numbers: compiler.numbers, strings: compiler.strings, arrays: compiler.arrays, objects: compiler.objects,
            locations: compiler.locations, defaults: compiler.defaults)
    }

    init(document: JSONValue, dialect: SchemaDialect) {
        self.document = document
        self.dialect = dialect
    }

    /// The node of the schema at `location`, compiled when it is new.
    mutating func node(for schema: JSONValue, at location: JSONPointer) throws(SchemaError) -> SchemaIndex {
        if let known = nodeByLocation[location] { return known }
        let index = SchemaIndex(nodes.count)
        nodes.append(SchemaNode())
        locations.append(location)
        nodeByLocation[location] = index
        switch schema {
        case .bool(let allows) where dialect != .draft4:
            nodes[Int(index)].types = allows ? .all : []
            nodes[Int(index)].isFalse = !allows
        case .object(let object):
            let source = SchemaSource(object: object, location: location, dialect: dialect)
            try compile(source, into: index)
        default:
            throw SchemaError(
                keyword: "", location: location,
                message: "a schema must be an object or a boolean, but is \(ValueText.describe(schema))")
        }
        return index
    }

    private mutating func compile(_ source: SchemaSource, into index: SchemaIndex) throws(SchemaError) {
        if let reference = try source.text("$ref") {
            references.append((index, reference, source))
            nodes[Int(index)].hasApplicators = true
            nodes[Int(index)].isOnlyTypes = false
            if dialect.referenceStandsAlone { return }
        }
        try refuseWhatCannotBeEnforced(source)
        try compileIdentity(source, index)
        try compileDefinitions(source)
        if let value = source.value("default") { defaults[index] = value }
        var node = nodes[Int(index)]
        try compileTypes(source, &node)
        try compileNumbers(source, &node)
        try compileStrings(source, &node)
        try compileArrays(source, &node)
        try compileObjects(source, &node)
        try compileApplicators(source, &node)
        node.isOnlyTypes =
            !node.hasApplicators && node.constant < 0 && node.enumeration < 0 && node.numbers < 0 && node.strings < 0
            && node.arrays < 0 && node.objects < 0
        nodes[Int(index)] = node
    }

    private func refuseWhatCannotBeEnforced(_ source: SchemaSource) throws(SchemaError) {
        for keyword in ["$dynamicRef", "$recursiveRef", "unevaluatedItems", "unevaluatedProperties"] {
            guard let value = source.value(keyword) else { continue }
            // `true` allows everything, so there is nothing to enforce.
            if keyword.hasPrefix("unevaluated"), value == true { continue }
            throw source.error(keyword, "\(keyword) is not supported")
        }
    }

    /// `$id` and the anchors.
    private mutating func compileIdentity(_ source: SchemaSource, _ index: SchemaIndex) throws(SchemaError) {
        for keyword in ["$id", "id"] {
            guard let text = try source.text(keyword) else { continue }
            if text.hasPrefix("#") && dialect <= .draft7 {
                // Up to draft 7 a fragment alone is an anchor.
                anchors[String(text.dropFirst())] = index
            } else if source.location.isRoot {
                identifier = text.hasSuffix("#") ? String(text.dropLast()) : text
            } else {
                throw source.error(keyword, "a schema within a schema cannot have an \(keyword) of its own")
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let name = try source.text(keyword) { anchors[name] = index }
        }
    }

    private mutating func compileDefinitions(_ source: SchemaSource) throws(SchemaError) {
        for keyword in ["$defs", "definitions"] {
            guard let members = try source.members(keyword) else { continue }
            let location = source.location.appending(keyword)
            for member in members { _ = try node(for: member.value, at: location.appending(member.key)) }
        }
    }

    private mutating func compileTypes(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        if let value = source.value("type") {
            let names = value.arrayValue ?? [value]
            node.types = []
            for name in names {
                guard let type = name.stringValue.flatMap(TypeSet.init(name:)) else {
                    throw source.error(
                        "type",
                        "must be null, boolean, integer, number, string, array or object, but is \(ValueText.describe(name))"
                    )
                }
                node.types.formUnion(type)
            }
            if names.isEmpty { throw source.error("type", "must name one type at least") }
        }
        if let value = source.value("const") { node.constant = enumerations.add(SchemaEnumeration([value])) }
        if let values = try source.array("enum") {
            if values.isEmpty { throw source.error("enum", "must have one value at least") }
            node.enumeration = enumerations.add(SchemaEnumeration(values))
        }
    }

    private mutating func compileNumbers(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        var rules = SchemaNumbers()
        rules.minimum = try source.number("minimum")
        rules.maximum = try source.number("maximum")
        if dialect.hasBooleanExclusives {
            if try source.flag("exclusiveMinimum") == true {
                (rules.exclusiveMinimum, rules.minimum) = (rules.minimum, nil)
            }
            if try source.flag("exclusiveMaximum") == true {
                (rules.exclusiveMaximum, rules.maximum) = (rules.maximum, nil)
            }
        } else {
            rules.exclusiveMinimum = try source.number("exclusiveMinimum")
            rules.exclusiveMaximum = try source.number("exclusiveMaximum")
        }
        if let number = try source.number("multipleOf") {
            guard let divisor = SchemaDivisor(number) else {
                throw source.error("multipleOf", "must be greater than 0")
            }
            rules.multipleOf = divisor
        }
        let keywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
        if keywords.contains(where: { source.object[$0] != nil }) { node.numbers = numbers.add(rules) }
    }

    private mutating func compileStrings(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        var rules = SchemaStrings()
        rules.minLength = try source.count("minLength")
        rules.maxLength = try source.count("maxLength")
        if let text = try source.text("pattern") { rules.pattern = try pattern(text, "pattern", source) }
        if rules.minLength != nil || rules.maxLength != nil || rules.pattern != nil {
            node.strings = strings.add(rules)
        }
    }

    func pattern(_ text: String, _ keyword: String, _ source: SchemaSource) throws(SchemaError) -> SchemaPattern {
        do {
            return try SchemaPattern(text)
        } catch {
            throw source.error(keyword, "\(ValueText.quote(text)) is not a pattern that can be compiled: \(error)")
        }
    }
}

extension Array {
    /// Appends `element` and returns its index.
    mutating func add(_ element: Element) -> SchemaIndex {
        append(element)
        return SchemaIndex(count - 1)
    }
}
