// SPDX-License-Identifier: Apache-2.0

/// Which types a type leads to, and which of them are better written once.
struct TypeGraph {
    /// A type used in several places is written once when it is heavier than this, counted in schemas; models read a
    /// small one more easily where it is used.
    private static let inlineWeight = 8

    private let entries: [ObjectIdentifier: TypeProber.Entry]
    private var uses: [ObjectIdentifier: Int] = [:]
    private var weights: [ObjectIdentifier: Int] = [:]
    private var onTheWay: Set<ObjectIdentifier> = []
    /// Types that lead back to themselves, as many as it takes to cut every circle.
    private(set) var recursive: Set<ObjectIdentifier> = []

    init(_ root: ObjectIdentifier?, _ node: SchemaNode, _ entries: [ObjectIdentifier: TypeProber.Entry]) {
        self.entries = entries
        if let root { onTheWay.insert(root) }
        _ = visit(node)
    }

    /// The types that belong in `$defs`.
    var shared: Set<ObjectIdentifier> {
        let heavy = uses.filter { $0.value > 1 && weights[$0.key] ?? 0 > Self.inlineWeight }
        return recursive.union(heavy.keys)
    }

    /// - Returns: how many schemas the node is, with those in it.
    private mutating func visit(_ node: SchemaNode) -> Int {
        guard case .type(let id) = node else { return node.children.reduce(1) { $0 + visit($1) } }
        uses[id, default: 0] += 1
        if onTheWay.contains(id) {
            recursive.insert(id)
            return 1
        }
        if let weight = weights[id] { return weight }
        onTheWay.insert(id)
        let weight = entries[id]?.node.map { visit($0) } ?? 1
        onTheWay.remove(id)
        weights[id] = weight
        return weight
    }
}
