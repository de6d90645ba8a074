// SPDX-License-Identifier: Apache-2.0

/// What one model was used for, and what that costs.
public struct ModelUsage: Sendable, Equatable {
    /// The name by which ``PriceTable`` knows the model.
    public var model: String
    public var usage = Usage()
    public var calls = 0
    /// Calls of which the provider did not say what they used.
    public var unreportedCalls = 0

    public init(model: String) { self.model = model }

    /// What all calls cost; `nil` when the model has no price, or some of what was used is not known.
    public func cost(by prices: PriceTable) -> Dollars? {
        unreportedCalls > 0 ? nil : prices[model]?.cost(of: usage)
    }
}

/// What was used, by model, in the order of their first calls. Costs are worked out of the sums, so rounding does not add up.
public struct UsageTotals: Sendable, Equatable {
    public private(set) var models: [ModelUsage] = []

    public init() {}

    /// - Parameter usage: `nil` when the provider did not say.
    public mutating func note(_ usage: Usage?, model: String) {
        let known = models.firstIndex { $0.model == model }
        if known == nil { models.append(ModelUsage(model: model)) }
        let index = known ?? models.count - 1
        models[index].calls += 1
        if let usage {
            models[index].usage += usage
        } else {
            models[index].unreportedCalls += 1
        }
    }

    public var usage: Usage { models.reduce(into: Usage()) { $0 += $1.usage } }

    /// What everything costs; `nil` as soon as that is not known of one model.
    public func cost(by prices: PriceTable) -> Dollars? {
        var sum = Dollars.zero
        for model in models {
            guard let cost = model.cost(by: prices) else { return nil }
            sum += cost
        }
        return sum
    }

    /// What is known of the cost: all of it, or at least so much.
    public func knownCost(by prices: PriceTable) -> Dollars {
        models.reduce(.zero) { $0 + ($1.cost(by: prices) ?? .zero) }
    }
}
