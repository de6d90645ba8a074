// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Decides for ``RunStateMachine`` whether there is money for the next call, and keeps count of what calls have cost. No I/O.
struct RunMoney: Sendable {
    enum Verdict {
        /// Perhaps with less to generate than was asked for.
        case call(ModelRequest)
        case wait
        case refused
    }

    /// A call that is under way.
    private struct Call {
        /// What was set aside for it.
        let worst: Dollars
        /// Whether the answer was made shorter than was asked for.
        let isCapped: Bool
    }

    /// The prompt of the last call: so much of the conversation is known in tokens.
    private struct KnownPrompt {
        let tokens: Int
        let messages: Int
    }

    private let names: [String]
    private let prices: PriceTable
    private var totals = UsageTotals()
    private var own: Budget?
    /// What this run has in common with others; lent for each step.
    var shared: SharedSpending?
    /// What was recorded of the next call; lent for each step. It counts, whatever is left.
    var recorded: RecordedAdmission?
    /// The request that waits for money.
    private(set) var held: ModelRequest?
    private var call: Call?
    private var known: KnownPrompt?

    init(_ configuration: RunStateMachine.Configuration) {
        names = configuration.pricingNames
        prices = configuration.prices
        own = configuration.limits.usd.map(Budget.init)
    }

    /// What the calls of this run have cost; `nil` when that is not known.
    var cost: Dollars? { totals.cost(by: prices) }

    /// - Parameter conversation: the messages that make the request; `nil` when it is made of others.
    mutating func verdict(on request: ModelRequest, conversation: [Message]?) -> Verdict {
        held = nil
        let budgets = [own, shared?.budget].compactMap(\.self)
        guard !budgets.isEmpty else { return begin(request, worst: .zero, cap: nil) }
        switch recorded {
        case .refused?: return .refused
        case .admitted(let tokens)?:
            let asked = request.options.maxTokens ?? .max
            return begin(request, worst: .zero, cap: tokens.flatMap { $0 < asked ? $0 : nil })
        case nil: break
        }
        let estimate = estimate(request, conversation)
        var worst = Dollars.max
        var cap: Int?
        for budget in budgets {
            switch budget.verdict(on: estimate) {
            case .refused: return .refused
            case .wait: held = request
            case .fits(let cost, let tokens):
                // With two limits the tighter one holds: less to generate, and less to be paid at worst.
                worst = min(worst, cost)
                cap = [cap, tokens].compactMap(\.self).min()
            }
        }
        return held == nil ? begin(request, worst: worst, cap: cap) : .wait
    }

    private mutating func begin(_ request: ModelRequest, worst: Dollars, cap: Int?) -> Verdict {
        call = Call(worst: worst, isCapped: cap != nil)
        own?.reserve(worst)
        shared?.budget?.reserve(worst)
        var request = request
        if let cap { request.options.maxTokens = cap }
        return .call(request)
    }

    /// Notes an answer.
    ///
    /// - Returns: whether it was cut off because the money would not have paid for more.
    mutating func settle(_ response: ModelResponse) -> Bool {
        let isCut = call?.isCapped == true && response.finishReason.isTruncation
        end(response.usage, by: response.pricingName ?? names.first ?? "", isCharged: true)
        return isCut
    }

    /// The call that is under way gave no answer.
    mutating func callFailed(isCharged: Bool) {
        if call != nil { end(nil, by: names.first ?? "", isCharged: isCharged) }
    }

    private mutating func end(_ usage: Usage?, by name: String, isCharged: Bool) {
        if usage != nil || isCharged {
            totals.note(usage, model: name)
            shared?.totals.note(usage, model: name)
        }
        let worst = call?.worst ?? .zero
        let cost = usage.map { prices[name]?.cost(of: $0) ?? worst } ?? (isCharged ? worst : .zero)
        own?.settle(worst, cost: cost)
        shared?.budget?.settle(worst, cost: cost)
        call = nil
    }

    /// The prompt of the first `messages` messages had as many tokens as `usage` says.
    mutating func promptIsKnown(_ usage: Usage?, messages: Int) {
        known = usage.flatMap { $0.promptTokens > 0 ? KnownPrompt(tokens: $0.promptTokens, messages: messages) : nil }
    }

    private func estimate(_ request: ModelRequest, _ conversation: [Message]?) -> CallEstimate {
        var tokens = TokenBound.prompt(request)
        if let known, let conversation, conversation.count >= known.messages {
            let rest = TokenBound.messages(conversation[known.messages...])
            tokens = min(tokens, (known.tokens + TokenBound.request).addingUpToMaximum(rest))
        }
        return CallEstimate(
            promptTokens: tokens, outputTokens: request.options.maxTokens,
            answers: request.options.extra["n"]?.integerValue.map { Int($0) } ?? 1,
            prices: names.compactMap { prices[$0] })
    }
}
