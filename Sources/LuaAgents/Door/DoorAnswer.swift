// SPDX-License-Identifier: Apache-2.0

import AgentCore
import HTTPCore
import JSONCore
import LuaRuntime

/// What the door says to a request, and whether that was for want of a grant.
struct DoorAnswer: Sendable {
    let answer: LuaAnswer
    let denial: DeniedError?
    /// What it took of a budget.
    var spent: [SpendingNote] = []
    /// The sum of that; `nil` when no service was called, or the cost is not known.
    var sum: (usage: Usage?, cost: Dollars?) = (nil, nil)

    init(_ answer: LuaAnswer, denial: DeniedError? = nil) {
        self.answer = answer
        self.denial = denial
    }
}

/// Answers as journals keep them: `{"values": […]}`, or `{"raise": "…"}` with the flags that would have granted it.
extension DoorAnswer {
    var journalValue: JSONValue {
        var fields: JSONObject
        switch answer {
        case .values(let message):
            fields = ["values": .array(message.values().map { $0.isNil ? .null : $0.journalValue })]
        case .raise(let text):
            fields = ["raise": .string(text)]
            fields["denied"] = denial.map { .array($0.flags.map { .string($0) }) }
        }
        if !spent.isEmpty { fields["spent"] = .array(spent.map(\.journalValue)) }
        return .object(fields)
    }

    init(journalValue value: JSONValue) throws {
        try self.init(answer: value)
        spent = value["spent"]?.arrayValue?.compactMap { SpendingNote(journalValue: $0) } ?? []
    }

    private init(answer value: JSONValue) throws {
        if let text = value["raise"]?.stringValue {
            let flags = value["denied"]?.arrayValue?.compactMap(\.stringValue)
            self.init(.raise(text), denial: flags.map { DeniedError(recorded: text, flags: $0) })
            return
        }
        guard let values = value["values"]?.arrayValue else {
            throw JournalError(.format, "an answer of the door: expected values")
        }
        var message = LuaMessage()
        for value in values {
            if value.isNull { message.appendNil() } else { message.append(try LuaValue(journalValue: value)) }
        }
        self.init(.values(message))
    }
}

/// A Lua value as plain JSON. What JSON has no word for is an object with the member `$`.
extension LuaValue {
    private static let mark = "$"

    var isNil: Bool { if case .nil = self { true } else { false } }

    /// `nil` and JSON's null are told apart by who has to: at the top `nil` is null, inside of tables null is.
    var journalValue: JSONValue {
        switch self {
        case .null: return [Self.mark: "null"]
        default: return inner
        }
    }

    private var inner: JSONValue {
        switch self {
        case .nil: return [Self.mark: "nil"]
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .number(value)
        case .string(let text): return .string(text)
        case .bytes(let bytes):
            if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
            return [Self.mark: "bytes", "base64": .string(String(decoding: Base64.encode(bytes), as: UTF8.self))]
        case .list(let values): return .array(values.map(\.inner))
        case .table(let members): return Self.object(members)
        }
    }

    private static func object(_ members: [Member]) -> JSONValue {
        var object = JSONObject()
        for member in members {
            guard let name = String(validating: member.key, as: UTF8.self), name != mark else {
                return [
                    mark: "table",
                    "members": .array(members.map { [LuaValue.bytes($0.key).inner, $0.value.inner] }),
                ]
            }
            object[name] = member.value.inner
        }
        return .object(object)
    }

    init(journalValue value: JSONValue) throws {
        guard case .object(let object) = value, let word = object[Self.mark]?.stringValue else {
            switch value {
            case .array(let values): self = .list(try values.map { try LuaValue(journalValue: $0) })
            case .object(let object):
                self = .table(try object.map { Member($0, try LuaValue(journalValue: $1)) })
            default: self = LuaValue(value)
            }
            return
        }
        switch word {
        case "nil": self = .nil
        case "null": self = .null
        case "bytes": self = .bytes(Base64.decode((object["base64"]?.stringValue ?? "").utf8) ?? [])
        case "table":
            self = .table(
                try (object["members"]?.arrayValue ?? []).map { pair in
                    guard let pair = pair.arrayValue, pair.count == 2 else { throw Self.wrong(word) }
                    let key = try LuaValue(journalValue: pair[0]).textBytes("a key")
                    return Member(key: key, value: try LuaValue(journalValue: pair[1]))
                })
        default: throw Self.wrong(word)
        }
    }

    private static func wrong(_ word: String) -> JournalError {
        JournalError(.format, "an answer of the door: nobody knows what \"$\": \"\(word)\" means")
    }
}
