// SPDX-License-Identifier: Apache-2.0

package import JSONCore
package import LuaRuntime

/// The arguments of one request at the door, read with errors that name the operation.
package struct DoorRequest: Sendable {
    package let operation: String
    private let message: LuaMessage

    init(_ request: LuaRequest) {
        operation = request.operation
        message = request.arguments
    }

    /// All arguments, with strings as they are.
    var values: [LuaValue] { message.values() }

    /// The argument at `index`; `.null` when it was left out or nil.
    package func json(_ index: Int) throws -> JSONValue {
        do {
            return index < message.count ? try message.json(at: index) : .null
        } catch {
            throw Misuse("\(Self.shown(operation)): \(error)")
        }
    }

    package func string(_ index: Int, _ name: String) throws -> String {
        let value = try json(index)
        guard let text = value.stringValue else { throw wrong(name, "a string", value) }
        return text
    }

    /// A string's bytes, which need not be UTF-8.
    package func bytes(_ index: Int, _ name: String) throws -> [UInt8] {
        let values = message.values()
        return try (index < values.count ? values[index] : .nil).textBytes("\(Self.shown(operation)): \(name)")
    }

    /// The members of a table, whose strings need not be UTF-8.
    func table(_ index: Int, _ name: String) throws -> [(name: String, value: LuaValue)] {
        let values = message.values()
        guard index < values.count, case .table(let members) = values[index] else {
            throw Misuse("\(Self.shown(operation)): \(name): expected a table")
        }
        return members.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
    }

    package func integer(_ index: Int, _ name: String) throws -> Int64 {
        let value = try json(index)
        guard let number = value.integerValue else { throw wrong(name, "an integer", value) }
        return number
    }

    package func number(_ index: Int, _ name: String) throws -> Double {
        let value = try json(index)
        guard let number = value.doubleValue else { throw wrong(name, "a number", value) }
        return number
    }

    private func wrong(_ name: String, _ expected: String, _ value: JSONValue) -> Misuse {
        let found = value.isNull ? "nil" : value.typeName
        return Misuse("\(Self.shown(operation)): \(name): expected \(expected), found \(found)")
    }

    static func shown(_ operation: String) -> String {
        operation.hasPrefix("agent.") ? operation : "agent." + operation
    }
}

extension LuaValue {
    func textBytes(_ place: String) throws(Misuse) -> [UInt8] {
        switch self {
        case .string(let text): return Array(text.utf8)
        case .bytes(let bytes): return bytes
        default: throw Misuse("\(place): expected a string")
        }
    }
}

extension LuaAnswer {
    package static func json(_ value: JSONValue) -> LuaAnswer {
        var message = LuaMessage()
        message.append(value)
        return .values(message)
    }

    /// What a provider says, for a script: fields that are null are left out.
    static func said(_ value: JSONValue) -> LuaAnswer { .json(value.withoutNullMembers) }

    static func bytes(_ bytes: [UInt8]) -> LuaAnswer {
        var message = LuaMessage()
        message.append(bytes)
        return .values(message)
    }

    package static var nothing: LuaAnswer { .values(LuaMessage()) }

    /// `nil, reason`, and details where there are some: a failure that the script may handle.
    package static func failure(_ reason: String, details: JSONValue? = nil) -> LuaAnswer {
        var message = LuaMessage()
        message.appendNil()
        message.append(reason)
        if let details { message.append(details) }
        return .values(message)
    }
}
