// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Finds the way to the defaults of a compiled schema. Works from a queue: references may form chains of any length.
struct SchemaDefaultsBuilder {
    private let source: SchemaSources
    private var places: [SchemaDefaults.Place] = []
    /// The place of a node.
    private var numbers: [Int32: Int32] = [:]
    private var queue: [Int32] = []

    static func build(_ source: SchemaSources, root: Int32) -> SchemaDefaults {
        guard source.documents.contains(where: { $0.mentions("default") }) else { return .none }
        var builder = SchemaDefaultsBuilder(source: source)
        let start = builder.number(of: root)
        while !builder.queue.isEmpty { builder.visit(builder.queue.removeLast()) }
        let useful = builder.usefulPlaces()
        builder.prune(useful)
        return SchemaDefaults(places: builder.places, root: useful[Int(start)] ? start : -1)
    }

    private init(source: SchemaSources) { self.source = source }

    private mutating func number(of node: Int32) -> Int32 {
        if let known = numbers[node] { return known }
        let number = Int32(places.count)
        numbers[node] = number
        places.append(SchemaDefaults.Place())
        queue.append(node)
        return number
    }

    private mutating func visit(_ node: Int32) {
        guard let lookup = SchemaLookup(source, node) else { return }
        var place = SchemaDefaults.Place()
        for name in lookup.members(.properties) {
            guard let child = lookup.node(at: name + 1) else { continue }
            place.properties.append(
                .init(name: lookup.view.string(name), place: number(of: child), value: defaultValue(of: child)))
        }
        let isList = lookup.value(.items).map { lookup.view[$0].kind == .array } ?? false
        place.prefix = lookup.nodes(isList ? .items : .prefixItems).map { number(of: $0) }
        place.items = lookup.node(isList ? .additionalItems : .items).map { number(of: $0) } ?? -1
        place.target = target(of: node).map { number(of: $0) } ?? -1
        places[Int(number(of: node))] = place
    }

    private func target(of node: Int32) -> Int32? {
        for keyword in [SchemaKeyword.ref, .dynamicRef, .recursiveRef] {
            if let target = source.targets[SchemaReferenceKey(node: node, keyword: keyword)] { return target }
        }
        return nil
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

    /// The places from which a default can be reached.
    private func usefulPlaces() -> [Bool] {
        var callers = [[Int32]](repeating: [], count: places.count)
        var useful = [Bool](repeating: false, count: places.count)
        var pending: [Int32] = []
        for (number, place) in places.enumerated() {
            for next in Self.ways(from: place) where next >= 0 { callers[Int(next)].append(Int32(number)) }
            if place.properties.contains(where: { $0.value != nil }) { pending.append(Int32(number)) }
        }
        while let number = pending.popLast() {
            if useful[Int(number)] { continue }
            useful[Int(number)] = true
            pending += callers[Int(number)]
        }
        return useful
    }

    private static func ways(from place: SchemaDefaults.Place) -> [Int32] {
        place.properties.map(\.place) + place.prefix + [place.items, place.target]
    }

    private mutating func prune(_ useful: [Bool]) {
        let kept = { (number: Int32) in number >= 0 && useful[Int(number)] ? number : -1 }
        for index in places.indices {
            places[index].properties = places[index].properties.compactMap { property in
                var property = property
                property.place = kept(property.place)
                return property.place < 0 && property.value == nil ? nil : property
            }
            places[index].prefix = places[index].prefix.map(kept)
            places[index].items = kept(places[index].items)
            places[index].target = kept(places[index].target)
            if places[index].prefix.allSatisfy({ $0 < 0 }), places[index].items < 0 { places[index].prefix = [] }
        }
    }
}

extension SchemaDocument {
    /// Whether a string or a name of the document is `word`.
    fileprivate func mentions(_ word: StaticString) -> Bool {
        (0..<count).contains { position in
            let slot = view[position]
            return slot.kind == .string && slot.length == word.utf8CodeUnitCount
                && view.bytes(slot).elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: slot.length))
        }
    }
}
