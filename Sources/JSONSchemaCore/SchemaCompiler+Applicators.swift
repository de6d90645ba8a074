// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaCompiler {
    // MARK: To the elements of arrays

    mutating func compileArrays(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        var rules = SchemaArrays()
        rules.minItems = try source.count("minItems")
        rules.maxItems = try source.count("maxItems")
        rules.isUnique = try source.flag("uniqueItems") ?? false
        try compileItems(source, &rules)
        rules.contains = try child("contains", source)
        rules.minContains = try source.count("minContains") ?? 1
        rules.maxContains = try source.count("maxContains")
        let hasRules =
            rules.minItems != nil || rules.maxItems != nil || rules.isUnique || !rules.prefix.isEmpty
            || rules.items >= 0 || rules.contains >= 0
        if hasRules { node.arrays = arrays.add(rules) }
    }

    private mutating func compileItems(_ source: SchemaSource, _ rules: inout SchemaArrays) throws(SchemaError) {
        if source.value("prefixItems") != nil { rules.prefix = try children("prefixItems", source) }
        guard let items = source.value("items") else { return }
        guard items.arrayValue != nil, dialect.hasArrayItems else {
            rules.items = try child("items", source)
            return
        }
        if !rules.prefix.isEmpty { throw source.error("items", "must be a schema where prefixItems is") }
        rules.prefix = try children("items", source, mayBeEmpty: true)
        rules.prefixKeyword = "items"
        rules.itemsKeyword = "additionalItems"
        rules.items = try child("additionalItems", source)
    }

    // MARK: To the members of objects

    mutating func compileObjects(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        var rules = SchemaObjects()
        rules.minProperties = try source.count("minProperties")
        rules.maxProperties = try source.count("maxProperties")
        try compileProperties(source, &rules)
        if let patterns = try source.members("patternProperties") {
            let location = source.location.appending("patternProperties")
            for member in patterns {
                let pattern = try pattern(member.key, "patternProperties", source)
                rules.patterns.append((pattern, try self.node(for: member.value, at: location.appending(member.key))))
            }
        }
        rules.additional = try child("additionalProperties", source)
        rules.propertyNames = try child("propertyNames", source)
        try compileDependencies(source, &rules)
        // A schema that allows everything need not be asked.
        if rules.additional >= 0, source.value("additionalProperties") == true { rules.additional = .none }
        rules.walksMembers =
            !rules.properties.isEmpty || !rules.patterns.isEmpty || rules.additional >= 0 || rules.propertyNames >= 0
        let hasRules =
            rules.walksMembers || rules.minProperties != nil || rules.maxProperties != nil
            || !rules.dependencies.isEmpty
        if hasRules { node.objects = objects.add(rules) }
    }

    private mutating func compileProperties(_ source: SchemaSource, _ rules: inout SchemaObjects) throws(SchemaError) {
        var names: [String] = []
        if let members = try source.members("properties") {
            let location = source.location.appending("properties")
            for member in members {
                names.append(member.key)
                let index = try node(for: member.value, at: location.appending(member.key))
                rules.properties.append(SchemaObjects.Property(node: index, isRequired: false))
            }
        }
        if let value = source.value("required") {
            let required = try source.strings("required", of: value)
            rules.requiredCount = required.count
            for name in required {
                if let position = names.firstIndex(where: { $0.hasSameBytes(as: name) }) {
                    rules.properties[position].isRequired = true
                } else {
                    names.append(name)
                    rules.properties.append(SchemaObjects.Property(node: .none, isRequired: true))
                }
            }
        }
        rules.names = KeyTable(names)
        let present = rules.properties.indices.filter { rules.properties[$0].node >= 0 }
        let leadsDeeper = present.contains { position in
            let node = nodes[Int(rules.properties[position].node)]
            return node.hasApplicators || node.arrays >= 0 || node.objects >= 0
        }
        guard leadsDeeper else { return }
        rules.discriminators = present.filter { position in
            let node = nodes[Int(rules.properties[position].node)]
            return node.constant >= 0 || node.enumeration >= 0
        }
    }

    private mutating func compileDependencies(
        _ source: SchemaSource, _ rules: inout SchemaObjects
    ) throws(SchemaError) {
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            guard let members = try source.members(keyword) else { continue }
            let location = source.location.appending(keyword)
            for member in members {
                var dependency = SchemaObjects.Dependency(
                    keyword: keyword, name: member.key, required: [], node: .none)
                let isList = keyword == "dependencies" && member.value.arrayValue != nil
                if keyword == "dependentRequired" || isList {
                    dependency.required = try source.strings(keyword, of: member.value)
                } else {
                    dependency.node = try node(for: member.value, at: location.appending(member.key))
                }
                rules.dependencies.append(dependency)
            }
        }
    }

    // MARK: To the same instance

    mutating func compileApplicators(_ source: SchemaSource, _ node: inout SchemaNode) throws(SchemaError) {
        node.allOf = try children("allOf", source)
        node.anyOf = try children("anyOf", source)
        node.oneOf = try children("oneOf", source)
        node.not = try child("not", source)
        node.condition = try child("if", source)
        // Without `if` the other two mean nothing (2020-12 core §10.2.2), but must be schemas still.
        let consequent = try child("then", source)
        let alternative = try child("else", source)
        if node.condition >= 0 { (node.consequent, node.alternative) = (consequent, alternative) }
        if !node.allOf.isEmpty || !node.anyOf.isEmpty || !node.oneOf.isEmpty || node.not >= 0 || node.condition >= 0 {
            node.hasApplicators = true
        }
    }

    private mutating func child(_ keyword: String, _ source: SchemaSource) throws(SchemaError) -> SchemaIndex {
        guard let schema = source.value(keyword) else { return .none }
        if dialect == .draft4, let allows = schema.boolValue {
            // Draft 4 has Booleans here and nowhere else.
            guard keyword == "additionalProperties" || keyword == "additionalItems" else {
                throw source.mismatch(keyword, "a schema", schema)
            }
            return allows ? .none : addFalse(at: source.location.appending(keyword))
        }
        return try node(for: schema, at: source.location.appending(keyword))
    }

    private mutating func addFalse(at location: JSONPointer) -> SchemaIndex {
        var node = SchemaNode()
        node.types = []
        node.isFalse = true
        locations.append(location)
        return nodes.add(node)
    }

    private mutating func children(
        _ keyword: String, _ source: SchemaSource, mayBeEmpty: Bool = false
    ) throws(SchemaError) -> SchemaRun {
        guard let schemas = try source.array(keyword) else { return SchemaRun() }
        if schemas.isEmpty && !mayBeEmpty { throw source.error(keyword, "must have one schema at least") }
        let location = source.location.appending(keyword)
        var indices: [SchemaIndex] = []
        for (position, schema) in schemas.enumerated() {
            indices.append(try node(for: schema, at: location.appending(position)))
        }
        let run = SchemaRun(start: Int32(lists.count), count: Int32(indices.count))
        lists += indices
        return run
    }
}
