// SPDX-License-Identifier: Apache-2.0

/// Two configurations on the same cases: how often both, one or none was right.
public struct PairedFigures: Sendable, Equatable {
    public var bothRight = 0
    public var onlyFirst = 0
    public var onlySecond = 0
    public var bothWrong = 0

    public init(bothRight: Int = 0, onlyFirst: Int = 0, onlySecond: Int = 0, bothWrong: Int = 0) {
        self.bothRight = bothRight
        self.onlyFirst = onlyFirst
        self.onlySecond = onlySecond
        self.bothWrong = bothWrong
    }

    public mutating func note(first: Bool, second: Bool) {
        switch (first, second) {
        case (true, true): bothRight += 1
        case (true, false): onlyFirst += 1
        case (false, true): onlySecond += 1
        case (false, false): bothWrong += 1
        }
    }

    public var count: Int { bothRight + onlyFirst + onlySecond + bothWrong }

    /// The second's share of right cases less the first's; `nil` without cases.
    public var difference: Double? {
        count > 0 ? Double(onlySecond - onlyFirst) / Double(count) : nil
    }

    /// Where the true difference lies with 95 % confidence: the adjusted Wald interval of Bonett and Price (Statistics in Medicine
    /// 31, 2012), which adds one case to each kind of disagreement and so holds for few cases as well.
    public var interval: ClosedRange<Double>? {
        guard count > 0 else { return nil }
        let n = Double(count + 2)
        let (first, second) = (Double(onlyFirst + 1) / n, Double(onlySecond + 1) / n)
        let centre = second - first
        let half = Rate.z * max(0, (first + second - centre * centre) / n).squareRoot()
        return max(-1, centre - half)...min(1, centre + half)
    }

    /// How likely a disagreement as lopsided as this one is when neither is better: the exact two-sided test of McNemar, a
    /// binomial test on the cases that only one of them got right. 1 without such cases.
    public var pValue: Double {
        let count = onlyFirst + onlySecond
        return min(1, 2 * Self.lowerTail(of: count, upTo: min(onlyFirst, onlySecond)))
    }

    /// P(X ≤ `limit`) of `count` tosses of a fair coin.
    static func lowerTail(of count: Int, upTo limit: Int) -> Double {
        // Terms relative to the one in the middle, which neither overflow nor vanish where 0.5^count would.
        let middle = count / 2
        var (all, tail) = (0.0, 0.0)
        func add(_ term: Double, _ place: Int) {
            all += term
            if place <= limit { tail += term }
        }
        var term = 1.0
        for place in stride(from: middle, through: 0, by: -1) {
            add(term, place)
            term *= Double(place) / Double(count - place + 1)
        }
        term = 1
        for place in middle..<count {
            term *= Double(count - place) / Double(place + 1)
            add(term, place + 1)
        }
        return tail / all
    }
}
