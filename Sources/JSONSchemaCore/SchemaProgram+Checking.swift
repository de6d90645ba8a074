// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// The fast answer: whether an instance is valid, and nothing about why.
extension SchemaProgram {
    func accepts(_ value: JSONValue, by index: SchemaIndex) -> Bool {
        let node = nodes[Int(index)]
        guard node.types.allows(value) else { return false }
        if node.isOnlyTypes { return true }
        if node.constant >= 0, !enumerations[Int(node.constant)].contains(value) { return false }
        if node.enumeration >= 0, !enumerations[Int(node.enumeration)].contains(value) { return false }
        let isAccepted =
            switch value {
            case .integer(let number):
                node.numbers < 0 || accepts(.integer(number), numbers: numbers[Int(node.numbers)])
            case .number(let number):
                node.numbers < 0 || accepts(.double(number), numbers: numbers[Int(node.numbers)])
            case .string(let text): node.strings < 0 || strings[Int(node.strings)].accepts(text)
            case .array(let elements): node.arrays < 0 || accepts(elements, arrays: arrays[Int(node.arrays)])
            case .object(let object): node.objects < 0 || accepts(object, objects: objects[Int(node.objects)])
            case .null, .bool: true
            }
        return isAccepted && (!node.hasApplicators || acceptsByApplicators(value, node))
    }

    private func acceptsByApplicators(_ value: JSONValue, _ node: SchemaNode) -> Bool {
        if node.reference >= 0, !accepts(value, by: node.reference) { return false }
        for index in node.allOf.indices where !accepts(value, by: lists[index]) { return false }
        if node.not >= 0, accepts(value, by: node.not) { return false }
        if node.condition >= 0 {
            let branch = accepts(value, by: node.condition) ? node.consequent : node.alternative
            if branch >= 0, !accepts(value, by: branch) { return false }
        }
        if !node.anyOf.isEmpty, !node.anyOf.indices.contains(where: { accepts(value, by: lists[$0]) }) { return false }
        if !node.oneOf.isEmpty {
            var matches = 0
            for index in node.oneOf.indices where accepts(value, by: lists[index]) {
                matches += 1
                if matches > 1 { return false }
            }
            if matches == 0 { return false }
        }
        return true
    }

    private func accepts(_ number: SchemaNumber, numbers rules: SchemaNumbers) -> Bool {
        if let minimum = rules.minimum, number < minimum { return false }
        if let maximum = rules.maximum, maximum < number { return false }
        if let bound = rules.exclusiveMinimum, !(bound < number) { return false }
        if let bound = rules.exclusiveMaximum, !(number < bound) { return false }
        if let divisor = rules.multipleOf, !divisor.divides(number) { return false }
        return true
    }

    private func accepts(_ elements: [JSONValue], arrays rules: borrowing SchemaArrays) -> Bool {
        if let minimum = rules.minItems, elements.count < minimum { return false }
        if let maximum = rules.maxItems, elements.count > maximum { return false }
        let prefix = rules.prefix.indices
        for (index, element) in zip(prefix, elements) where !accepts(element, by: lists[index]) { return false }
        if rules.items >= 0 {
            for position in stride(from: prefix.count, to: elements.count, by: 1)
            where !accepts(elements[position], by: rules.items) { return false }
        }
        if rules.contains >= 0, !acceptsCount(of: elements, rules) { return false }
        return !rules.isUnique || SchemaEquality.firstPair(in: elements) == nil
    }

    private func acceptsCount(of elements: [JSONValue], _ rules: borrowing SchemaArrays) -> Bool {
        var matches = 0
        for element in elements where accepts(element, by: rules.contains) { matches += 1 }
        return matches >= rules.minContains && matches <= rules.maxContains ?? .max
    }

    private func accepts(_ object: JSONObject, objects rules: borrowing SchemaObjects) -> Bool {
        if let minimum = rules.minProperties, object.count < minimum { return false }
        if let maximum = rules.maxProperties, object.count > maximum { return false }
        for position in rules.discriminators {
            let node = nodes[Int(rules.properties[position].node)]
            guard let value = object[rules.names.names[position]] else { continue }
            if node.constant >= 0, !enumerations[Int(node.constant)].contains(value) { return false }
            if node.enumeration >= 0, !enumerations[Int(node.enumeration)].contains(value) { return false }
        }
        if rules.walksMembers {
            var required = 0
            var hint = 0
            for member in object.members {
                let position = rules.names.position(of: member.key, hint: hint)
                if position >= 0, rules.properties[position].isRequired { required += 1 }
                if !acceptsMember(member, at: position, rules) { return false }
                hint = position + 1
            }
            if required < rules.requiredCount { return false }
        }
        for dependency in rules.dependencies where object[dependency.name] != nil {
            for name in dependency.required where object[name] == nil { return false }
            if dependency.node >= 0, !accepts(.object(object), by: dependency.node) { return false }
        }
        return true
    }

    @inline(__always)
    private func acceptsMember(_ member: JSONObject.Member, at position: Int, _ rules: borrowing SchemaObjects) -> Bool
    {
        if rules.propertyNames >= 0, !accepts(.string(member.key), by: rules.propertyNames) { return false }
        var isKnown = false
        if position >= 0, rules.properties[position].node >= 0 {
            isKnown = true
            if !accepts(member.value, by: rules.properties[position].node) { return false }
        }
        for (pattern, node) in rules.patterns where pattern.matches(member.key) {
            isKnown = true
            if !accepts(member.value, by: node) { return false }
        }
        return isKnown || rules.additional < 0 || accepts(member.value, by: rules.additional)
    }
}

extension SchemaStrings {
    func accepts(_ text: String) -> Bool {
        if let minLength, !Self.hasScalars(text, atLeast: minLength) { return false }
        if let maxLength, !Self.hasScalars(text, atMost: maxLength) { return false }
        return pattern?.matches(text) ?? true
    }

    /// Lengths count Unicode scalars (2020-12 validation §6.3.1), of which each has one to four bytes.
    static func hasScalars(_ text: String, atLeast minimum: Int) -> Bool {
        let bytes = text.utf8.count
        return bytes >= minimum && (bytes / 4 >= minimum || text.unicodeScalars.count >= minimum)
    }

    static func hasScalars(_ text: String, atMost maximum: Int) -> Bool {
        text.utf8.count <= maximum || text.unicodeScalars.count <= maximum
    }
}
