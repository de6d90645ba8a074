// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// What came of a run that ended in an answer, be it complete or the best that a limit allowed.
public struct RunResult: Sendable, Equatable {
    /// The answer as text; of structured output the JSON alone, without a Markdown fence around it.
    public var text: String
    /// The validated value, when structured output or JSON mode was asked for; `nil` then only when a limit ended the run.
    public var output: JSONValue?
    public var usage: Usage
    /// What the model calls of the run cost; `nil` when a model has no price or a provider did not say what was used.
    public var cost: Dollars?
    /// Every call of the run in the order the model asked for them.
    public var toolCalls: [ToolCallRecord]
    /// The conversation with the input first. The agent's instructions are not part of it.
    public var messages: [Message]
    public var finishReason: FinishReason
    /// The limit that ended the run; `nil` when the model was done.
    public var stopped: RunLimits.Kind?
    /// Model calls made.
    public var turns: Int
    /// What guardrails found in the run and let pass or replaced, in order.
    public var guardrails: [GuardrailReport]

    public init(
        text: String, output: JSONValue? = nil, usage: Usage = .init(), cost: Dollars? = nil,
        toolCalls: [ToolCallRecord] = [], messages: [Message] = [], finishReason: FinishReason = .stop,
        stopped: RunLimits.Kind? = nil, turns: Int = 1, guardrails: [GuardrailReport] = []
    ) {
        self.text = text
        self.output = output
        self.usage = usage
        self.cost = cost
        self.toolCalls = toolCalls
        self.messages = messages
        self.finishReason = finishReason
        self.stopped = stopped
        self.turns = turns
        self.guardrails = guardrails
    }
}

/// A call and what came of it.
public struct ToolCallRecord: Sendable, Equatable {
    public var call: ToolCall
    public var result: ToolResult

    public init(call: ToolCall, result: ToolResult) {
        self.call = call
        self.result = result
    }
}

/// Why a run ended without an answer.
public struct RunError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The model gave no answer; `cause` is the ``ModelError``.
        public static let model = Code(rawValue: "model")
        /// The answer was cut off where only a whole one is of use.
        public static let truncated = Code(rawValue: "truncated")
        /// The answer failed its schema, and so did its repair. `attempts` holds both.
        public static let output = Code(rawValue: "output")
        /// A tool waits for an approval that nobody can give here.
        public static let approval = Code(rawValue: "approval")
        /// A call of a deferred tool waits for its result, which comes from outside.
        public static let deferred = Code(rawValue: "deferred")
        /// A guardrail blocked the run: ``RunError/block`` says which. `cause` is the ``GuardrailReport``, or the ``ModelError`` of a
        /// provider whose own guardrail did.
        public static let guardrail = Code(rawValue: "guardrail")
        /// The agent is set up wrongly: a bad schema, two tools of one name.
        public static let configuration = Code(rawValue: "configuration")
        public static let cancelled = Code(rawValue: "cancelled")
        /// Anything else that was thrown while the run went on.
        public static let host = Code(rawValue: "host")
    }

    public var code: Code
    public var message: String
    public var cause: (any Error)?
    /// The answers that failed their schema, first to last.
    public var attempts: [String]
    /// What had been used until then.
    public var usage: Usage
    /// The conversation until then, so that nothing is lost.
    public var messages: [Message]

    public init(
        _ code: Code, _ message: String, cause: (any Error)? = nil, attempts: [String] = [], usage: Usage = .init(),
        messages: [Message] = []
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        self.attempts = attempts
        self.usage = usage
        self.messages = messages
    }

    public var description: String { message }
}

/// What happens in a run, while it happens. The last event is ``done(_:)`` or ``failed(_:)``, and only the last.
public enum RunEvent: Sendable {
    /// A model call begins; turns count from 1. `mayCallTools` is false when the turn can only answer.
    case turn(Int, mayCallTools: Bool)
    case text(String)
    /// Structured output so far, while it arrives: the strings and containers at its end may still grow, and nothing of it
    /// has been held to the schema yet. After a repair it begins anew.
    case partial(JSONValue)
    case thinking(String)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
    /// What the operator must see of a tool that failed; the model was only told that it did.
    case toolFault(ToolCall, description: String)
    /// A guardrail found something, or could not judge.
    case guardrail(GuardrailReport)
    /// Tokens of the run so far.
    case usage(Usage)
    case retrying(attempt: Int, delay: Duration, reason: String)
    case progress(String)
    case done(RunResult)
    case failed(RunError)
}
