// SPDX-License-Identifier: Apache-2.0

/// Tells of tests as they end. What it returns is written at once.
package protocol TestReporter: Sendable {
    /// - Parameter count: how many tests there will be; `nil` when that is not known.
    mutating func begin(_ count: Int) -> String
    mutating func add(_ result: TestResult) -> String
    /// - Parameter seconds: how long all of it took.
    mutating func end(_ totals: TestTotals, seconds: Double) -> String
}
