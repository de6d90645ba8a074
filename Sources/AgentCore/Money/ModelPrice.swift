// SPDX-License-Identifier: Apache-2.0

/// What a model costs. A rate that is `nil` is not known, which is not the same as free.
public struct ModelPrice: Sendable, Equatable {
    /// The models: names as ``Model/pricingNames`` has them; one that ends in `*` stands for all that begin so.
    public var names: [String]
    /// For a million tokens of the prompt.
    public var input: Dollars?
    /// For a million tokens of the prompt that the provider had kept; `nil` counts them as ``input``.
    public var cachedInput: Dollars?
    /// For a million tokens of the answer.
    public var output: Dollars?
    /// For a thousand pages that are read.
    public var pages: Dollars?
    /// For a thousand pages that are read and annotated; `nil` when the model does not annotate, or not for a known price.
    public var annotatedPages: Dollars?
    /// For a minute of sound, charged by the second.
    public var audioMinute: Dollars?
    /// Tokens that prompt and answer may have together.
    public var contextLength: Int?
    /// When the price was read: `2026-11-09` or `2026-11`.
    public var date: String
    /// Where it was read.
    public var source: String

    public init(names: [String], date: String, source: String) {
        self.names = names
        self.date = date
        self.source = source
    }

    /// What `usage` costs, rounded up to a picodollar for each kind of thing.
    ///
    /// - Returns: `nil` when something was used whose rate is not known.
    public func cost(of usage: Usage) -> Dollars? {
        let cached = min(max(0, usage.cachedTokens), usage.promptTokens)
        let annotated = min(max(0, usage.annotatedPages), usage.pages)
        let parts: [(count: Int, rate: Dollars?, unit: Int)] = [
            (usage.promptTokens - cached, input, 1_000_000), (cached, cachedInput ?? input, 1_000_000),
            (usage.completionTokens, output, 1_000_000), (usage.pages - annotated, pages, 1000),
            (annotated, annotatedPages, 1000), (usage.audioSeconds, audioMinute, 60),
        ]
        var sum = Dollars.zero
        for part in parts where part.count > 0 {
            guard let rate = part.rate else { return nil }
            sum += rate.of(part.count, per: part.unit)
        }
        return sum
    }
}
