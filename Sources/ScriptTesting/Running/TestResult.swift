// SPDX-License-Identifier: Apache-2.0

package import AgentCore

/// What came of one test.
package struct TestResult: Sendable, Equatable {
    package enum Status: Sendable, Equatable {
        case passed
        case failed
        /// It was not run, for this reason.
        case skipped(String)
    }

    /// A check that failed, or what ended the test.
    package struct Failure: Sendable, Equatable {
        /// `file:line`; empty when there is none.
        package var position: String
        package var message: String
        /// More for whoever looks for the cause: a traceback. May be empty.
        package var detail: String

        package init(_ message: String, at position: String = "", detail: String = "") {
            self.position = position
            self.message = message
            self.detail = detail
        }

        /// One line for the place and the message.
        package var description: String { position.isEmpty ? message : "\(position): \(message)" }
    }

    package var file: String
    package var name: String
    /// Where the test is made: `file:line`.
    package var position: String
    package var status: Status
    package var failures: [Failure]
    /// Checks that were made.
    package var checks: Int
    package var seconds: Double
    /// What the test and its runs printed.
    package var printed: String
    /// What was done beside: a tape that was recorded.
    package var notes: [String]
    /// Files that the test has run or replayed: absolute paths.
    package var files: [String] = []
    /// Of models that were really asked.
    package var usage: Usage
    /// Tries that passed and tries in all, of a test that was repeated.
    package var tries: (passed: Int, all: Int)

    package init(
        file: String, name: String, position: String = "", status: Status = .passed, failures: [Failure] = [],
        checks: Int = 0, seconds: Double = 0, printed: String = "", notes: [String] = [], usage: Usage = .init(),
        tries: (passed: Int, all: Int) = (0, 0)
    ) {
        self.file = file
        self.name = name
        self.position = position
        self.status = status
        self.failures = failures
        self.checks = checks
        self.seconds = seconds
        self.printed = printed
        self.notes = notes
        self.usage = usage
        self.tries = tries
    }

    package static func == (left: TestResult, right: TestResult) -> Bool {
        left.file == right.file && left.name == right.name && left.position == right.position
            && left.status == right.status && left.failures == right.failures && left.checks == right.checks
            && left.seconds == right.seconds && left.printed == right.printed && left.notes == right.notes
            && left.usage == right.usage && left.tries == right.tries
    }

    package var isFailed: Bool { status == .failed }
}

/// The sums of a command.
package struct TestTotals: Sendable, Equatable {
    package var passed = 0
    package var failed = 0
    package var skipped = 0
    package var checks = 0

    package init() {}

    package mutating func add(_ result: TestResult) {
        switch result.status {
        case .passed: passed += 1
        case .failed: failed += 1
        case .skipped: skipped += 1
        }
        checks += result.checks
    }

    package var all: Int { passed + failed + skipped }
}
