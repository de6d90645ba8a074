// SPDX-License-Identifier: Apache-2.0

/// How a quantity is spread over the answers.
public struct Spread: Sendable, Equatable {
    /// From the smallest to the largest.
    public let sorted: [Double]

    public init(_ values: some Sequence<Double>) { sorted = values.sorted() }

    public var isEmpty: Bool { sorted.isEmpty }
    public var maximum: Double? { sorted.last }
    public var sum: Double { sorted.reduce(0, +) }
    public var mean: Double? { isEmpty ? nil : sum / Double(sorted.count) }

    /// The smallest value that at least `share` of all values do not exceed (nearest rank): a value that was measured.
    ///
    /// - Parameter share: over 0, at most 1.
    public func quantile(_ share: Double) -> Double? {
        guard !isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// How many values fall into each of `count` ranges of the same width, from 0 to the largest.
    public func histogram(_ count: Int) -> [Int] {
        var bars = [Int](repeating: 0, count: max(1, count))
        guard let maximum, maximum > 0 else {
            bars[0] = sorted.count
            return bars
        }
        for value in sorted { bars[min(bars.count - 1, Int(max(0, value) / maximum * Double(bars.count)))] += 1 }
        return bars
    }
}
