// SPDX-License-Identifier: Apache-2.0

/// A pattern that looks ahead from the start or back from the end, as several patterns without those looks.
///
/// `^(?=.*\\d)(?!x).{8,}(?<!-)$` asks the same as `^.*\\d`, not `^x`, `^.{8,}$` and not `-$`, which need no backtracking.
struct Conjunction {
    struct Part {
        var pattern: Pattern
        var isNegative: Bool
    }

    private(set) var parts: [Part] = []

    /// `nil` when no look stands there, or when a back-reference may need what a look captured.
    init?(_ pattern: Pattern) {
        guard pattern.hasLook, pattern.references.isEmpty, case .sequence(var nodes) = pattern.root else { return nil }
        if case .assertion(.start) = nodes[0] {
            while nodes.count > 1, case .look(let body, let look) = nodes[1], !look.isBehind {
                append(.sequence([.assertion(.start), body]), isNegative: look.isNegative)
                nodes.remove(at: 1)
            }
        }
        if case .assertion(.end) = nodes[nodes.count - 1] {
            while nodes.count > 1, case .look(let body, let look) = nodes[nodes.count - 2], look.isBehind {
                append(.sequence([body, .assertion(.end)]), isNegative: look.isNegative)
                nodes.remove(at: nodes.count - 2)
            }
        }
        if parts.isEmpty { return nil }
        parts.insert(Part(pattern: Self.pattern(.sequence(nodes)), isNegative: false), at: 0)
    }

    private mutating func append(_ root: Node, isNegative: Bool) {
        parts.append(Part(pattern: Self.pattern(root), isNegative: isNegative))
    }

    private static func pattern(_ root: Node) -> Pattern {
        var pattern = Pattern(root: flat(root))
        pattern.hasLook = root.hasLook
        return pattern
    }

    /// Puts the body's own row in place of the body.
    private static func flat(_ root: Node) -> Node {
        guard case .sequence(let nodes) = root else { return root }
        return .sequence(
            nodes.flatMap { node in
                if case .sequence(let inner) = node { return inner }
                return [node]
            })
    }
}
