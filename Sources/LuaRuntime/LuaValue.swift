// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// A Lua value as it is, with strings that need not be UTF-8; tables are either lists or have string keys.
public enum LuaValue: Sendable {
    case `nil`
    /// The null of JSON, which a table can hold and `nil` cannot be.
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    /// A string that is not UTF-8.
    case bytes([UInt8])
    case list([LuaValue])
    case table([Member])

    /// A key of a table and what it holds.
    public struct Member: Sendable, Equatable {
        /// The bytes of the key.
        public let key: [UInt8]
        public let value: LuaValue

        public init(key: [UInt8], value: LuaValue) {
            self.key = key
            self.value = value
        }

        public init(_ key: String, _ value: LuaValue) { self.init(key: Array(key.utf8), value: value) }
    }
}

extension LuaValue: Equatable {
    /// Exact: `1` and `1.0` differ, and strings compare by their bytes.
    public static func == (left: LuaValue, right: LuaValue) -> Bool {
        switch (left, right) {
        case (.nil, .nil), (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.table(let a), .table(let b)): a == b
        default: false
        }
    }
}

extension LuaValue {
    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .array(let values): self = .list(values.map { LuaValue($0) })
        case .object(let object): self = .table(object.members.map { Member($0.key, LuaValue($0.value)) })
        }
    }

    /// The value as JSON; `nil` becomes null.
    ///
    /// - Throws: ``LuaError/Code/conversion`` for a string that is not UTF-8, with its path.
    public func json() throws(LuaError) -> JSONValue {
        var message = LuaMessage()
        message.append(self)
        return try message.json(at: 0)
    }
}
