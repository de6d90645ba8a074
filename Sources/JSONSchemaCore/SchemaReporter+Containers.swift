// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaReporter {
    // MARK: Arrays

    mutating func checkArray(_ elements: [JSONValue], _ node: SchemaNode, _ index: SchemaIndex) {
        guard node.arrays >= 0 else { return }
        let rules = program.arrays[Int(node.arrays)]
        if let minimum = rules.minItems, elements.count < minimum {
            let needed = ValueText.count(minimum, "item", "items")
            report(index, "minItems", "must have at least \(needed), but has \(elements.count)")
        }
        if let maximum = rules.maxItems, elements.count > maximum {
            let allowed = ValueText.count(maximum, "item", "items")
            report(index, "maxItems", "must have at most \(allowed), but has \(elements.count)")
        }
        if rules.isUnique, let (first, second) = SchemaEquality.firstPair(in: elements) {
            report(index, "uniqueItems", "must not have equal items, but items \(first) and \(second) are equal")
        }
        if rules.contains >= 0 { checkContains(elements, rules, index) }
        let prefix = rules.prefix.indices
        for (position, element) in elements.enumerated() {
            if position < prefix.count {
                check(element, at: String(position), by: program.lists[prefix.lowerBound + position])
            } else if rules.items >= 0, program.nodes[Int(rules.items)].isFalse {
                let allowed = ValueText.count(prefix.count, "item", "items")
                report(index, rules.itemsKeyword, "must have at most \(allowed), but has \(elements.count)")
                break
            } else if rules.items >= 0 {
                check(element, at: String(position), by: rules.items)
            }
        }
    }

    private mutating func checkContains(_ elements: [JSONValue], _ rules: SchemaArrays, _ index: SchemaIndex) {
        var matches = 0
        for element in elements where program.accepts(element, by: rules.contains) { matches += 1 }
        if matches < rules.minContains {
            let keyword = rules.minContains == 1 ? "contains" : "minContains"
            let needed = ValueText.count(rules.minContains, "item that matches", "items that match")
            report(index, keyword, "must have at least \(needed) the schema of contains, but has \(matches)")
        }
        if let maximum = rules.maxContains, matches > maximum {
            let allowed = ValueText.count(maximum, "item that matches", "items that match")
            report(index, "maxContains", "must have at most \(allowed) the schema of contains, but has \(matches)")
        }
    }

    // MARK: Objects

    mutating func checkObject(_ object: JSONObject, _ node: SchemaNode, _ index: SchemaIndex) {
        guard node.objects >= 0 else { return }
        let rules = program.objects[Int(node.objects)]
        for (name, property) in zip(rules.names.names, rules.properties) where property.isRequired {
            if object[name] == nil { report(index, "required", "the property \(ValueText.quote(name)) is required") }
        }
        if let minimum = rules.minProperties, object.count < minimum {
            let needed = ValueText.count(minimum, "property", "properties")
            report(index, "minProperties", "must have at least \(needed), but has \(object.count)")
        }
        if let maximum = rules.maxProperties, object.count > maximum {
            let allowed = ValueText.count(maximum, "property", "properties")
            report(index, "maxProperties", "must have at most \(allowed), but has \(object.count)")
        }
        for member in object.members { checkMember(member, rules, index) }
        for dependency in rules.dependencies where object[dependency.name] != nil {
            for name in dependency.required where object[name] == nil {
                let (needed, given) = (ValueText.quote(name), ValueText.quote(dependency.name))
                report(index, dependency.keyword, "the property \(needed) is required where \(given) is")
            }
            if dependency.node >= 0 { check(.object(object), by: dependency.node) }
        }
    }

    private mutating func checkMember(_ member: JSONObject.Member, _ rules: SchemaObjects, _ index: SchemaIndex) {
        if rules.propertyNames >= 0, !program.accepts(.string(member.key), by: rules.propertyNames) {
            var inner = SchemaReporter(program: program, limit: 1)
            inner.check(.string(member.key), by: rules.propertyNames)
            let reason = inner.errors.first?.message ?? "is not allowed"
            report(index, "propertyNames", "the property name \(ValueText.quote(member.key)): \(reason)")
        }
        var isKnown = false
        let position = rules.names.position(of: member.key, hint: 0)
        if position >= 0, rules.properties[position].node >= 0 {
            isKnown = true
            check(member.value, at: member.key, by: rules.properties[position].node)
        }
        for (pattern, node) in rules.patterns where pattern.matches(member.key) {
            isKnown = true
            check(member.value, at: member.key, by: node)
        }
        if isKnown || rules.additional < 0 { return }
        if program.nodes[Int(rules.additional)].isFalse {
            reportUnknown(member.key, rules, index)
        } else {
            check(member.value, at: member.key, by: rules.additional)
        }
    }

    private mutating func reportUnknown(_ key: String, _ rules: SchemaObjects, _ index: SchemaIndex) {
        let names = zip(rules.names.names, rules.properties).filter { $1.node >= 0 }.map { ValueText.quote($0.0) }
        var allowed = names.isEmpty ? "no property is" : "allowed \(names.count == 1 ? "is" : "are") "
        allowed += names.prefix(20).joined(separator: ", ")
        if names.count > 20 { allowed += " and \(names.count - 20) others" }
        if !rules.patterns.isEmpty {
            allowed += names.isEmpty ? ", but those that match " : " and those that match "
            allowed += rules.patterns.map(\.pattern.text).joined(separator: " or ")
        }
        place.append(key)
        report(index, "additionalProperties", "the property is not allowed; \(allowed)")
        place.removeLast()
    }
}
