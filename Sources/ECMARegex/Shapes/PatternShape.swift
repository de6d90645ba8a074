// SPDX-License-Identifier: Apache-2.0

/// What a simple pattern comes to, found without building a program.
enum PatternShape: Sendable {
    case everything
    /// The whole text is one of these.
    case oneOf([[UInt8]])
    case prefix([UInt8])
    case suffix([UInt8])
    case contains([UInt8])
    case items(ItemSequence)

    /// `nil` when the pattern needs an engine.
    init?(_ pattern: Pattern) {
        guard !pattern.hasLook, pattern.references.isEmpty else { return nil }
        if let texts = Self.wholeTexts(pattern.root) {
            self = .oneOf(texts)
            return
        }
        guard var nodes = Elements(pattern.root) else { return nil }
        nodes.dropWhatMatchesAnyway()
        if nodes.middle.isEmpty, !nodes.isAnchoredAtStart || !nodes.isAnchoredAtEnd {
            self = .everything
        } else if let text = Self.utf8(nodes.middle[...]) {
            self = nodes.isAnchoredAtStart ? .prefix(text) : nodes.isAnchoredAtEnd ? .suffix(text) : .contains(text)
        } else if nodes.isAnchoredAtStart {
            guard let items = ItemSequence(nodes.middle, isAnchoredAtEnd: nodes.isAnchoredAtEnd) else { return nil }
            self = .items(items)
            if items.holdsEverything {
                items.deallocate()
                self = .everything
            }
        } else {
            return nil
        }
    }

    /// A row of nodes, without the anchors around it.
    private struct Elements {
        var middle: [Node]
        var isAnchoredAtStart = false
        var isAnchoredAtEnd = false

        init?(_ root: Node) {
            if case .sequence(let nodes) = root { middle = nodes } else { middle = [root] }
            if case .assertion(.start)? = middle.first {
                isAnchoredAtStart = true
                middle.removeFirst()
            }
            if case .assertion(.end)? = middle.last {
                isAnchoredAtEnd = true
                middle.removeLast()
            }
        }

        /// Where a match may begin or end anywhere, what may be read at that side need not be.
        mutating func dropWhatMatchesAnyway() {
            while !isAnchoredAtEnd, let last = middle.last, let shorter = Self.least(of: last) {
                middle.removeLast()
                middle += shorter
                if !shorter.isEmpty { break }
            }
            while !isAnchoredAtStart, let first = middle.first, let shorter = Self.least(of: first) {
                middle.removeFirst()
                middle.insert(contentsOf: shorter, at: 0)
                if !shorter.isEmpty { break }
            }
        }

        /// The fewest turns of a repetition; `nil` for other nodes.
        private static func least(of node: Node) -> [Node]? {
            switch node {
            case .empty: return []
            case .repetition(let body, var repetition) where repetition.minimum != repetition.maximum:
                if repetition.minimum == 0 { return [] }
                if repetition.minimum == 1 { return [body] }
                repetition.maximum = repetition.minimum
                return [.repetition(body, repetition)]
            default: return nil
            }
        }
    }

    /// The texts of `^abc$`, `^(abc|de)$` and `^abc$|^de$`.
    private static func wholeTexts(_ root: Node) -> [[UInt8]]? {
        if case .alternatives(let nodes) = root {
            var texts: [[UInt8]] = []
            for node in nodes {
                guard case .sequence = node, let found = wholeTexts(node) else { return nil }
                texts += found
            }
            return texts.count <= maximumTexts ? texts : nil
        }
        guard case .sequence(let nodes) = root, nodes.count >= 2,
            case .assertion(.start) = nodes[0], case .assertion(.end) = nodes[nodes.count - 1]
        else { return nil }
        let middle = nodes[1..<nodes.count - 1]
        guard case .alternatives(let alternatives)? = middle.first, middle.count == 1 else {
            return utf8(middle).map { [$0] }
        }
        guard alternatives.count <= maximumTexts else { return nil }
        var texts: [[UInt8]] = []
        for alternative in alternatives {
            let row: [Node]
            if case .sequence(let nodes) = alternative { row = nodes } else { row = [alternative] }
            guard let text = utf8(row[...]) else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// More are left to an automaton, which does not compare them one by one.
    private static let maximumTexts = 16

    /// The text of a row of characters; surrogates have none.
    private static func utf8(_ nodes: ArraySlice<Node>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for node in nodes {
            switch node {
            case .empty: break
            case .character(let codePoint):
                guard let scalar = Unicode.Scalar(codePoint) else { return nil }
                if codePoint < 0x80 { bytes.append(UInt8(codePoint)) } else { bytes += Array(String(scalar).utf8) }
            default: return nil
            }
        }
        return bytes
    }
}
