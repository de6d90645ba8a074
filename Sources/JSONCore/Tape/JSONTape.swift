// SPDX-License-Identifier: Apache-2.0

/// One value, or one member name, on a ``JSONTape``.
///
/// | kind | length | payload |
/// |---|---|---|
/// | null, false, true | 0 | 0 |
/// | integer | 0 | the `Int64`'s bits |
/// | number | 0 | the `Double`'s bits |
/// | string, member name | bytes of UTF-8 | offset of the first byte in the tape's text |
/// | array | elements | slots of the whole array, its own included |
/// | object | members | slots of the whole object, its own included |
///
/// Behind an array's slot come its elements; behind an object's, name, value, name, value, … in the order of the text.
package struct JSONSlot: Sendable {
    package enum Kind: UInt8, Sendable { case null, `false`, `true`, integer, number, string, array, object }

    /// The kind in the low 8 bits, the length in the others.
    package var tag: UInt64
    package var payload: UInt64

    @inlinable @inline(__always) package init(tag: UInt64, payload: UInt64) {
        self.tag = tag
        self.payload = payload
    }

    @inlinable @inline(__always) package init(_ kind: Kind, length: Int = 0, payload: UInt64 = 0) {
        self.init(tag: UInt64(kind.rawValue) | UInt64(truncatingIfNeeded: length) &<< 8, payload: payload)
    }

    @inlinable @inline(__always) package var kind: Kind {
        unsafe unsafeBitCast(UInt8(truncatingIfNeeded: tag), to: Kind.self)
    }
    @inlinable @inline(__always) package var length: Int { Int(truncatingIfNeeded: tag &>> 8) }
    @inlinable @inline(__always) package var integer: Int64 { Int64(bitPattern: payload) }
    @inlinable @inline(__always) package var number: Double { Double(bitPattern: payload) }
    /// Where a string's bytes begin.
    @inlinable @inline(__always) package var offset: Int { Int(truncatingIfNeeded: payload) }
    /// How many slots a value takes: what to add to its position to be behind it.
    @inlinable @inline(__always) package var extent: Int {
        kind.rawValue >= Kind.array.rawValue ? Int(truncatingIfNeeded: payload) : 1
    }
}

/// A look at a tape while it lives: what readers in other targets walk. Valid only inside the call that gave it.
@unsafe package struct JSONTapeView {
    package let slots: UnsafePointer<JSONSlot>
    /// The strings' bytes, unescaped. At least ``JSONTape/padding`` readable zero bytes follow the last one, so that
    /// eight bytes may be loaded at the start of any string.
    package let text: UnsafePointer<UInt8>

    @inlinable @inline(__always) package init(slots: UnsafePointer<JSONSlot>, text: UnsafePointer<UInt8>) {
        unsafe self.slots = unsafe slots
        unsafe self.text = unsafe text
    }

    @inlinable @inline(__always) package subscript(position: Int) -> JSONSlot { unsafe slots[position] }

    /// The bytes of the string or name at a position.
    @inlinable @inline(__always) package func bytes(_ slot: JSONSlot) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: text + slot.offset, count: slot.length)
    }
}

/// A JSON document as one flat row of slots and one run of bytes: what the parser makes, the schema checks and Lua's
/// tables are filled from, without a tree in between. It can be filled again and again and then allocates no more.
@safe public struct JSONTape: ~Copyable {
    package static let padding = 64

    var slots: UnsafeMutablePointer<JSONSlot>
    var slotCapacity: Int
    var count = 0
    var text: UnsafeMutablePointer<UInt8>
    var textCapacity: Int
    var textCount = 0
    /// The open containers of a parse; made when one is met that is deeper than any before.
    var frames: UnsafeMutablePointer<JSONFrame>
    var frameCapacity: Int
    /// The keys of objects too large for a scan, during a parse.
    var keys = JSONKeyIndex()

    /// An empty tape, which holds `null` until it is filled.
    public init() {
        slotCapacity = 64
        unsafe slots = .allocate(capacity: slotCapacity)
        textCapacity = 512
        unsafe text = unsafe Self.allocateText(textCapacity)
        unsafe slots[0] = JSONSlot(.null)
        count = 1
        frameCapacity = 16
        unsafe frames = .allocate(capacity: frameCapacity)
    }

    deinit {
        unsafe frames.deallocate()
        unsafe slots.deallocate()
        unsafe Self.deallocateText(text)
    }

    /// Room for text with padding on both sides; what is before it may be loaded and means nothing.
    static func allocateText(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + 2 * padding)
        unsafe start.update(repeating: 0, count: 2 * padding)
        return unsafe start + padding
    }

    static func deallocateText(_ text: UnsafeMutablePointer<UInt8>) { unsafe (text - padding).deallocate() }

    /// Calls `body` with a view of the document, whose root stands at position 0.
    @inline(__always)
    package borrowing func withView<Result, Failure: Error>(
        _ body: (JSONTapeView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(JSONTapeView(slots: slots, text: text))
    }
}
