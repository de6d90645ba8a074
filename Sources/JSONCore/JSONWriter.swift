// SPDX-License-Identifier: Apache-2.0

/// In which order the members of objects are written.
public enum JSONMemberOrder: Sendable {
    /// As they stand in the object.
    case insertion
    /// By the UTF-8 bytes of their keys, which is the order of their code points.
    case sorted
}

/// Writes values as JSON text into a buffer of its own.
///
/// `@safe`: every store is behind `reserve`, which makes the room.
@safe struct JSONWriter: ~Copyable {
    let order: JSONMemberOrder
    let indent: Int?
    var base: UnsafeMutablePointer<UInt8>
    var capacity: Int
    var count = 0
    var level = 0

    init(order: JSONMemberOrder, indent: Int?, capacity: Int = 512) {
        self.order = order
        self.indent = indent
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
    }

    deinit { unsafe base.deallocate() }

    /// Forgets the text and keeps the room for it.
    mutating func removeAll() {
        count = 0
        level = 0
    }

    /// The text so far. The pointer is valid during the call only.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        unsafe body(UnsafeBufferPointer(start: base, count: count))
    }

    /// Writes `value`.
    ///
    /// - Returns: whether every number in it was finite; the text is of no use when not.
    mutating func write(_ value: borrowing JSONValue) -> Bool {
        switch copy value {
        case .null: put(literal: "null")
        case .bool(let value): put(literal: value ? "true" : "false")
        case .integer(let value): put(value)
        case .number(let value): return put(value)
        case .string(let value): put(value)
        case .array(let elements): return put(elements)
        case .object(let object): return put(object)
        }
        return true
    }

    private mutating func put(_ elements: [JSONValue]) -> Bool {
        if elements.isEmpty {
            put(literal: "[]")
            return true
        }
        put(UInt8(ascii: "["))
        level += 1
        var isFirst = true
        for element in elements {
            startItem(&isFirst)
            if !write(element) { return false }
        }
        level -= 1
        endItems()
        put(UInt8(ascii: "]"))
        return true
    }

    private mutating func put(_ object: JSONObject) -> Bool {
        if object.isEmpty {
            put(literal: "{}")
            return true
        }
        put(UInt8(ascii: "{"))
        level += 1
        var isFirst = true
        for member in members(of: object) {
            startItem(&isFirst)
            put(member.key)
            put(UInt8(ascii: ":"))
            if indent != nil { put(UInt8(ascii: " ")) }
            if !write(member.value) { return false }
        }
        level -= 1
        endItems()
        put(UInt8(ascii: "}"))
        return true
    }

    private func members(of object: JSONObject) -> [JSONObject.Member] {
        switch order {
        case .insertion: object.members
        case .sorted: object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        }
    }

    @inline(__always) mutating func startItem(_ isFirst: inout Bool) {
        if isFirst { isFirst = false } else { put(UInt8(ascii: ",")) }
        endItems()
    }

    @inline(__always) mutating func endItems() {
        if let indent { newLine(indent) }
    }

    private mutating func newLine(_ indent: Int) {
        put(UInt8(ascii: "\n"))
        for _ in 0..<level * indent { put(UInt8(ascii: " ")) }
    }

    // MARK: Bytes

    @inline(__always) mutating func reserve(_ more: Int) {
        if capacity &- count < more { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe larger.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe larger
    }

    @inline(__always) mutating func put(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count &+= 1
    }

    mutating func put(literal text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        unsafe (base + count).update(from: text.utf8Start, count: length)
        count &+= length
    }

    @inline(__always) mutating func put(_ integer: Int64) {
        reserve(JSONDigits.room)
        count &+= unsafe JSONDigits.put(integer, at: base + count)
    }

    /// The shortest text that reads back as the same double; it always has a point or an exponent.
    mutating func put(_ number: Double) -> Bool {
        guard number.isFinite else { return false }
        reserve(JSONDigits.room)
        count &+= unsafe JSONDigits.put(number, at: base + count, JSONPowersOfTen.table)
        return true
    }

    private mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else {
                put(literal: "\"\"")
                return
            }
            unsafe putQuoted(start, bytes.count, isPadded: false)
        }
    }

    /// Writes a string with its quotes; escapes what RFC 8259 §7 demands and nothing else.
    ///
    /// - Parameter isPadded: whether eight bytes may be loaded wherever one of the string's may.
    @inline(__always)
    mutating func putQuoted(_ bytes: UnsafePointer<UInt8>, _ length: Int, isPadded: Bool) {
        // The words may run over the end.
        reserve(length &+ 16)
        let target = unsafe base + count
        unsafe target[0] = UInt8(ascii: "\"")
        var stops: UInt64 = 0
        var offset = 0
        let last = length &- 8
        while offset <= last {
            let word = unsafe JSONTapeParser.load(bytes + offset)
            stops |= JSONEscape.stops(in: word)
            unsafe UnsafeMutableRawPointer(target + 1 + offset).storeBytes(of: word.littleEndian, as: UInt64.self)
            offset &+= 8
        }
        if offset < length {
            let rest = length &- offset
            let word = unsafe isPadded ? JSONTapeParser.load(bytes + offset) : Self.load(bytes + offset, rest)
            stops |= JSONEscape.stops(in: word) & ((1 &<< UInt64(truncatingIfNeeded: rest &<< 3)) &- 1)
            unsafe UnsafeMutableRawPointer(target + 1 + offset).storeBytes(of: word.littleEndian, as: UInt64.self)
        }
        if stops != 0 { return unsafe putEscaped(bytes, length) }
        unsafe target[length &+ 1] = UInt8(ascii: "\"")
        count &+= length &+ 2
    }

    /// Fewer than eight bytes as a word, with zeros above them.
    @inline(__always) private static func load(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        if count >= 4 {
            let low = unsafe UInt64(JSONTapeParser.word(bytes))
            let high = unsafe UInt64(JSONTapeParser.word(bytes + (count &- 4)))
            return low | high &<< UInt64(truncatingIfNeeded: (count &- 4) &<< 3)
        }
        let middle = unsafe UInt64(bytes[count &>> 1]) &<< UInt64(truncatingIfNeeded: (count &>> 1) &<< 3)
        let last = unsafe UInt64(bytes[count &- 1]) &<< UInt64(truncatingIfNeeded: (count &- 1) &<< 3)
        return unsafe UInt64(bytes[0]) | middle | last
    }

    @inline(never) mutating func putEscaped(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        var offset = 0
        put(UInt8(ascii: "\""))
        while offset < length {
            // In parts, lest room for a long text of which every byte takes six be made in vain.
            let part = min(length &- offset, 1 << 12)
            reserve(6 &* part &+ 16)
            unsafe count = Self.escape(bytes + offset, part, at: base + count) - base
            offset &+= part
        }
        put(UInt8(ascii: "\""))
    }

    /// Writes bytes with escapes where there is room for them.
    ///
    /// - Returns: the place behind them.
    private static func escape(
        _ bytes: UnsafePointer<UInt8>, _ length: Int, at start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var target = unsafe start
        var source = unsafe bytes
        let end = unsafe bytes + length
        while unsafe source < end {
            let rest = unsafe end - source
            let word = unsafe rest >= 8 ? JSONTapeParser.load(source) : load(source, rest)
            // Zeros behind the end are stops.
            let stops = JSONEscape.stops(in: word)
            unsafe UnsafeMutableRawPointer(target).storeBytes(of: word.littleEndian, as: UInt64.self)
            let plain = stops == 0 ? 8 : min(stops.trailingZeroBitCount &>> 3, rest)
            unsafe source += plain
            unsafe target += plain
            if stops != 0, unsafe source < end {
                unsafe target += escape(source[0], at: target)
                unsafe source += 1
            }
        }
        return unsafe target
    }

    /// - Returns: how many bytes it has written.
    @inline(__always) private static func escape(_ byte: UInt8, at target: UnsafeMutablePointer<UInt8>) -> Int {
        unsafe target[0] = UInt8(ascii: "\\")
        let letter = JSONEscape.letter(for: byte)
        if letter != 0 {
            unsafe target[1] = letter
            return 2
        }
        let low = byte & 15
        unsafe target[1] = UInt8(ascii: "u")
        unsafe target[2] = UInt8(ascii: "0")
        unsafe target[3] = UInt8(ascii: "0")
        unsafe target[4] = UInt8(ascii: "0") + byte >> 4
        unsafe target[5] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
        return 6
    }
}
