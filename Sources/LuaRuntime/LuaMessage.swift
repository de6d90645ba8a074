// SPDX-License-Identifier: Apache-2.0

import CLuaBridge
public import JSONCore

/// Values on their way into or out of Lua, as one run of tagged bytes.
public struct LuaMessage: Sendable, Hashable {
    var bytes: [UInt8]
    /// How many values the message holds.
    public internal(set) var count: Int

    /// The message without values.
    public init() {
        bytes = []
        count = 0
    }

    init(bytes: [UInt8], count: Int) {
        self.bytes = bytes
        self.count = count
    }

    /// The message of `values`.
    public static func of(_ values: JSONValue...) -> LuaMessage {
        var message = LuaMessage()
        for value in values { message.append(value) }
        return message
    }

    /// Appends a JSON value. Its null becomes the module's `null`, its lists keep being lists even when empty.
    public mutating func append(_ value: JSONValue) {
        count += 1
        write(value)
    }

    /// Appends a Lua value. Inside of a list or table, `nil` leaves its place empty.
    public mutating func append(_ value: LuaValue) {
        count += 1
        write(value)
    }

    /// Appends Lua's `nil`, which stands for a missing value.
    public mutating func appendNil() {
        count += 1
        write(CLB_TAG_NIL)
    }

    public mutating func append(_ value: Bool) {
        count += 1
        write(value ? CLB_TAG_TRUE : CLB_TAG_FALSE)
    }

    public mutating func append(_ value: Int64) {
        count += 1
        write(value)
    }

    public mutating func append(_ value: Double) {
        count += 1
        write(value)
    }

    public mutating func append(_ value: String) {
        count += 1
        write(CLB_TAG_STRING)
        write(text: value)
    }

    /// Appends a Lua string of any bytes.
    public mutating func append(_ value: [UInt8]) {
        count += 1
        write(CLB_TAG_STRING)
        write(bytes: value)
    }
}

extension LuaMessage {
    private mutating func write(_ tag: clb_tag) { bytes.append(UInt8(truncatingIfNeeded: tag.rawValue)) }

    private mutating func write(_ value: Int64) {
        write(CLB_TAG_INTEGER)
        // SAFETY: reads the bytes of a local.
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func write(_ value: Double) {
        write(CLB_TAG_NUMBER)
        // SAFETY: reads the bytes of a local.
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func write(count: Int) {
        precondition(count <= UInt32.max, "a list, table or string of a message has less than 2^32 parts")
        // SAFETY: reads the bytes of a local.
        unsafe withUnsafeBytes(of: UInt32(count)) { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func write(text: String) {
        let utf8 = text.utf8
        write(count: utf8.count)
        bytes.append(contentsOf: utf8)
    }

    private mutating func write(bytes value: [UInt8]) {
        write(count: value.count)
        bytes.append(contentsOf: value)
    }

    private mutating func write(_ value: JSONValue) {
        switch value {
        case .null: write(CLB_TAG_NULL)
        case .bool(let value): write(value ? CLB_TAG_TRUE : CLB_TAG_FALSE)
        case .integer(let value): write(value)
        case .number(let value): write(value)
        case .string(let value):
            write(CLB_TAG_STRING)
            write(text: value)
        case .array(let values):
            write(CLB_TAG_LIST)
            write(count: values.count)
            for value in values { write(value) }
        case .object(let object):
            write(CLB_TAG_OBJECT)
            write(count: object.count)
            for member in object.members {
                write(text: member.key)
                write(member.value)
            }
        }
    }

    private mutating func write(_ value: LuaValue) {
        switch value {
        case .nil: write(CLB_TAG_NIL)
        case .null: write(CLB_TAG_NULL)
        case .bool(let value): write(value ? CLB_TAG_TRUE : CLB_TAG_FALSE)
        case .integer(let value): write(value)
        case .number(let value): write(value)
        case .string(let value):
            write(CLB_TAG_STRING)
            write(text: value)
        case .bytes(let value):
            write(CLB_TAG_STRING)
            write(bytes: value)
        case .list(let values):
            write(CLB_TAG_LIST)
            write(count: values.count)
            for value in values { write(value) }
        case .table(let members):
            write(CLB_TAG_OBJECT)
            write(count: members.count)
            for member in members {
                write(bytes: member.key)
                write(member.value)
            }
        }
    }
}
