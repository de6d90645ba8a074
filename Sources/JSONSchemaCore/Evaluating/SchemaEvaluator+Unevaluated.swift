// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension SchemaEvaluator {
    /// The members or elements that are evaluated, one bit for each.
    private typealias Marks = UnsafeMutableBufferPointer<UInt64>

    @inline(never) mutating func acceptsUnevaluatedProperties(
        _ tracker: Int, _ link: SchemaLink, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        acceptsUnmarked(tracker, link, slot, isObject: true)
    }

    @inline(never) mutating func acceptsUnevaluatedItems(
        _ tracker: Int, _ link: SchemaLink, _ slot: UnsafePointer<JSONSlot>
    ) -> Bool {
        acceptsUnmarked(tracker, link, slot, isObject: false)
    }

    private mutating func acceptsUnmarked(
        _ tracker: Int, _ link: SchemaLink, _ slot: UnsafePointer<JSONSlot>, isObject: Bool
    ) -> Bool {
        let words = slot.pointee.length / 64 + 1
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { marks in
            marks.initialize(repeating: 0)
            mark(Int32(truncatingIfNeeded: tracker), slot, marks)
            var part = slot + 1
            for index in 0..<slot.pointee.length {
                let value = isObject ? part + 1 : part
                if marks[index &>> 6] & (1 &<< UInt64(index & 63)) == 0, !accepts(link, value) { return false }
                part = value + value.pointee.extent
            }
            return true
        }
    }

    /// Marks what a schema evaluates of an instance that is valid by it.
    private mutating func mark(_ index: Int32, _ slot: UnsafePointer<JSONSlot>, _ marks: Marks) {
        if index < 0 { return }
        if remaining <= 0 {
            _ = giveUp()
            return
        }
        remaining &-= 1
        defer { remaining &+= 1 }
        let (trackers, steps) = program._withUnsafeGuaranteedRef { ($0.trackers.start, $0.trackerSteps.start) }
        let tracker = trackers + Int(index)
        if slot.pointee.kind == .object {
            if tracker.pointee.evaluatesAllProperties { return marks.update(repeating: .max) }
            markProperties(tracker, slot, marks)
        } else {
            if tracker.pointee.evaluatesAllItems { return marks.update(repeating: .max) }
            for item in 0..<min(tracker.pointee.prefix, slot.pointee.length) { Self.set(item, marks) }
        }
        for position in tracker.pointee.steps.indices {
            let step = steps + position
            switch step.pointee.code {
            case .choice:
                mark(accepts(step.pointee.link, slot) ? step.pointee.tracker : step.pointee.other, slot, marks)
            case .presence:
                if slot.pointee.kind == .object, member(step.pointee.name, of: slot) != nil {
                    mark(step.pointee.tracker, slot, marks)
                }
            case .contains: if slot.pointee.kind == .array { markContained(step.pointee.link, slot, marks) }
            }
        }
    }

    private static func set(_ index: Int, _ marks: Marks) { marks[index &>> 6] |= 1 &<< UInt64(index & 63) }

    private mutating func markProperties(
        _ tracker: UnsafePointer<SchemaTracker>, _ slot: UnsafePointer<JSONSlot>, _ marks: Marks
    ) {
        let patternLinks = program._withUnsafeGuaranteedRef { $0.patternLinks.start }
        var name = slot + 1
        for index in 0..<slot.pointee.length {
            let bytes = text + name.pointee.offset
            let length = name.pointee.length
            if tracker.pointee.table >= 0,
                tables[Int(tracker.pointee.table)].find(NameKey(bytes, length), bytes, in: entries) != nil
            {
                Self.set(index, marks)
            } else {
                for pattern in tracker.pointee.patterns.indices
                where matches(patternLinks[pattern].pattern, bytes, length) {
                    Self.set(index, marks)
                    break
                }
            }
            name += 1 + name[1].extent
        }
    }

    private mutating func markContained(_ link: SchemaLink, _ slot: UnsafePointer<JSONSlot>, _ marks: Marks) {
        var element = slot + 1
        for index in 0..<slot.pointee.length {
            if accepts(link, element) { Self.set(index, marks) }
            element += element.pointee.extent
        }
    }

    /// For errors: which members or elements are evaluated.
    mutating func evaluated(_ tracker: Int32, _ slot: UnsafePointer<JSONSlot>) -> [Bool] {
        let count = slot.pointee.length
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count / 64 + 1) { marks in
            marks.initialize(repeating: 0)
            mark(tracker, slot, marks)
            return (0..<count).map { marks[$0 &>> 6] & (1 &<< UInt64($0 & 63)) != 0 }
        }
    }
}
