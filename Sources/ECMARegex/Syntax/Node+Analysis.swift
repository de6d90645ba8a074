// SPDX-License-Identifier: Apache-2.0

extension Node {
    /// The set of a node that reads exactly one code point.
    var singleSet: CodePointSet? {
        switch self {
        case .character(let codePoint): CodePointSet(codePoint)
        case .set(let set): set
        default: nil
        }
    }

    /// What a match can begin with, and whether it may be empty; assertions count as empty.
    var first: (set: CodePointSet, isNullable: Bool) {
        switch self {
        case .empty, .assertion, .look: return (CodePointSet(), true)
        // What a group holds is not known, so it may begin with anything.
        case .backreference: return (.everything, true)
        case .character(let codePoint): return (CodePointSet(codePoint), false)
        case .set(let set): return (set, false)
        case .capture(let body, _): return body.first
        case .repetition(let body, let repetition):
            let first = body.first
            return (first.set, first.isNullable || repetition.minimum == 0)
        case .sequence(let nodes): return Self.first(ofSequence: nodes)
        case .alternatives(let nodes):
            var result = (set: CodePointSet(), isNullable: false)
            for node in nodes {
                let first = node.first
                result.set.formUnion(first.set)
                result.isNullable = result.isNullable || first.isNullable
            }
            return result
        }
    }

    private static func first(ofSequence nodes: [Node]) -> (set: CodePointSet, isNullable: Bool) {
        var set = CodePointSet()
        for node in nodes {
            let first = node.first
            set.formUnion(first.set)
            if !first.isNullable { return (set, false) }
        }
        return (set, true)
    }

    var hasLook: Bool {
        switch self {
        case .look: true
        case .capture(let body, _), .repetition(let body, _): body.hasLook
        case .sequence(let nodes), .alternatives(let nodes): nodes.contains(where: \.hasLook)
        case .empty, .character, .set, .assertion, .backreference: false
        }
    }

    /// Whether every match begins where the string does.
    var isAnchored: Bool {
        switch self {
        case .assertion(.start): true
        case .capture(let body, _): body.isAnchored
        case .repetition(let body, let repetition): repetition.minimum > 0 && body.isAnchored
        case .sequence(let nodes): Self.isAnchored(sequence: nodes)
        case .alternatives(let nodes): nodes.allSatisfy(\.isAnchored)
        default: false
        }
    }

    /// A look, or an assertion, may stand before the anchor: it reads nothing.
    private static func isAnchored(sequence nodes: [Node]) -> Bool {
        for node in nodes {
            if node.isAnchored { return true }
            switch node {
            case .assertion, .look, .empty: continue
            default: return false
            }
        }
        return false
    }
}
