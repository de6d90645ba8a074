// SPDX-License-Identifier: Apache-2.0

/// A pattern that is a row of sets with counts, anchored at the start, such as `^[A-Za-z_][A-Za-z0-9_]*$`: decided in
/// one pass, without going back and without allocation.
///
/// An item that may repeat shares no character with those that may come next, so taking as much as possible is the only
/// way to match.
///
/// `@unchecked Sendable`: the memory is written before the value is shared, and never after. Whoever holds the value
/// calls ``deallocate()``; it is not counted, because counting costs as much as a short search.
struct ItemSequence: @unchecked Sendable {
    private struct Item {
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

    private let items: UnsafeMutableBufferPointer<Item>
    private let ranges: UnsafeMutableBufferPointer<CodePointRange>
    private let isAnchoredAtEnd: Bool

    /// `nil` when the row has anything else, or needs going back.
    init?(_ nodes: [Node], isAnchoredAtEnd: Bool) {
        var counted: [(set: CodePointSet, repetition: Repetition)] = []
        counted.reserveCapacity(nodes.count)
        for node in nodes {
            if case .empty = node { continue }
            guard let item = Self.counted(node) else { return nil }
            counted.append(item)
        }
        for index in counted.indices where counted[index].repetition.minimum != counted[index].repetition.maximum {
            guard Self.isSeparate(index, counted) else { return nil }
        }
        var ranges: [CodePointRange] = []
        items = .allocate(capacity: counted.count)
        _ = items.initialize(from: counted.map { Self.item($0.set, $0.repetition, &ranges) })
        self.ranges = .allocate(capacity: ranges.count)
        _ = self.ranges.initialize(from: ranges)
        self.isAnchoredAtEnd = isAnchoredAtEnd
    }

    func deallocate() {
        items.deallocate()
        ranges.deallocate()
    }

    /// Whether the item shares no character with those up to the next that must come.
    private static func isSeparate(_ index: Int, _ items: [(set: CodePointSet, repetition: Repetition)]) -> Bool {
        for next in items[(index + 1)...] {
            if !items[index].set.isDisjoint(with: next.set) { return false }
            if next.repetition.minimum > 0 { return true }
        }
        return true
    }

    private static func counted(_ node: Node) -> (CodePointSet, Repetition)? {
        if let set = node.singleSet { return (set, Repetition(minimum: 1, maximum: 1)) }
        guard case .repetition(let body, let repetition) = node, let set = body.singleSet else { return nil }
        return (set, repetition)
    }

    private static func item(
        _ set: CodePointSet, _ repetition: Repetition, _ ranges: inout [CodePointRange]
    ) -> Item {
        let rest: Item.Rest = set.isASCII ? .none : set.hasEveryNonASCII ? .all : .some
        let start = ranges.count
        if rest == .some { ranges += set.ranges }
        return Item(
            low: set.low, high: set.high, rest: rest, start: start, count: set.ranges.count,
            minimum: repetition.minimum, maximum: repetition.maximum)
    }

    var holdsEverything: Bool {
        items.allSatisfy { $0.minimum == 0 && $0.maximum == .max }
            && items.contains { $0.low & $0.high == .max && $0.rest == .all }
    }

    func search(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        for item in items {
            let end = skip(item, bytes, from: position)
            guard end >= 0 else { return false }
            position = end
        }
        return !isAnchoredAtEnd || position == bytes.count
    }

    /// Where the members that stand at `start` end; -1 when they are too few.
    @inline(__always)
    private func skip(_ item: Item, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let limit = item.maximum < bytes.count &- start ? start &+ item.maximum : bytes.count
        var position = start
        while position < limit {
            let byte = bytes[position]
            if byte >= 128 {
                if item.rest == .none { break }
                return skipLonger(item, bytes, from: position, count: position &- start)
            }
            let word = byte < 64 ? item.low : item.high
            guard word &>> UInt64(byte) & 1 == 1 else { break }
            position &+= 1
        }
        return position &- start < item.minimum ? -1 : position
    }

    /// Goes on after `count` ASCII characters.
    @inline(never)
    private func skipLonger(_ item: Item, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, count: Int) -> Int {
        var position = start
        var count = count
        while count < item.maximum, position < bytes.count {
            let byte = bytes[position]
            if byte < 128 {
                let word = byte < 64 ? item.low : item.high
                guard word &>> UInt64(byte) & 1 == 1 else { break }
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
        UnsafeBufferPointer(ranges).contains(codePoint, from: item.start, count: item.count)
    }
}
