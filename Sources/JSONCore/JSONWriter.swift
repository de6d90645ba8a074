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
    private let order: JSONMemberOrder
    private let indent: Int?
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    private var level = 0

    init(order: JSONMemberOrder, indent: Int?) {
        self.order = order
        self.indent = indent
        capacity = 512
        unsafe base = .allocate(capacity: capacity)
    }

    deinit { unsafe base.deallocate() }

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

    @inline(__always) private mutating func startItem(_ isFirst: inout Bool) {
        if isFirst { isFirst = false } else { put(UInt8(ascii: ",")) }
        endItems()
    }

    @inline(__always) private mutating func endItems() {
        if let indent { newLine(indent) }
    }

    private mutating func newLine(_ indent: Int) {
        put(UInt8(ascii: "\n"))
        for _ in 0..<level * indent { put(UInt8(ascii: " ")) }
    }

    // MARK: Bytes

    @inline(__always) private mutating func reserve(_ more: Int) {
        if capacity &- count < more { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe larger.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe larger
    }

    @inline(__always) private mutating func put(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count &+= 1
    }

    private mutating func put(literal text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        unsafe (base + count).update(from: text.utf8Start, count: length)
        count &+= length
    }

    private mutating func put(_ integer: Int64) {
        if integer < 0 { put(UInt8(ascii: "-")) }
        reserve(20)
        var rest = integer.magnitude
        var length = 1
        while rest >= 10 {
            rest /= 10
            length &+= 1
        }
        rest = integer.magnitude
        for offset in stride(from: count &+ length &- 1, through: count, by: -1) {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            unsafe base[offset] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: remainder)
            rest = quotient
        }
        count &+= length
    }

    /// The shortest text that reads back as the same double; it always has a point or an exponent.
    private mutating func put(_ number: Double) -> Bool {
        guard number.isFinite else { return false }
        var text = number.description
        text.withUTF8 { unsafe put(raw: $0) }
        return true
    }

    private mutating func put(raw bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        unsafe (base + count).update(from: start, count: bytes.count)
        count &+= bytes.count
    }

    private mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { unsafe putQuoted($0) }
    }

    /// Writes a string with its quotes; escapes what RFC 8259 §7 demands and nothing else.
    private mutating func putQuoted(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Room as if nothing were escaped; each escape reserves what it adds.
        reserve(bytes.count &+ 2)
        unsafe base[count] = UInt8(ascii: "\"")
        count &+= 1
        var offset = 0
        while offset < bytes.count {
            offset &+= unsafe putPlain(bytes, from: offset)
            if offset == bytes.count { break }
            escape(unsafe bytes[offset])
            offset &+= 1
            reserve(bytes.count &- offset &+ 1)
        }
        unsafe base[count] = UInt8(ascii: "\"")
        count &+= 1
    }

    /// Copies the bytes from `start` up to the next one that must be escaped; there is room for all the rest.
    ///
    /// - Returns: how many they are.
    @inline(__always)
    private mutating func putPlain(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= bytes.count {
            let word = unsafe UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let stops = JSONEscape.stops(in: UInt64(littleEndian: word))
            unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: word, as: UInt64.self)
            let plain = stops == 0 ? 8 : stops.trailingZeroBitCount &>> 3
            offset &+= plain
            count &+= plain
            if stops != 0 { return offset &- start }
        }
        while offset < bytes.count {
            let byte = unsafe bytes[offset]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            unsafe base[count] = byte
            count &+= 1
            offset &+= 1
        }
        return offset &- start
    }

    @inline(never) private mutating func escape(_ byte: UInt8) {
        put(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: put(UInt8(ascii: "b"))
        case 0x09: put(UInt8(ascii: "t"))
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0C: put(UInt8(ascii: "f"))
        case 0x0D: put(UInt8(ascii: "r"))
        case 0..<0x20:
            put(literal: "u00")
            put(UInt8(ascii: "0") + byte >> 4)
            let low = byte & 15
            put(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        default: put(byte)
        }
    }
}
