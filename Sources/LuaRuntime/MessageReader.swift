// SPDX-License-Identifier: Apache-2.0

import CLuaBridge
import JSONCore

/// Reads the values of a message, one after the other.
///
/// The bytes were written by this module or by the bridge, so what does not fit the format is a mistake of the code
/// here; every access is checked for it all the same.
@safe struct MessageReader: ~Copyable {
    /// A string that is not UTF-8, and the way to it from the inside out.
    struct Failure: Error {
        enum Step {
            case key(String)
            case index(Int)
        }

        var isKey: Bool
        var path: [Step] = []

        func inside(_ step: Step) -> Failure {
            var copy = self
            copy.path.append(step)
            return copy
        }

        func error(at position: Int) -> LuaError {
            let place = path.reversed().map { step in
                switch step {
                case .key(let key): ".\(key)"
                case .index(let index): "[\(index)]"
                }
            }
            let path = place.isEmpty ? "" : " at \(place.joined())"
            return LuaError(.conversion, "value \(position + 1)\(path): \(isKey ? "a key" : "a string") is not UTF-8")
        }
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// - Parameter bytes: must outlive the reader.
    @unsafe init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        unsafe precondition(count <= bytes.count - offset, "a message ends early")
        defer { offset += count }
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    private mutating func tag() -> clb_tag {
        clb_tag(UInt32(unsafe take(1)[0]))
    }

    private mutating func number<Value: BitwiseCopyable>(as type: Value.Type) -> Value {
        unsafe take(MemoryLayout<Value>.size).loadUnaligned(as: type)
    }

    private mutating func size() -> Int { Int(number(as: UInt32.self)) }

    private mutating func text() -> String? {
        let count = size()
        return unsafe String(validating: take(count).assumingMemoryBound(to: UInt8.self), as: UTF8.self)
    }

    private mutating func string() -> LuaValue {
        let start = offset
        if let text = text() { return .string(text) }
        offset = start
        return .bytes(data())
    }

    private mutating func data() -> [UInt8] {
        let count = size()
        return unsafe Array(take(count))
    }
}

extension MessageReader {
    mutating func luaValue() -> LuaValue {
        switch tag() {
        case CLB_TAG_NIL: return .nil
        case CLB_TAG_FALSE: return .bool(false)
        case CLB_TAG_TRUE: return .bool(true)
        case CLB_TAG_NULL: return .null
        case CLB_TAG_INTEGER: return .integer(number(as: Int64.self))
        case CLB_TAG_NUMBER: return .number(number(as: Double.self))
        case CLB_TAG_STRING: return string()
        case CLB_TAG_LIST:
            var values: [LuaValue] = []
            let count = size()
            values.reserveCapacity(count)
            for _ in 0..<count { values.append(luaValue()) }
            return .list(values)
        default:
            var members: [LuaValue.Member] = []
            let count = size()
            members.reserveCapacity(count)
            for _ in 0..<count { members.append(LuaValue.Member(key: data(), value: luaValue())) }
            return .table(members)
        }
    }

    mutating func skip() {
        switch tag() {
        case CLB_TAG_NIL, CLB_TAG_FALSE, CLB_TAG_TRUE, CLB_TAG_NULL: break
        case CLB_TAG_INTEGER, CLB_TAG_NUMBER: _ = unsafe take(8)
        case CLB_TAG_STRING: _ = unsafe take(size())
        case CLB_TAG_LIST: for _ in 0..<size() { skip() }
        default:
            for _ in 0..<size() {
                _ = unsafe take(size())
                skip()
            }
        }
    }

    mutating func jsonValue() throws(Failure) -> JSONValue {
        switch tag() {
        case CLB_TAG_NIL, CLB_TAG_NULL: return .null
        case CLB_TAG_FALSE: return .bool(false)
        case CLB_TAG_TRUE: return .bool(true)
        case CLB_TAG_INTEGER: return .integer(number(as: Int64.self))
        case CLB_TAG_NUMBER: return .number(number(as: Double.self))
        case CLB_TAG_STRING:
            guard let text = text() else { throw Failure(isKey: false) }
            return .string(text)
        case CLB_TAG_LIST: return try jsonArray()
        default: return try jsonObject()
        }
    }

    private mutating func jsonArray() throws(Failure) -> JSONValue {
        let count = size()
        var values: [JSONValue] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            do throws(Failure) { values.append(try jsonValue()) } catch { throw error.inside(.index(index + 1)) }
        }
        return .array(values)
    }

    private mutating func jsonObject() throws(Failure) -> JSONValue {
        let count = size()
        var object = JSONObject()
        for _ in 0..<count {
            guard let key = text() else { throw Failure(isKey: true) }
            do throws(Failure) {
                _ = object.appendIfNew(key, try jsonValue())
            } catch {
                throw error.inside(.key(key))
            }
        }
        return .object(object)
    }
}
