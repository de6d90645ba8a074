// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Equality as JSON Schema has it (2020-12 core §4.2.2): numbers by value, objects in any order.
enum TapeEquality {
    static func areEqual(_ left: JSONTapeView, _ a: Int, _ right: JSONTapeView, _ b: Int) -> Bool {
        areEqual(left.slots + a, left.text, right.slots + b, right.text)
    }

    static func areEqual(
        _ a: UnsafePointer<JSONSlot>, _ aText: UnsafePointer<UInt8>, _ b: UnsafePointer<JSONSlot>,
        _ bText: UnsafePointer<UInt8>
    ) -> Bool {
        let left = a.pointee
        let right = b.pointee
        switch (left.kind, right.kind) {
        case (.string, .string): return areEqualStrings(left, aText, right, bText)
        case (.number, .number): return left.number == right.number
        case (.integer, .number): return Int64(exactly: right.number) == left.integer
        case (.number, .integer): return Int64(exactly: left.number) == right.integer
        case (.array, .array): return areEqualArrays(a, aText, b, bText)
        case (.object, .object): return areEqualObjects(a, aText, b, bText)
        default: return left.tag == right.tag && left.payload == right.payload
        }
    }

    @inline(__always) static func areEqualStrings(
        _ left: JSONSlot, _ aText: UnsafePointer<UInt8>, _ right: JSONSlot, _ bText: UnsafePointer<UInt8>
    ) -> Bool {
        if left.length != right.length { return false }
        let mine = UnsafeRawPointer(aText + left.offset)
        let theirs = UnsafeRawPointer(bText + right.offset)
        var offset = 0
        while offset &+ 8 <= left.length {
            if mine.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                != theirs.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            {
                return false
            }
            offset &+= 8
        }
        while offset < left.length {
            if mine.load(fromByteOffset: offset, as: UInt8.self) != theirs.load(fromByteOffset: offset, as: UInt8.self)
            {
                return false
            }
            offset &+= 1
        }
        return true
    }

    private static func areEqualArrays(
        _ a: UnsafePointer<JSONSlot>, _ aText: UnsafePointer<UInt8>, _ b: UnsafePointer<JSONSlot>,
        _ bText: UnsafePointer<UInt8>
    ) -> Bool {
        if a.pointee.length != b.pointee.length { return false }
        var left = a + 1
        var right = b + 1
        for _ in 0..<a.pointee.length {
            if !areEqual(left, aText, right, bText) { return false }
            left += left.pointee.extent
            right += right.pointee.extent
        }
        return true
    }

    private static func areEqualObjects(
        _ a: UnsafePointer<JSONSlot>, _ aText: UnsafePointer<UInt8>, _ b: UnsafePointer<JSONSlot>,
        _ bText: UnsafePointer<UInt8>
    ) -> Bool {
        let count = a.pointee.length
        if count != b.pointee.length { return false }
        var left = a + 1
        var right = b + 1
        // Mostly both are in the same order.
        for done in 0..<count {
            guard areEqualStrings(left.pointee, aText, right.pointee, bText) else {
                return areEqualRests(left, aText, right, bText, count - done)
            }
            if !areEqual(left + 1, aText, right + 1, bText) { return false }
            left += 1 + left[1].extent
            right += 1 + right[1].extent
        }
        return true
    }

    /// Compares members by the order of their names, so that large objects cost no more than sorting.
    private static func areEqualRests(
        _ a: UnsafePointer<JSONSlot>, _ aText: UnsafePointer<UInt8>, _ b: UnsafePointer<JSONSlot>,
        _ bText: UnsafePointer<UInt8>, _ count: Int
    ) -> Bool {
        let left = sorted(a, aText, count)
        let right = sorted(b, bText, count)
        for (mine, theirs) in zip(left, right) {
            guard areEqualStrings(mine.pointee, aText, theirs.pointee, bText),
                areEqual(mine + 1, aText, theirs + 1, bText)
            else { return false }
        }
        return true
    }

    private static func sorted(
        _ first: UnsafePointer<JSONSlot>, _ text: UnsafePointer<UInt8>, _ count: Int
    ) -> [UnsafePointer<JSONSlot>] {
        var names: [UnsafePointer<JSONSlot>] = []
        names.reserveCapacity(count)
        var next = first
        for _ in 0..<count {
            names.append(next)
            next += 1 + next[1].extent
        }
        return names.sorted { left, right in
            let mine = UnsafeBufferPointer(start: text + left.pointee.offset, count: left.pointee.length)
            let theirs = UnsafeBufferPointer(start: text + right.pointee.offset, count: right.pointee.length)
            return mine.lexicographicallyPrecedes(theirs)
        }
    }
}
