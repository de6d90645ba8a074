// SPDX-License-Identifier: Apache-2.0

extension JSONWriter {
    /// Writes the value at `position` of a tape.
    ///
    /// - Returns: as ``write(_:)``.
    mutating func write(_ view: JSONTapeView, at position: Int) -> Bool {
        if indent == nil && order == .insertion { return unsafe writeCompact(view, at: position) }
        return unsafe writeAny(view, at: position)
    }

    private mutating func writeAny(_ view: JSONTapeView, at position: Int) -> Bool {
        let slot = unsafe view[position]
        switch slot.kind {
        case .null: put(literal: "null")
        case .false: put(literal: "false")
        case .true: put(literal: "true")
        case .integer: put(slot.integer)
        case .number: return put(slot.number)
        case .string: unsafe putQuoted(view.text + slot.offset, slot.length, isPadded: true)
        case .array: return unsafe putArray(view, position, slot)
        case .object: return unsafe putObject(view, position, slot)
        }
        return true
    }

    private mutating func putArray(_ view: JSONTapeView, _ position: Int, _ slot: JSONSlot) -> Bool {
        if slot.length == 0 {
            put(literal: "[]")
            return true
        }
        put(UInt8(ascii: "["))
        level += 1
        var isFirst = true
        var next = position &+ 1
        for _ in 0..<slot.length {
            startItem(&isFirst)
            if unsafe !writeAny(view, at: next) { return false }
            next &+= unsafe view[next].extent
        }
        level -= 1
        endItems()
        put(UInt8(ascii: "]"))
        return true
    }

    private mutating func putObject(_ view: JSONTapeView, _ position: Int, _ slot: JSONSlot) -> Bool {
        if slot.length == 0 {
            put(literal: "{}")
            return true
        }
        put(UInt8(ascii: "{"))
        level += 1
        var isFirst = true
        if order == .sorted {
            for name in unsafe names(view, position, slot) {
                if unsafe !putMember(view, name, &isFirst) { return false }
            }
        } else {
            var next = position &+ 1
            for _ in 0..<slot.length {
                if unsafe !putMember(view, next, &isFirst) { return false }
                next &+= unsafe 1 &+ view[next &+ 1].extent
            }
        }
        level -= 1
        endItems()
        put(UInt8(ascii: "}"))
        return true
    }

    private mutating func putMember(_ view: JSONTapeView, _ position: Int, _ isFirst: inout Bool) -> Bool {
        startItem(&isFirst)
        let name = unsafe view[position]
        unsafe putQuoted(view.text + name.offset, name.length, isPadded: true)
        put(UInt8(ascii: ":"))
        if indent != nil { put(UInt8(ascii: " ")) }
        return unsafe writeAny(view, at: position &+ 1)
    }

    /// Where an object's names stand, sorted by their bytes.
    private func names(_ view: JSONTapeView, _ position: Int, _ slot: JSONSlot) -> [Int] {
        var names: [Int] = []
        names.reserveCapacity(slot.length)
        var next = position + 1
        for _ in 0..<slot.length {
            names.append(next)
            next += unsafe 1 + view[next + 1].extent
        }
        names.sort { unsafe view.bytes(view[$0]).lexicographicallyPrecedes(view.bytes(view[$1])) }
        return names
    }
}
