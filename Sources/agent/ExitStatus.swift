// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// What the command's exit code means. The one place where codes are given out.
enum ExitStatus: Int32, Error {
    case done = 0
    case scriptError = 1
    case usage = 2
    /// Configuration or credentials.
    case configuration = 3
    /// The output failed its schema.
    case invalidOutput = 4
    /// A limit was reached; the best result is printed.
    case limitReached = 5
    /// Waits for an approval.
    case paused = 6
    /// A guardrail, a policy or a missing grant.
    case denied = 7
    /// Provider or network, after retries.
    case provider = 8
    /// A replay is not what was recorded.
    case mismatch = 9
    case interrupted = 130
    case terminated = 143

    /// The status for `error`, and what to say of it.
    static func of(_ error: any Error) -> (status: ExitStatus, message: String) {
        switch error {
        case let status as ExitStatus: (status, "")
        case let end as ReportedEnd: (end.status, "")
        case let error as RunError: (of(error), error.description + (error.code == .approval ? howToGoOn : ""))
        case let error as ModelError: (of(error), error.description)
        case let error as ScriptError:
            (of(error), error.description + SandboxOptions.advice(on: error.error.code))
        case let error as DeniedError: (.denied, error.description)
        case let error as AdvisedError: (of(error.cause).status, of(error.cause).message + "\n" + error.advice)
        case let error as IndexError: (of(error), error.description)
        case let error as JournalError: (of(error), error.description)
        case let error as BlockedByPolicy: (.denied, error.description)
        case let error as PolicyError: (.configuration, error.description)
        case is CancellationError: (.interrupted, "interrupted")
        case let error as UsageError: (.usage, error.description)
        case let error as ConfigurationError: (.configuration, error.description)
        case let error as LuaError where error.code == .isolation: (.configuration, error.description)
        default: (.scriptError, "\(error)")
        }
    }

    private static let howToGoOn = "; run it at a terminal to be asked, with --yes to allow, or with --no-ask to deny"

    /// The want of a grant that ended a command, if that did.
    static func denial(in error: any Error) -> DeniedError? {
        switch error {
        case let error as DeniedError: error
        case let error as ScriptError: error.denial
        case let error as RunError: error.cause.flatMap(denial)
        default: nil
        }
    }

    private static func of(_ error: ScriptError) -> ExitStatus {
        if error.denial != nil || error.block != nil { return .denied }
        switch error.error.code {
        case .isolation: return .configuration
        case .timeout, .memory, .output: return .limitReached
        default: return error.modelError.map(of) ?? .scriptError
        }
    }

    private static func of(_ error: RunError) -> ExitStatus {
        switch error.code {
        case .truncated: .invalidOutput
        case .model: (error.cause as? ModelError).map(of) ?? .provider
        case .output: .invalidOutput
        case .approval, .deferred: .paused
        case .guardrail: .denied
        case .cancelled: .interrupted
        case .configuration: .scriptError
        default: error.cause.map { of($0).status } ?? .scriptError
        }
    }

    private static func of(_ error: JournalError) -> ExitStatus {
        switch error.code {
        case .divergence: .mismatch
        case .missing, .doubt: .paused
        default: .configuration
        }
    }

    private static func of(_ error: IndexError) -> ExitStatus {
        switch error.code {
        case .argument: .usage
        case .notFound, .format, .model: .configuration
        default: .scriptError
        }
    }

    private static func of(_ error: ModelError) -> ExitStatus {
        switch error.code {
        case .configuration, .unavailable, .authentication: .configuration
        case .guardrail: .denied
        case .limit: .limitReached
        default: .provider
        }
    }
}

/// The command was called wrongly.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A file or a setting of the machine is not as it must be.
struct ConfigurationError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
