// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Finds equal elements of an array. Beyond a few elements they are compared by hashes of the process's own seed, so
/// that no instance can be made for which it takes long.
enum TapeUniqueness {
    private static let pairwiseLimit = 12

    /// Whether two elements are equal.
    static func hasEqualElements(_ array: UnsafePointer<JSONSlot>, _ text: UnsafePointer<UInt8>) -> Bool {
        let count = array.pointee.length
        if count < 2 { return false }
        return count <= pairwiseLimit
            ? pairwise(array, text, count) : firstPairByHash(array, text, count) != nil
    }

    /// The indices of the first two elements that are equal, by the later one.
    static func firstPair(_ array: UnsafePointer<JSONSlot>, _ text: UnsafePointer<UInt8>) -> (Int, Int)? {
        firstPairByHash(array, text, array.pointee.length)
    }

    private static func pairwise(
        _ array: UnsafePointer<JSONSlot>, _ text: UnsafePointer<UInt8>, _ count: Int
    ) -> Bool {
        var left = array + 1
        for index in 1..<count {
            let next = left + left.pointee.extent
            var right = next
            for _ in index..<count {
                if TapeEquality.areEqual(left, text, right, text) { return true }
                right += right.pointee.extent
            }
            left = next
        }
        return false
    }

    private static func firstPairByHash(
        _ array: UnsafePointer<JSONSlot>, _ text: UnsafePointer<UInt8>, _ count: Int
    ) -> (Int, Int)? {
        var positions: [Element: Int] = Dictionary(minimumCapacity: count)
        var next = array + 1
        for index in 0..<count {
            if let earlier = positions.updateValue(index, forKey: Element(slot: next, text: text)) {
                return (earlier, index)
            }
            next += next.pointee.extent
        }
        return nil
    }

    private struct Element: Hashable {
        let slot: UnsafePointer<JSONSlot>
        let text: UnsafePointer<UInt8>

        static func == (left: Element, right: Element) -> Bool {
            TapeEquality.areEqual(left.slot, left.text, right.slot, right.text)
        }

        func hash(into hasher: inout Hasher) { Self.hash(slot, text, into: &hasher) }

        private static func hash(
            _ slot: UnsafePointer<JSONSlot>, _ text: UnsafePointer<UInt8>, into hasher: inout Hasher
        ) {
            switch slot.pointee.kind {
            case .string: hashString(slot.pointee, text, into: &hasher)
            case .array:
                hasher.combine(slot.pointee.length)
                var next = slot + 1
                for _ in 0..<slot.pointee.length {
                    hash(next, text, into: &hasher)
                    next += next.pointee.extent
                }
            case .object: hasher.combine(sumOfMembers(slot, text))
            case .integer: hasher.combine(slot.pointee.integer)
            // An integral double hashes as the integer that it equals.
            case .number:
                if let integer = Int64(exactly: slot.pointee.number) {
                    hasher.combine(integer)
                } else {
                    hasher.combine(slot.pointee.number)
                }
            case .null, .false, .true: hasher.combine(slot.pointee.tag)
            }
        }

        private static func hashString(
            _ slot: JSONSlot, _ text: UnsafePointer<UInt8>, into hasher: inout Hasher
        ) {
            hasher.combine(slot.length)
            hasher.combine(bytes: UnsafeRawBufferPointer(start: text + slot.offset, count: slot.length))
        }

        /// The members in any order.
        private static func sumOfMembers(_ slot: UnsafePointer<JSONSlot>, _ text: UnsafePointer<UInt8>) -> Int {
            var sum = slot.pointee.length
            var next = slot + 1
            for _ in 0..<slot.pointee.length {
                var one = Hasher()
                hashString(next.pointee, text, into: &one)
                hash(next + 1, text, into: &one)
                sum &+= one.finalize()
                next += 1 + next[1].extent
            }
            return sum
        }
    }
}
