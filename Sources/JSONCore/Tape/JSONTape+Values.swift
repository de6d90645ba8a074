// SPDX-License-Identifier: Apache-2.0

extension JSONTape {
    /// A tape that holds `value`.
    public init(_ value: JSONValue) {
        self.init()
        fill(with: value)
    }

    /// Replaces what the tape holds by `value`.
    public mutating func fill(with value: JSONValue) {
        count = 0
        textCount = 0
        append(value)
        unsafe (text + textCount).update(repeating: 0, count: Self.padding)
    }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .null: append(JSONSlot(.null))
        case .bool(let flag): append(JSONSlot(flag ? .true : .false))
        case .integer(let number): append(JSONSlot(.integer, payload: UInt64(bitPattern: number)))
        case .number(let number): append(JSONSlot(.number, payload: number.bitPattern))
        case .string(let text): append(text)
        case .array(let elements):
            let start = open(.array)
            for element in elements { append(element) }
            close(start, length: elements.count)
        case .object(let object):
            let start = open(.object)
            for member in object.members {
                append(member.key)
                append(member.value)
            }
            close(start, length: object.count)
        }
    }

    private mutating func append(_ slot: JSONSlot) {
        if count == slotCapacity { growSlots(keeping: count) }
        unsafe slots[count] = slot
        count += 1
    }

    private mutating func append(_ string: String) {
        var string = string
        let length = string.utf8.count
        append(JSONSlot(.string, length: length, payload: UInt64(textCount)))
        makeTextRoom(length)
        string.withUTF8 { bytes in
            if let start = bytes.baseAddress { unsafe (text + textCount).update(from: start, count: length) }
        }
        textCount += length
    }

    private mutating func open(_ kind: JSONSlot.Kind) -> Int {
        append(JSONSlot(kind))
        return count - 1
    }

    private mutating func close(_ start: Int, length: Int) {
        let kind = unsafe slots[start].kind
        unsafe slots[start] = JSONSlot(kind, length: length, payload: UInt64(count - start))
    }

    mutating func growSlots(keeping count: Int) {
        let larger = UnsafeMutablePointer<JSONSlot>.allocate(capacity: slotCapacity * 2)
        unsafe larger.update(from: slots, count: count)
        unsafe slots.deallocate()
        unsafe slots = larger
        slotCapacity *= 2
    }

    /// Sees that `more` bytes fit behind the text, and the padding behind them.
    @inline(__always) mutating func makeTextRoom(_ more: Int) {
        if more > textCapacity &- textCount { growText(more) }
    }

    @inline(never) private mutating func growText(_ more: Int) {
        textCapacity = max(textCapacity * 2, textCount + more)
        let larger = unsafe Self.allocateText(textCapacity)
        unsafe larger.update(from: text, count: textCount)
        unsafe Self.deallocateText(text)
        unsafe text = larger
    }
}

extension JSONValue {
    /// The document of a tape as a tree.
    public init(_ tape: borrowing JSONTape) {
        self = unsafe tape.withView { unsafe JSONValue($0, at: 0) }
    }

    /// The value at a position as a tree.
    package init(_ view: JSONTapeView, at position: Int) {
        let slot = unsafe view[position]
        switch slot.kind {
        case .null: self = .null
        case .false: self = .bool(false)
        case .true: self = .bool(true)
        case .integer: self = .integer(slot.integer)
        case .number: self = .number(slot.number)
        case .string: self = .string(unsafe String(decoding: view.bytes(slot), as: UTF8.self))
        case .array: self = .array(unsafe Self.elements(view, at: position))
        case .object: self = .object(unsafe Self.members(view, at: position))
        }
    }

    private static func elements(_ view: JSONTapeView, at position: Int) -> [JSONValue] {
        let slot = unsafe view[position]
        var elements: [JSONValue] = []
        elements.reserveCapacity(slot.length)
        var next = position + 1
        for _ in 0..<slot.length {
            elements.append(unsafe JSONValue(view, at: next))
            next += unsafe view[next].extent
        }
        return elements
    }

    private static func members(_ view: JSONTapeView, at position: Int) -> JSONObject {
        let slot = unsafe view[position]
        var object = JSONObject()
        object.reserveCapacity(slot.length)
        var next = position + 1
        for _ in 0..<slot.length {
            let name = unsafe String(decoding: view.bytes(view[next]), as: UTF8.self)
            object.appendKnownNew(name, unsafe JSONValue(view, at: next + 1))
            next += 1 + (unsafe view[next + 1].extent)
        }
        return object
    }
}
