// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaProgram {
    /// Fills missing properties in.
    ///
    /// - Parameter inserting: the nodes whose defaults are being filled in further out. None is inserted within
    ///   itself, or a recursive schema would never end.
    func filled(_ value: JSONValue, by index: SchemaIndex, inserting: [SchemaIndex]) -> JSONValue {
        let node = nodes[Int(index)]
        var result = value
        switch value {
        case .object(let object) where node.objects >= 0:
            result = .object(filled(object, objects[Int(node.objects)], inserting))
        case .array(let elements) where node.arrays >= 0:
            result = .array(filled(elements, arrays[Int(node.arrays)], inserting))
        default: break
        }
        return node.reference < 0 ? result : filled(result, by: node.reference, inserting: inserting)
    }

    private func filled(_ object: JSONObject, _ rules: SchemaObjects, _ inserting: [SchemaIndex]) -> JSONObject {
        var result = object
        for (name, property) in zip(rules.names.names, rules.properties) where property.node >= 0 {
            if let present = object[name] {
                result[name] = filled(present, by: property.node, inserting: inserting)
            } else if !inserting.contains(property.node), let value = defaultValue(of: property.node) {
                result[name] = filled(value, by: property.node, inserting: inserting + [property.node])
            }
        }
        return result
    }

    private func filled(_ elements: [JSONValue], _ rules: SchemaArrays, _ inserting: [SchemaIndex]) -> [JSONValue] {
        let prefix = rules.prefix.indices
        return elements.enumerated().map { position, element in
            let index = position < prefix.count ? lists[prefix.lowerBound + position] : rules.items
            return index < 0 ? element : filled(element, by: index, inserting: inserting)
        }
    }

    /// The `default` of a node, or of the one that it refers to.
    private func defaultValue(of index: SchemaIndex) -> JSONValue? {
        var index = index
        while index >= 0 {
            if let value = defaults[index] { return value }
            index = nodes[Int(index)].reference
        }
        return nil
    }
}
