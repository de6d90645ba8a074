// SPDX-License-Identifier: Apache-2.0

/// What a run may spend.
///
/// At the last turn, and once the tool calls are spent, the tools are withdrawn and the model is asked for its best
/// answer; the result's `stopped` then names the limit.
public struct RunLimits: Sendable, Equatable {
    /// Model calls, 1 or more.
    public var turns: Int
    /// Tool calls that are run, 0 or more.
    public var toolCalls: Int
    /// Prompt and completion tokens together, as the provider counts them. The response that passes the limit is the
    /// last one.
    public var tokens: Int?
    /// Time from the start of the run.
    public var time: Duration?
    /// Money for the run's model calls, 0 or more. No call is begun that could exceed it, and every model must have a price
    /// (``PriceTable``). An answer may be cut short to what is left: ``Budget`` says how.
    public var usd: Dollars?
    /// How many turns in a row may ask for the very same calls before the tools are withdrawn.
    public var repeats: Int
    /// How many answers that fail the output schema are sent back to be repaired, each as a turn of its own.
    public var repairs: Int

    public init(
        turns: Int = 16, toolCalls: Int = 64, tokens: Int? = nil, time: Duration? = nil, repeats: Int = 3,
        repairs: Int = 1, usd: Dollars? = nil
    ) {
        self.turns = turns
        self.toolCalls = toolCalls
        self.tokens = tokens
        self.time = time
        self.repeats = repeats
        self.repairs = repairs
        self.usd = usd
    }

    /// A limit that ended a run, by its name in scripts.
    public enum Kind: String, Sendable {
        case turns
        case toolCalls = "tool_calls"
        case tokens
        case seconds
        case repeats
        case usd
    }
}
