// SPDX-License-Identifier: Apache-2.0

/// Verdicts of nodes on values, for recursive schemas that come to one value by several ways: without, each level of
/// the instance would multiply the work.
struct SchemaMemory {
    private var slots: UnsafeMutablePointer<UInt64>?
    private var bits: UInt64 = 0
    private var count = 0

    /// A verdict in the lowest bit, the key above; 0 in an empty slot.
    @inline(__always) private func home(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- bits))
    }

    /// Positions and nodes fit: a tape of 2^36 slots takes a terabyte.
    @inline(__always) private static func key(_ node: Int32, _ position: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: position) &<< 27 | UInt64(truncatingIfNeeded: node) &<< 1 &+ 2
    }

    func verdict(_ node: Int32, _ position: Int) -> Bool? {
        guard let slots else { return nil }
        let key = Self.key(node, position)
        var index = home(key)
        while slots[index] != 0 {
            if slots[index] & ~1 == key { return slots[index] & 1 == 1 }
            index = (index &+ 1) & ((1 &<< Int(bits)) &- 1)
        }
        return nil
    }

    mutating func remember(_ verdict: Bool, _ node: Int32, _ position: Int) {
        if slots == nil || count &* 4 > 3 &<< Int(bits) { grow() }
        insert(Self.key(node, position) | (verdict ? 1 : 0))
    }

    private mutating func insert(_ entry: UInt64) {
        guard let slots else { return }
        var index = home(entry & ~1)
        while slots[index] != 0 { index = (index &+ 1) & ((1 &<< Int(bits)) &- 1) }
        slots[index] = entry
        count &+= 1
    }

    private mutating func grow() {
        let old = UnsafeMutableBufferPointer(start: slots, count: slots == nil ? 0 : 1 << Int(bits))
        bits = slots == nil ? 8 : bits + 1
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: 1 << Int(bits))
        larger.initialize(repeating: 0, count: 1 << Int(bits))
        slots = larger
        count = 0
        for entry in old where entry != 0 { insert(entry) }
        old.deallocate()
    }

    func deallocate() { slots?.deallocate() }
}
