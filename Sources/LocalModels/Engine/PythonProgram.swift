// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Subprocess

/// What all runs of Python programs have in common.
enum PythonProgram {
    static let errorBytes = 1 << 20

    /// A cancelled fetch stops its downloads and clears up before it ends; it is killed when that takes too long.
    static var options: PlatformOptions { ChildProcess.options(.seconds(10)) }

    /// - Throws: ``ModelError`` in place of an error of the process, or `CancellationError`.
    static func running<Result>(_ python: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ModelError(.unavailable, "the local model needs Python, and \(python) cannot be run: \(error)")
        }
    }

    /// The last line of what the program said, else how it ended.
    static func reason(_ python: String, _ said: String?, _ status: TerminationStatus) -> String {
        said?.split(whereSeparator: \.isNewline).last.map(String.init) ?? "\(python): \(status)"
    }
}
