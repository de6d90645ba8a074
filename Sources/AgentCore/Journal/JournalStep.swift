// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// What a line of execution asks of the world, before it is a record.
package struct JournalStep: Sendable {
    package var operation: String
    package var name: String
    package var effect: ToolDefinition.Effect
    package var request: JSONValue
    package var messages: [Message]

    package init(
        _ operation: String, name: String = "", effect: ToolDefinition.Effect = .read, request: JSONValue = .null,
        messages: [Message] = []
    ) {
        self.operation = operation
        self.name = name
        self.effect = effect
        self.request = request
        self.messages = messages
    }

    /// Nothing is lost when a read is asked again; before an effect it must be known that it was about to happen.
    var durabilityBefore: JournalDurability { effect == .read ? .queued : .synced }
    var durabilityAfter: JournalDurability { effect == .read ? .queued : .written }
}

/// How the answers of an operation are kept, and come back.
package struct JournalForm<Value: Sendable>: Sendable {
    /// The answer as plain JSON, with what it used.
    package var encode: @Sendable (Value) throws -> JournalAnswer
    package var decode: @Sendable (JSONValue) throws -> Value
    /// The failure as plain JSON; `nil` for one that is not an answer, such as a cancellation.
    package var encodeFailure: @Sendable (any Error) -> JSONValue?
    package var decodeFailure: @Sendable (JSONValue) -> any Error

    package init(
        encode: @escaping @Sendable (Value) throws -> JournalAnswer,
        decode: @escaping @Sendable (JSONValue) throws -> Value,
        encodeFailure: @escaping @Sendable (any Error) -> JSONValue? = { _ in nil },
        decodeFailure: @escaping @Sendable (JSONValue) -> any Error = {
            JournalError(.format, "a failure that nobody can read: \($0.typeName)")
        }
    ) {
        self.encode = encode
        self.decode = decode
        self.encodeFailure = encodeFailure
        self.decodeFailure = decodeFailure
    }
}

/// An answer on its way into a record.
package struct JournalAnswer: Sendable {
    package var value: JSONValue
    package var usage: Usage?
    package var cost: Dollars?
    /// The model that answered.
    package var model: String?

    package init(_ value: JSONValue, usage: Usage? = nil, cost: Dollars? = nil, model: String? = nil) {
        self.value = value
        self.usage = usage
        self.cost = cost
        self.model = model
    }
}

/// What can be found out about an effect that had begun when the process died.
package enum JournalDoubt<Value: Sendable>: Sendable {
    case happened(Value)
    /// It did not happen, or doing it again is the same as doing it once.
    case mayRun
    /// It must not be run again, and this is its answer.
    case mustNotRun(Value)
    case unknown
}
