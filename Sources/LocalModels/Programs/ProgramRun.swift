// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Subprocess
import SystemPackage

/// Runs a program of this machine to its end: by a list of arguments and without a shell, for a limited time, with limited
/// output. A cancelled run is asked to end, and killed when it does not.
struct ProgramRun: Sendable {
    /// Names the program in errors.
    let name: String
    let path: String
    var timeout: Duration = .seconds(120)
    var outputBytes = 64 << 20
    /// Set in its environment beside ours.
    var variables: [String: String] = [:]

    /// What the program did.
    struct Ending {
        let isSuccess: Bool
        let output: String
        /// What it said on stderr.
        let said: String

        /// The last line of what it said.
        var reason: String {
            said.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it ended without a word"
        }
    }

    /// - Returns: what it wrote to stdout.
    /// - Throws: ``ModelError`` when it cannot be run, runs too long, writes too much or fails; `CancellationError`.
    func output(_ arguments: [String]) async throws -> String {
        let ending = try await run(arguments)
        guard ending.isSuccess else { throw ModelError(.invalidRequest, "\(name): \(ending.reason)") }
        return ending.output
    }

    func run(_ arguments: [String]) async throws -> Ending {
        try await withThrowingTaskGroup(of: Ending?.self) { group in
            group.addTask { try await start(arguments) }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let ending = try await group.next() ?? nil else {
                throw ModelError(.timeout, "\(name) did not end within \(timeout)")
            }
            return ending
        }
    }

    private func start(_ arguments: [String]) async throws -> Ending {
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: .init(arguments), environment: ChildProcess.environment(variables),
                platformOptions: ChildProcess.options(.seconds(1)), input: .none, output: .string(limit: outputBytes),
                error: .string(limit: 1 << 20))
            try Task.checkCancellation()
            return Ending(
                isSuccess: result.terminationStatus == .exited(0), output: result.standardOutput,
                said: result.standardError)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            if error.code == .outputLimitExceeded {
                throw ModelError(.invalidResponse, "\(name) wrote more than \(outputBytes >> 20) MiB")
            }
            throw ModelError(.unavailable, "\(name) cannot be run (\(path)): \(error)")
        }
    }
}

/// What all programs that we start have in common.
enum ChildProcess {
    /// Ours without the keys of providers, which are none of their business.
    static func environment(_ more: [String: String] = [:]) -> Environment {
        var changes: [Environment.Key: String?] = ["MISTRAL_API_KEY": nil, "OPENAI_API_KEY": nil]
        for (name, value) in more { changes[Environment.Key(stringLiteral: name)] = value }
        return .inherit.updating(changes)
    }

    /// A cancelled program gets the time to stop what it has started before it is killed.
    static func options(_ patience: Duration) -> PlatformOptions {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: patience)]
        return options
    }
}
