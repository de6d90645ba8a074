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

    /// Takes in a key.
    ///
    /// - Parameter hash: from ``JSONKeyFilter/hash(_:_:)``.
    /// - Returns: whether an equal key may have been there.
    @inline(__always) mutating func insert(_ hash: UInt64) -> Bool {
        let left = hash &>> 58
        let right = hash &>> 52 & 63
        let isSuspect = (first &>> left) & (second &>> right) & 1 != 0
        first |= 1 &<< left
        second |= 1 &<< right
        return isSuspect
    }

    /// A hash of the length, the first 8 and the last 8 bytes; whoever writes the text can make it collide, which costs
    /// a look at the ``JSONKeyIndex`` and no more. At least 8 bytes are readable at `key`.
    @inline(__always) static func hash(_ key: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
        let raw = unsafe UnsafeRawPointer(key)
        let mask: UInt64 = length >= 8 ? ~0 : (1 &<< UInt64(truncatingIfNeeded: length &<< 3)) &- 1
        let head = unsafe UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)) & mask
        let tail = unsafe UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: length > 8 ? length &- 8 : 0, as: UInt64.self))
        let mixed = head ^ ((tail & mask) &<< 32 | (tail & mask) &>> 32)
        return (mixed &+ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
    }
}
