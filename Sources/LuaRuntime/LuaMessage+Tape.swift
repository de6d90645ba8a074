// SPDX-License-Identifier: Apache-2.0

import CLuaBridge
public import JSONCore

extension LuaMessage {
    /// Appends the document of a tape, without a tree in between. Its null becomes the module's `null`, its lists keep
    /// being lists even when empty.
    ///
    /// A document nested more than 100 deep is an error in the script that gets it.
    public mutating func append(_ tape: borrowing JSONTape) {
        let more = unsafe tape.withView { view in
            let room = unsafe TapeCopier.room(view)
            return unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                guard let start = buffer.baseAddress else { return }
                var copier = unsafe TapeCopier(view: view, next: UnsafeMutableRawPointer(start))
                _ = copier.copy(at: 0)
                count = unsafe UnsafeRawPointer(copier.next) - UnsafeRawPointer(start)
            }
        }
        bytes += more
        count += 1
    }

    /// The message of one document.
    public static func of(_ tape: borrowing JSONTape) -> LuaMessage {
        var message = LuaMessage()
        message.append(tape)
        return message
    }
}

/// Copies a tape's slots into the bytes of a message, for which ``room(_:)`` bytes are there.
@safe private struct TapeCopier {
    private let view: JSONTapeView
    fileprivate var next: UnsafeMutableRawPointer

    fileprivate init(view: JSONTapeView, next: UnsafeMutableRawPointer) {
        unsafe self.view = unsafe view
        unsafe self.next = next
    }

    /// The bytes that the document takes, or a few more: no slot takes more than nine beside its text.
    fileprivate static func room(_ view: JSONTapeView) -> Int {
        let count = unsafe view[0].extent
        var text = 0
        for position in 0..<count {
            let slot = unsafe view[position]
            if slot.kind == .string { text &+= slot.length }
        }
        return count &* 9 &+ text
    }

    /// Copies the value at a position.
    ///
    /// - Returns: the position behind it.
    fileprivate mutating func copy(at position: Int) -> Int {
        let slot = unsafe view[position]
        switch slot.kind {
        case .null: put(CLB_TAG_NULL)
        case .false: put(CLB_TAG_FALSE)
        case .true: put(CLB_TAG_TRUE)
        case .integer: put(CLB_TAG_INTEGER, word: slot.payload)
        case .number: put(CLB_TAG_NUMBER, word: slot.payload)
        case .string:
            put(CLB_TAG_STRING)
            put(text: slot)
        case .array:
            put(CLB_TAG_LIST)
            put(count: slot.length)
            var place = position + 1
            for _ in 0..<slot.length { place = copy(at: place) }
            return place
        case .object:
            put(CLB_TAG_OBJECT)
            put(count: slot.length)
            var place = position + 1
            for _ in 0..<slot.length {
                put(text: unsafe view[place])
                place = copy(at: place + 1)
            }
            return place
        }
        return position + 1
    }

    @inline(__always) private mutating func put(_ tag: clb_tag) {
        unsafe next.storeBytes(of: UInt8(truncatingIfNeeded: tag.rawValue), as: UInt8.self)
        unsafe next += 1
    }

    @inline(__always) private mutating func put(_ tag: clb_tag, word: UInt64) {
        put(tag)
        unsafe next.storeBytes(of: word, as: UInt64.self)
        unsafe next += 8
    }

    @inline(__always) private mutating func put(count: Int) {
        precondition(count <= UInt32.max, "a list, table or string of a message has less than 2^32 parts")
        unsafe next.storeBytes(of: UInt32(truncatingIfNeeded: count), as: UInt32.self)
        unsafe next += 4
    }

    @inline(__always) private mutating func put(text slot: JSONSlot) {
        put(count: slot.length)
        let bytes = unsafe view.bytes(slot)
        if let start = bytes.baseAddress { unsafe next.copyMemory(from: start, byteCount: slot.length) }
        unsafe next += slot.length
    }
}
