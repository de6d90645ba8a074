// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Runs many tests beside each other and tells of them in order.
package struct TestRunner: Sendable {
    /// One test of a file.
    package struct Item: Sendable {
        package let run: TestFileRun
        package let test: RegisteredTest

        package init(_ run: TestFileRun, _ test: RegisteredTest) {
            self.run = run
            self.test = test
        }
    }

    /// Tests at the same time, 1 or more.
    package var jobs = 1
    /// How often each test is tried, 1 or more.
    package var repeats = 1
    /// The share of the tries that must pass, over 0 and at most 1.
    package var passRate = 1.0
    /// Whether the first failure ends it.
    package var stopsAtFailure = false

    package init() {}

    /// - Parameter report: is told of each test, in the order of `items`, as soon as those before it have ended.
    /// - Returns: whether all were run: the first failure may have been the end.
    /// - Throws: `CancellationError`.
    package func run(_ items: [Item], report: (TestResult) async throws -> Void) async throws -> Bool {
        var waiting: [Int: TestResult] = [:]
        var next = 0
        return try await withThrowingTaskGroup(of: (Int, TestResult).self) { group in
            var begun = 0
            func begin() {
                guard begun < items.count else { return }
                let (place, item) = (begun, items[begun])
                begun += 1
                group.addTask { (place, try await tried(item)) }
            }
            for _ in 0..<max(1, jobs) { begin() }
            defer { group.cancelAll() }
            while let (place, result) = try await group.next() {
                waiting[place] = result
                begin()
                while let ready = waiting.removeValue(forKey: next) {
                    next += 1
                    try await report(ready)
                    if stopsAtFailure, ready.isFailed { return next == items.count }
                }
            }
            return true
        }
    }

    /// Tries a test as often as is asked: one result, with the failures of the first try that failed.
    private func tried(_ item: Item) async throws -> TestResult {
        var result = try await item.run.run(item.test)
        guard repeats > 1 else { return result }
        if case .skipped = result.status { return result }
        var passed = result.isFailed ? 0 : 1
        for _ in 1..<repeats {
            let other = try await item.run.run(item.test)
            if !other.isFailed { passed += 1 }
            if other.isFailed, !result.isFailed { (result.failures, result.status) = (other.failures, .failed) }
            result.seconds += other.seconds
            result.usage += other.usage
            result.checks += other.checks
        }
        result.tries = (passed, repeats)
        result.status = Double(passed) / Double(repeats) >= passRate ? .passed : .failed
        if !result.isFailed { result.failures = [] }
        return result
    }
}
