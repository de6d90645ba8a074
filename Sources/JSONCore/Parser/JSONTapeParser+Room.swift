// SPDX-License-Identifier: Apache-2.0

extension JSONTapeParser {
    /// An object with more keys than this has them in the index, once two of them look alike.
    static var scanLimit: Int { 64 }

    /// Sees that a value and the key behind it fit, and that the limit of values is kept.
    ///
    /// Every value takes a slot, so with `n` values left the limit cannot be passed before `n` more slots are in use:
    /// only then are the values counted again, which happens as often as the logarithm of the limit.
    ///
    /// - Returns: the number of slots at which to ask again; negative when no value may follow.
    @inline(never)
    static func makeRoom(_ tape: inout JSONTape, count: Int, depth: Int, limits: JSONLimits) -> Int {
        if count &+ 2 >= tape.slotCapacity { tape.growSlots(keeping: count) }
        let slots = tape.slotCapacity &- 2
        if limits.values >= slots { return slots }
        let left = limits.values - (count - keyCount(tape, count: count, depth: depth))
        return left <= 0 ? -1 : min(slots, count + left)
    }

    /// How many of the slots are keys.
    private static func keyCount(_ tape: borrowing JSONTape, count: Int, depth: Int) -> Int {
        var keys = 0
        for position in 0..<count {
            let slot = unsafe tape.slots[position]
            if slot.kind == .object { keys += slot.length }
        }
        for level in stride(from: depth, to: 0, by: -1) {
            let frame = unsafe tape.frames[level]
            let slot = unsafe tape.slots[frame.start]
            // What an open container's own slot says is not yet its length.
            if slot.kind == .object { keys += frame.length - slot.length }
        }
        return keys
    }

    @inline(never) static func growFrames(_ tape: inout JSONTape) {
        let larger = UnsafeMutablePointer<JSONFrame>.allocate(capacity: tape.frameCapacity * 2)
        unsafe larger.update(from: tape.frames, count: tape.frameCapacity)
        unsafe tape.frames.deallocate()
        unsafe tape.frames = unsafe larger
        tape.frameCapacity *= 2
    }

    // MARK: Keys

    /// Whether the innermost object has no key equal to the one at slot `key`, its newest.
    ///
    /// - Parameter length: the object's keys, the newest included; when there are more than ``scanLimit``, every later
    ///   key must be asked for.
    @inline(never)
    static func isNew(
        _ tape: inout JSONTape, key: Int, depth: Int, length: Int
    ) -> Bool {
        let view = unsafe JSONTapeView(slots: tape.slots, text: tape.text)
        let start = unsafe tape.frames[depth].start
        if unsafe tape.frames[depth].isIndexed {
            return unsafe !tape.keys.insert(key, of: start, slots: view.slots, text: view.text)
        }
        let isLarge = length > scanLimit
        var other = start + 1
        while other < key {
            if isLarge {
                _ = unsafe tape.keys.insert(other, of: start, slots: view.slots, text: view.text)
            } else if unsafe areEqual(view, other, key) {
                return false
            }
            other += 1 + (unsafe view[other + 1].extent)
        }
        guard isLarge else { return true }
        unsafe tape.frames[depth].isIndexed = true
        return unsafe !tape.keys.insert(key, of: start, slots: view.slots, text: view.text)
    }

    /// Whether two strings of the tape have the same bytes.
    @inline(__always) static func areEqual(_ view: JSONTapeView, _ left: Int, _ right: Int) -> Bool {
        let mine = unsafe view[left]
        let theirs = unsafe view[right]
        guard mine.length == theirs.length else { return false }
        let first = unsafe view.text + mine.offset
        let second = unsafe view.text + theirs.offset
        var offset = 0
        while offset &+ 8 <= mine.length {
            if unsafe load(first + offset) != load(second + offset) { return false }
            offset &+= 8
        }
        while offset < mine.length {
            if unsafe first[offset] != second[offset] { return false }
            offset &+= 1
        }
        return true
    }
}
