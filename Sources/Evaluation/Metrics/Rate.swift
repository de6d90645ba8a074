// SPDX-License-Identifier: Apache-2.0

/// A share of cases, with the interval in which the true share lies with 95 % confidence.
public struct Rate: Sendable, Equatable {
    /// The 0.975 quantile of the standard normal distribution.
    static let z = 1.959_963_984_540_054

    /// What counts: cases that passed. Of cases that were tried several times their pass rates are added up, so it may be broken.
    public let successes: Double
    /// The cases that were judged. Repeats of a case do not add to it: they are not independent of each other.
    public let count: Int

    /// - Parameter successes: 0…`count`.
    public init(_ successes: Double, of count: Int) {
        self.successes = min(max(0, successes), Double(max(0, count)))
        self.count = max(0, count)
    }

    public init(_ successes: Int, of count: Int) { self.init(Double(successes), of: count) }

    /// 0…1; `nil`, not defined, when nothing was judged.
    public var value: Double? { count > 0 ? successes / Double(count) : nil }

    /// The Wilson score interval (E. B. Wilson, JASA 22, 1927), which stays within 0…1 and is honest about few cases and
    /// about shares near 0 and 1, where the interval of the textbook claims certainty.
    public var interval: ClosedRange<Double>? {
        guard let share = value else { return nil }
        let n = Double(count)
        let square = Self.z * Self.z
        let centre = (share + square / (2 * n)) / (1 + square / n)
        let half = Self.z / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
        // At the ends the formula gives them exactly, save for rounding.
        let low = successes == 0 ? 0 : max(0, centre - half)
        let high = successes == n ? 1 : min(1, centre + half)
        return low...high
    }
}
