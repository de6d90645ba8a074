// SPDX-License-Identifier: Apache-2.0

/// Tokens that a call or a run has used. A provider that reports none leaves zeros.
public struct Usage: Sendable, Equatable {
    public var promptTokens: Int
    public var completionTokens: Int
    public var totalTokens: Int

    public init(promptTokens: Int = 0, completionTokens: Int = 0, totalTokens: Int? = nil) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.totalTokens = totalTokens ?? promptTokens + completionTokens
    }

    public static func += (left: inout Usage, right: Usage) {
        left.promptTokens += right.promptTokens
        left.completionTokens += right.completionTokens
        left.totalTokens += right.totalTokens
    }
}

/// Why the model stopped. An open set: an unknown word from a provider survives.
public struct FinishReason: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let stop = FinishReason(rawValue: "stop")
    public static let toolCalls = FinishReason(rawValue: "tool_calls")
    /// `max_tokens` was reached: the text is cut.
    public static let length = FinishReason(rawValue: "length")
    /// The model's context was full: the text is cut.
    public static let modelLength = FinishReason(rawValue: "model_length")
    public static let error = FinishReason(rawValue: "error")

    /// Whether the output was cut off before the model was done.
    public var isTruncation: Bool { self == .length || self == .modelLength }
}
