// SPDX-License-Identifier: Apache-2.0

/// How steady the answers were over the repeats of each case.
public struct RepeatFigures: Sendable, Equatable {
    /// Of each case that was judged at least once: how often it was judged, and passed.
    public private(set) var cases: [(judged: Int, passed: Int)] = []

    public init() {}

    public mutating func note(judged: Int, passed: Int) {
        if judged > 0 { cases.append((judged, passed)) }
    }

    public static func == (left: RepeatFigures, right: RepeatFigures) -> Bool {
        left.cases.elementsEqual(right.cases, by: ==)
    }

    /// Cases that passed each time.
    public var always: Int { cases.count { $0.passed == $0.judged } }
    /// Cases that passed at least once.
    public var ever: Int { cases.count { $0.passed > 0 } }
    /// Cases that passed sometimes and failed sometimes.
    public var flaky: Int { ever - always }

    /// The mean of the pass rates of the cases.
    public var passRate: Rate {
        Rate(cases.reduce(0) { $0 + Double($1.passed) / Double($1.judged) }, of: cases.count)
    }

    /// How likely at least one of `k` tries passes (pass@k), without bias: 1 − C(n−c, k) / C(n, k), the mean over the cases (M. Chen
    /// et al., 2021, arXiv:2107.03374). `nil` when a case was judged fewer than `k` times.
    public func anyPass(of k: Int) -> Double? {
        mean(k) { judged, passed in 1 - Self.share(k, of: judged - passed, in: judged) }
    }

    /// How likely all of `k` tries pass (pass^k): C(c, k) / C(n, k), the mean over the cases. `nil` when a case was judged fewer
    /// than `k` times.
    public func allPass(of k: Int) -> Double? {
        mean(k) { judged, passed in Self.share(k, of: passed, in: judged) }
    }

    private func mean(_ k: Int, _ figure: (Int, Int) -> Double) -> Double? {
        guard k > 0, !cases.isEmpty, cases.allSatisfy({ $0.judged >= k }) else { return nil }
        return cases.reduce(0) { $0 + figure($1.judged, $1.passed) } / Double(cases.count)
    }

    /// C(`part`, `k`) / C(`whole`, `k`).
    private static func share(_ k: Int, of part: Int, in whole: Int) -> Double {
        guard part >= k else { return 0 }
        return (0..<k).reduce(1) { $0 * Double(part - $1) / Double(whole - $1) }
    }
}
