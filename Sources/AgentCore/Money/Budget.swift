// SPDX-License-Identifier: Apache-2.0

/// What a call can cost at most.
struct CallEstimate: Sendable, Equatable {
    /// Tokens of the prompt, at most.
    var promptTokens: Int
    /// Tokens of each answer, at most; `nil` when the request does not say.
    var outputTokens: Int?
    /// How many answers are asked for.
    var answers = 1
    /// The prices of the models that may answer: the dearest counts. Never empty.
    var prices: [ModelPrice]

    fileprivate var input: Dollars { prices.compactMap(\.input).max() ?? .zero }
    fileprivate var output: Dollars { prices.compactMap(\.output).max() ?? .zero }
    /// No answer is longer than the request says, nor than the model's context; of models whose context is not known, none is
    /// longer than the longest context there is.
    fileprivate var longestAnswer: Int {
        min(outputTokens ?? .max, prices.map { $0.contextLength ?? Self.longestContext }.max() ?? Self.longestContext)
    }
    private static let longestContext = 1 << 20

    /// What `max_tokens` may be: providers refuse more than the context has room for beside the prompt. The prompt is known only
    /// by its upper bound, so half of the context is asked for in any case.
    fileprivate func maxTokens(_ payable: Int) -> Int {
        if outputTokens != nil { return payable }
        let context = prices.map { $0.contextLength ?? Self.unknownContext }.min() ?? Self.unknownContext
        return min(payable, max(context - promptTokens, context / 2))
    }
    /// The API's own default where a model card does not say.
    private static let unknownContext = 32_768
}

/// Decides whether a call can still be paid for. A value without I/O: what is told of it is all it knows.
///
/// A call is let through when the whole prompt and the longest answer fit what is left. An answer whose longest form does not
/// fit is cut to what does, by `max_tokens`; when that is less than ``leastAnswer`` tokens, the call is not made. What a call
/// could cost is set aside until it is known what it did cost, so that calls side by side do not spend the same money. What a
/// provider leaves unsaid counts as the most it can have been.
struct Budget: Sendable, Equatable {
    /// An answer that must be cut shorter than this is not worth its prompt.
    static let leastAnswer = 128

    enum Verdict: Sendable, Equatable {
        /// `worst` is to be set aside, and `maxTokens` to be asked for where it is not `nil`.
        case fits(worst: Dollars, maxTokens: Int?)
        /// Not while other calls are under way.
        case wait
        case refused
    }

    let limit: Dollars
    private(set) var spent = Dollars.zero
    private(set) var reserved = Dollars.zero

    init(limit: Dollars) { self.limit = limit }

    func verdict(on call: CallEstimate) -> Verdict {
        switch judge(call, room: limit - spent - reserved) {
        case .refused where reserved > .zero: judge(call, room: limit - spent) == .refused ? .refused : .wait
        case let verdict: verdict
        }
    }

    private func judge(_ call: CallEstimate, room: Dollars) -> Verdict {
        let prompt = call.input.of(call.promptTokens, per: 1_000_000)
        guard prompt <= room, spent <= limit else { return .refused }
        guard call.output > .zero else { return .fits(worst: prompt, maxTokens: nil) }
        let payable = (room - prompt).buys(at: call.output, per: 1_000_000) / max(1, call.answers)
        if call.longestAnswer <= payable {
            return .fits(worst: prompt + answer(call, call.longestAnswer), maxTokens: nil)
        }
        guard payable >= min(Self.leastAnswer, call.longestAnswer) else { return .refused }
        let tokens = call.maxTokens(payable)
        return .fits(worst: prompt + answer(call, tokens), maxTokens: tokens)
    }

    private func answer(_ call: CallEstimate, _ tokens: Int) -> Dollars {
        let (all, overflows) = tokens.multipliedReportingOverflow(by: max(1, call.answers))
        return call.output.of(overflows ? .max : all, per: 1_000_000)
    }

    mutating func reserve(_ worst: Dollars) { reserved += worst }

    /// Ends a call that `worst` was set aside for.
    mutating func settle(_ worst: Dollars, cost: Dollars) {
        reserved = reserved - worst
        spent += cost
    }
}
