// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Why an item has no answer.
struct BatchFailure: Sendable {
    /// What is wrong with the records of one item, and not with the place where they are kept.
    private static let ofItems: Set<JournalError.Code> = [.doubt, .divergence, .missing]

    let code: String
    let message: String

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    /// - Throws: `error` itself when it is not of the item: without a key, a grant or a task that can be loaded, no item can be
    ///   done, and ten thousand errors would say the same.
    init(_ error: any Error) throws {
        let (status, message) = ExitStatus.of(error)
        switch error {
        case is CancellationError, is UsageError, is BlockedByPolicy, is PolicyError: throw error
        case let error as RunError:
            guard error.code != .cancelled, error.code != .configuration else { throw error }
            code = error.code.rawValue
        case let error as ScriptError:
            guard error.error.code != .syntax, error.error.code != .isolation else { throw error }
            code = "script"
        case let error as JournalError:
            guard Self.ofItems.contains(error.code) else { throw error }
            code = error.code.rawValue
        default: code = "host"
        }
        guard status != .configuration, ExitStatus.denial(in: error) == nil, !Self.isOutOfMoney(error) else {
            throw error
        }
        self.message = message
    }

    /// Whether the command's own limit was reached, `--usd`.
    private static func isOutOfMoney(_ error: any Error) -> Bool {
        switch error {
        case let error as ModelError: error.code == .limit
        case let error as RunError: error.cause.map(isOutOfMoney) ?? false
        case let error as ScriptError: error.modelError?.code == .limit
        default: false
        }
    }
}
