// SPDX-License-Identifier: Apache-2.0

/// A guardrail in use: whose rule it is, and what becomes of a run in which it cannot judge.
public struct GuardrailRule: Sendable {
    public var guardrail: any Guardrail
    /// Whose rule it is, as errors and events say it: `policy guardrails.toml`, `task.lua`, `host`.
    public var owner: String
    /// How long a check may take, however many texts it is given. By default 30 s.
    public var timeout: Duration
    /// Whether a text passes that could not be judged. By default it is blocked.
    public var failsOpen: Bool
    /// Whether input is judged while the model already answers. Nothing of the answer is shown and no tool is run before the
    /// verdict; what the rule finds blocks, as what the model has read cannot be replaced any more. Counts for input only.
    public var isParallel: Bool
    /// Whether events and errors hold the text that was judged. By default they do not.
    public var showsText: Bool
    /// Whether all of a conversation that a run begins with is judged, whoever speaks in it. By default what is new is: the user's words
    /// behind the last answer. Counts for input and for tool results.
    public var judgesHistory: Bool

    public init(
        _ guardrail: any Guardrail, owner: String = "host", timeout: Duration = .seconds(30), failsOpen: Bool = false,
        isParallel: Bool = false, showsText: Bool = false, judgesHistory: Bool = false
    ) {
        self.guardrail = guardrail
        self.owner = owner
        self.timeout = timeout
        self.failsOpen = failsOpen
        self.isParallel = isParallel
        self.showsText = showsText
        self.judgesHistory = judgesHistory
    }
}

/// The guardrails of an agent, by stage. Each judges what the one before it let pass.
public struct GuardrailSet: Sendable {
    /// How much of an answer waits for its check.
    public enum Delay: Sendable, Equatable, Comparable {
        /// Text is shown once so many sentences behind it have been checked, itself as the first. 0 shows text at once and checks
        /// behind it: a block then ends a stream that has shown what it should not.
        case sentences(Int)
        /// Nothing is shown before all of the answer has been checked.
        case whole
    }

    public var input: [GuardrailRule]
    public var output: [GuardrailRule]
    public var toolCall: [GuardrailRule]
    public var toolResult: [GuardrailRule]
    /// By default one sentence.
    public var delay: Delay

    public init(
        input: [GuardrailRule] = [], output: [GuardrailRule] = [], toolCall: [GuardrailRule] = [],
        toolResult: [GuardrailRule] = [], delay: Delay = .sentences(1)
    ) {
        self.input = input
        self.output = output
        self.toolCall = toolCall
        self.toolResult = toolResult
        self.delay = delay
    }

    public subscript(stage: GuardrailStage) -> [GuardrailRule] {
        get {
            switch stage {
            case .input: input
            case .output: output
            case .toolCall: toolCall
            case .toolResult: toolResult
            }
        }
        set {
            switch stage {
            case .input: input = newValue
            case .output: output = newValue
            case .toolCall: toolCall = newValue
            case .toolResult: toolResult = newValue
            }
        }
    }

    public var isEmpty: Bool { GuardrailStage.allCases.allSatisfy { self[$0].isEmpty } }

    /// These rules and behind them those of `other`; of the delays the longer one.
    public func tightened(by other: GuardrailSet) -> GuardrailSet {
        var both = self
        for stage in GuardrailStage.allCases { both[stage] += other[stage] }
        both.delay = max(delay, other.delay)
        return both
    }
}
