// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// A line of the input of `agent batch`: a prompt, or an object with a prompt, with messages, or with whatever its task reads.
struct BatchItem: Sendable {
    /// Which item of the file this is, from 0; blank lines are none.
    let index: Int
    /// Its `id`, as it is written; `nil` when it has none.
    let id: JSONValue?
    /// What an agent is asked; `nil` when the line has no `prompt`, `input` or `messages`.
    let messages: [Message]?
    /// `arg[1]` of the task: a line that is a string as text, any other as JSON.
    let argument: String

    /// - Throws: ``Misuse`` or `JSONError` with what is wrong.
    init(_ line: Span<UInt8>, index: Int) throws {
        let value = try JSONValue(parsing: line)
        self.index = index
        switch value {
        case .string(let prompt):
            (id, messages, argument) = (nil, [.user(prompt)], prompt)
        case .object(let fields):
            id = try Self.id(fields["id"])
            messages = try Self.messages(fields)
            argument = try value.serialized()
        default:
            throw Misuse("expected a prompt or an object, found \(value.typeName)")
        }
    }

    private static func id(_ value: JSONValue?) throws -> JSONValue? {
        switch value {
        case nil, .null: return nil
        case .string, .integer: return value
        case let other?: throw Misuse("/id: expected a string or an integer, found \(other.typeName)")
        }
    }

    private static func messages(_ fields: JSONObject) throws -> [Message]? {
        let given = ["prompt", "input", "messages"].filter { fields[$0] != nil }
        guard given.count < 2 else { throw Misuse("expected one of /\(given.joined(separator: ", /")), found both") }
        guard let name = given.first, let value = fields[name] else { return nil }
        if name == "prompt", value.stringValue == nil {
            throw Misuse("/prompt: expected a string, found \(value.typeName)")
        }
        // What `input` holds is a matter of the task, unless it is a prompt.
        if name == "input" { return value.stringValue.map { [.user($0)] } }
        do {
            return try Message.conversation(value)
        } catch {
            throw Misuse("/\(name): \(error)")
        }
    }
}
