// SPDX-License-Identifier: Apache-2.0

/// What a call or a run has used. A provider that reports nothing leaves zeros; sums stop at `Int.max`.
public struct Usage: Sendable, Equatable {
    public var promptTokens: Int
    public var completionTokens: Int
    public var totalTokens: Int
    /// Of the prompt's tokens, those that the provider had kept from before and charges less for.
    public var cachedTokens: Int
    /// Seconds of sound in the prompt.
    public var audioSeconds: Int
    /// Pages that were read.
    public var pages: Int
    /// Of the pages, those that were annotated by a schema as well, which costs more.
    public var annotatedPages: Int

    public init(
        promptTokens: Int = 0, completionTokens: Int = 0, totalTokens: Int? = nil, cachedTokens: Int = 0,
        audioSeconds: Int = 0, pages: Int = 0, annotatedPages: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.totalTokens = totalTokens ?? promptTokens.addingUpToMaximum(completionTokens)
        self.cachedTokens = cachedTokens
        self.audioSeconds = audioSeconds
        self.pages = pages
        self.annotatedPages = annotatedPages
    }

    // Inlined into a loop, these branches cost the optimizer of Swift 6.3 five minutes (loop-invariant code motion).
    @inline(never) public static func += (left: inout Usage, right: Usage) {
        left.promptTokens = left.promptTokens.addingUpToMaximum(right.promptTokens)
        left.completionTokens = left.completionTokens.addingUpToMaximum(right.completionTokens)
        left.totalTokens = left.totalTokens.addingUpToMaximum(right.totalTokens)
        left.cachedTokens = left.cachedTokens.addingUpToMaximum(right.cachedTokens)
        left.audioSeconds = left.audioSeconds.addingUpToMaximum(right.audioSeconds)
        left.pages = left.pages.addingUpToMaximum(right.pages)
        left.annotatedPages = left.annotatedPages.addingUpToMaximum(right.annotatedPages)
    }
}

extension Int {
    /// The sum, or `Int.max` or `Int.min` where it does not fit: a provider's figures must not end the process.
    func addingUpToMaximum(_ other: Int) -> Int {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other > 0 ? .max : .min) : sum
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
