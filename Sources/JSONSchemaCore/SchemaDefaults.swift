// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Fills missing properties in.
struct SchemaDefaults {
    let source: SchemaSources

    /// - Parameter inserting: the nodes whose defaults are being filled in further out. None is inserted within
    ///   itself, or a recursive schema would never end.
    func filled(_ value: JSONValue, by node: Int32, inserting: [Int32]) -> JSONValue {
        guard let lookup = SchemaLookup(source, node) else { return value }
        var result = value
        switch value {
        case .object(let object): result = .object(filled(object, lookup, inserting))
        case .array(let elements): result = .array(filled(elements, lookup, inserting))
        default: return value
        }
        guard let target = target(of: node) else { return result }
        return filled(result, by: target, inserting: inserting)
    }

    private func target(of node: Int32) -> Int32? {
        for keyword in [SchemaKeyword.ref, .dynamicRef, .recursiveRef] {
            if let target = source.targets[SchemaReferenceKey(node: node, keyword: keyword)] { return target }
        }
        return nil
    }

    private func filled(_ object: JSONObject, _ lookup: SchemaLookup, _ inserting: [Int32]) -> JSONObject {
        var result = object
        for name in lookup.members(.properties) {
            guard let node = lookup.node(at: name + 1) else { continue }
            let key = lookup.view.string(name)
            if let present = object[key] {
                result[key] = filled(present, by: node, inserting: inserting)
            } else if !inserting.contains(node), let value = defaultValue(of: node) {
                result[key] = filled(value, by: node, inserting: inserting + [node])
            }
        }
        return result
    }

    private func filled(_ elements: [JSONValue], _ lookup: SchemaLookup, _ inserting: [Int32]) -> [JSONValue] {
        let isList = lookup.value(.items).map { lookup.view[$0].kind == .array } ?? false
        let prefix = lookup.nodes(isList ? .items : .prefixItems)
        let rest = lookup.node(isList ? .additionalItems : .items)
        return elements.enumerated().map { index, element in
            let node = index < prefix.count ? prefix[index] : rest
            return node.map { filled(element, by: $0, inserting: inserting) } ?? element
        }
    }

    /// The `default` of a node, or of the one that it refers to.
    private func defaultValue(of node: Int32) -> JSONValue? {
        var node: Int32? = node
        while let current = node, let lookup = SchemaLookup(source, current) {
            if let value = lookup.value(.default) { return JSONValue(lookup.view, at: value) }
            node = target(of: current)
        }
        return nil
    }
}
