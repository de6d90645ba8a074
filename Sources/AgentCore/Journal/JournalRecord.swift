// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// One thing that a run asked of the world: written when it began, and once more when it was answered.
public struct JournalRecord: Sendable, Equatable {
    /// Counts the records of a run from 1, in the order in which they began.
    public var number: Int
    public var path: JournalPath
    /// What was asked: `model`, `tool`, `approval`, `guardrail`, `agent.run`, `map`, or an operation of the door such as
    /// `http`, `fs.write`, `now`. An open set.
    public var operation: String
    /// What it was asked of: the name of the model, the tool or the guardrail, the URL's host, the path. May be empty.
    public var name: String
    /// What it could do to the world.
    public var effect: ToolDefinition.Effect
    /// What was asked, without secrets. Plain JSON; its form is the operation's.
    public var request: JSONValue
    /// The conversation that a model was sent or an agent was given; empty for other operations.
    public var messages: [Message]
    /// Microseconds since 1970.
    public var began: Int64
    /// Microseconds since 1970; `nil` while it is not answered.
    public var ended: Int64?
    /// What came of it; `nil` when the run ended before it was answered.
    public var outcome: Outcome?
    /// What it used, where that is known.
    public var usage: Usage?
    /// What it cost; `nil` when that is not known, or it costs nothing by itself.
    public var cost: Dollars?

    public init(
        number: Int, path: JournalPath, operation: String, name: String = "", effect: ToolDefinition.Effect = .read,
        request: JSONValue = .null, messages: [Message] = [], began: Int64, ended: Int64? = nil,
        outcome: Outcome? = nil, usage: Usage? = nil, cost: Dollars? = nil
    ) {
        self.number = number
        self.path = path
        self.operation = operation
        self.name = name
        self.effect = effect
        self.request = request
        self.messages = messages
        self.began = began
        self.ended = ended
        self.outcome = outcome
        self.usage = usage
        self.cost = cost
    }

    /// What came of a request.
    public struct Outcome: Sendable, Equatable {
        /// The answer, or what is known of the failure. Plain JSON; its form is the operation's.
        public var value: JSONValue
        /// Whether `value` says why there is no answer.
        public var isFailure: Bool
        /// Whether a secret was taken out of `value`, so that it is not what was answered.
        public var isRedacted: Bool

        public init(_ value: JSONValue, isFailure: Bool = false, isRedacted: Bool = false) {
            self.value = value
            self.isFailure = isFailure
            self.isRedacted = isRedacted
        }

        /// Whether it was stopped before there was an answer.
        var isCancelled: Bool { isFailure && value["cancelled"]?.boolValue == true }
    }

    /// Whether it has records inside of it.
    public var isGroup: Bool { Self.groups.contains(operation) }
    static let groups: Set<String> = ["agent.run", "agent.stream", "tool", "tool.call", "map", "batch"]
}
