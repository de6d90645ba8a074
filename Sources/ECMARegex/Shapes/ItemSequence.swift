// SPDX-License-Identifier: Apache-2.0

/// A pattern that is a row of sets with counts, anchored at the start, such as `^[A-Za-z_][A-Za-z0-9_]*$`: decided in
/// one pass, without going back and without allocation.
///
/// An item that may repeat shares no character with those that may come next, so taking as much as possible is the only
/// way to match.
struct ItemSequence: Sendable {
    private struct Item: Sendable {
        enum Rest: UInt8 { case none, all, some }

        var low: UInt64
        var high: UInt64
        /// Which characters above ASCII are members.
        var rest: Rest
        var start: Int
        var count: Int
        var minimum: Int
        var maximum: Int
    }

    private var items: [Item] = []
    private var ranges: [CodePointRange] = []
    private let isAnchoredAtEnd: Bool

    /// `nil` when the row has anything else, or needs going back.
    init?(_ nodes: [Node], isAnchoredAtEnd: Bool) {
        self.isAnchoredAtEnd = isAnchoredAtEnd
        var sets: [CodePointSet] = []
        items.reserveCapacity(nodes.count)
        for node in nodes {
            if case .empty = node { continue }
            guard let (set, repetition) = Self.counted(node) else { return nil }
            sets.append(set)
            append(set, repetition)
        }
        for index in items.indices where items[index].minimum != items[index].maximum {
            guard isSeparate(index, sets) else { return nil }
        }
    }

    /// Whether the item shares no character with those up to the next that must come.
    private func isSeparate(_ index: Int, _ sets: [CodePointSet]) -> Bool {
        for next in index + 1..<max(items.count, index + 1) {
            if !sets[index].isDisjoint(with: sets[next]) { return false }
            if items[next].minimum > 0 { return true }
        }
        return true
    }

    private static func counted(_ node: Node) -> (CodePointSet, Repetition)? {
        if let set = node.singleSet { return (set, Repetition(minimum: 1, maximum: 1)) }
        guard case .repetition(let body, let repetition) = node, let set = body.singleSet else { return nil }
        return (set, repetition)
    }

    private mutating func append(_ set: CodePointSet, _ repetition: Repetition) {
        let rest: Item.Rest = set.isASCII ? .none : set.hasEveryNonASCII ? .all : .some
        items.append(
            Item(
                low: set.low, high: set.high, rest: rest, start: ranges.count, count: set.ranges.count,
                minimum: repetition.minimum, maximum: repetition.maximum))
        if rest == .some { ranges += set.ranges }
    }

    var holdsEverything: Bool {
        items.allSatisfy { $0.minimum == 0 && $0.maximum == .max }
            && items.contains { $0.low & $0.high == .max && $0.rest == .all }
    }

    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        items.withUnsafeBufferPointer { items in
            var position = 0
            for index in items.indices {
                let item = items[index]
                let end =
                    item.rest == .none
                    ? Self.skipASCII(item, bytes, from: position) : skip(item, bytes, from: position)
                guard end >= 0 else { return false }
                position = end
            }
            return !isAnchoredAtEnd || position == bytes.count
        }
    }

    /// Where the members that stand at `start` end; -1 when they are too few.
    @inline(__always)
    private static func skipASCII(_ item: Item, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let limit = item.maximum < bytes.count &- start ? start &+ item.maximum : bytes.count
        var position = start
        while position < limit {
            let byte = bytes[position]
            let word = byte < 64 ? item.low : item.high
            guard byte < 128, word >> UInt64(byte & 63) & 1 == 1 else { break }
            position &+= 1
        }
        return position &- start < item.minimum ? -1 : position
    }

    private func skip(_ item: Item, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        var count = 0
        while count < item.maximum, position < bytes.count {
            let byte = bytes[position]
            if byte < 128 {
                let word = byte < 64 ? item.low : item.high
                guard word >> UInt64(byte & 63) & 1 == 1 else { break }
                position &+= 1
            } else {
                let decoded = UTF8Cursor.decode(bytes, at: position)
                guard item.rest == .all || contains(decoded.codePoint, item) else { break }
                position &+= decoded.length
            }
            count &+= 1
        }
        return count < item.minimum ? -1 : position
    }

    private func contains(_ codePoint: UInt32, _ item: Item) -> Bool {
        ranges.withUnsafeBufferPointer { $0.contains(codePoint, from: item.start, count: item.count) }
    }
}
