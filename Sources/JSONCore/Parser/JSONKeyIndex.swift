// SPDX-License-Identifier: Apache-2.0

/// The keys of all large objects of one parse: a hash table with open addressing over slots of the tape.
///
/// The hash has a seed that differs from process to process, so that no text can be made that puts all its keys into
/// one place.
struct JSONKeyIndex: Sendable {
    private struct Entry: Sendable {
        var hash: Int
        /// The slot of the object; 0 is a place that is free, since a key stands behind its object.
        var object: Int
        var key: Int
    }

    private var entries: [Entry] = []
    private var count = 0

    private static let free = Entry(hash: 0, object: 0, key: 0)

    /// Forgets all keys; gives back memory that only a very large text needs.
    mutating func removeAll() {
        if count == 0 { return }
        count = 0
        if entries.count > 1 << 12 {
            entries = []
        } else {
            unsafe entries.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: Self.free) }
        }
    }

    /// Takes in the key at slot `key` of the object at slot `object`.
    ///
    /// - Returns: whether the object had an equal key.
    mutating func insert(
        _ key: Int, of object: Int, slots: UnsafePointer<JSONSlot>, text: UnsafePointer<UInt8>
    ) -> Bool {
        if count &* 2 >= entries.count { grow() }
        let view = unsafe JSONTapeView(slots: slots, text: text)
        let bytes = unsafe view.bytes(view[key])
        // The object is stored with 1 added: the root's slot is 0.
        let entry = unsafe Entry(hash: Self.hash(bytes, of: object), object: object &+ 1, key: key)
        var place = entry.hash & (entries.count &- 1)
        while entries[place].object != 0 {
            let other = entries[place]
            if other.hash == entry.hash, other.object == entry.object,
                unsafe JSONTapeParser.areEqual(view, other.key, key)
            {
                return true
            }
            place = (place &+ 1) & (entries.count &- 1)
        }
        entries[place] = entry
        count &+= 1
        return false
    }

    /// Two random numbers; the second is odd.
    private static let seed: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max) | 1)

    /// Multiplies eight bytes at a time with the seed and folds the product's halves.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, of object: Int) -> Int {
        let (start, factor) = seed
        var hash = fold(start ^ UInt64(truncatingIfNeeded: object), factor)
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset &+ 8 <= raw.count {
            hash = unsafe fold(hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self), factor)
            offset &+= 8
        }
        var rest = UInt64(truncatingIfNeeded: raw.count)
        while offset < raw.count {
            rest = unsafe rest &<< 8 | UInt64(raw[offset])
            offset &+= 1
        }
        return Int(truncatingIfNeeded: fold(hash ^ rest, factor))
    }

    @inline(__always) private static func fold(_ value: UInt64, _ factor: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: Self.free, count: max(128, old.count &* 2))
        for entry in old where entry.object != 0 {
            var place = entry.hash & (entries.count &- 1)
            while entries[place].object != 0 { place = (place &+ 1) & (entries.count &- 1) }
            entries[place] = entry
        }
    }
}
