// SPDX-License-Identifier: Apache-2.0

/// A container that is open during a parse. The root stands in a frame of its own, in no container.
struct JSONFrame {
    /// The container's slot; -1 for the root's frame.
    var start: Int
    /// Members or elements, the one that has begun included.
    var length = 0
    /// Two Bloom filters of the keys so far.
    var seen = JSONKeyFilter()
    /// Whether the keys are in the tape's ``JSONKeyIndex``.
    var isIndexed = false
}

/// Which keys an object may have already: two filters of 64 bits, each with one bit for a key.
struct JSONKeyFilter {
    var first: UInt64 = 0
    var second: UInt64 = 0

    /// The filter that has everything.
    static let full = JSONKeyFilter(first: ~0, second: ~0)

    /// Takes in a key.
    ///
    /// - Parameter hash: from ``JSONKeyFilter/hash(_:_:)``.
    /// - Returns: whether an equal key may have been there.
    @inline(__always) mutating func insert(_ hash: UInt64) -> Bool {
        let left = hash &>> 58
        let right = hash &>> 52 & 63
        let isSuspect = (first &>> left) & 1 != 0 && (second &>> right) & 1 != 0
        first |= 1 &<< left
        second |= 1 &<< right
        return isSuspect
    }

    /// A hash of the length, the first two and the last two bytes; whoever writes the text can make it collide, which
    /// costs a look at the keys or at the ``JSONKeyIndex`` and no more.
    @inline(__always) static func hash(_ text: UnsafePointer<UInt8>, _ key: JSONSlot) -> UInt64 {
        // Of a key of one byte, its quotes are taken too; the empty key has nothing that is always the same.
        if key.length == 0 { return 0 }
        let raw = unsafe UnsafeRawPointer(text + key.offset)
        let head = unsafe raw.loadUnaligned(as: UInt16.self)
        let tail = unsafe raw.loadUnaligned(fromByteOffset: key.length &- 2, as: UInt16.self)
        let ends = UInt64(head) &<< 24 | UInt64(tail) &<< 8
        return (ends &+ key.tag &>> 8) &* 0x9E37_79B9_7F4A_7C15
    }
}
