// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import Subprocess
import SystemPackage

/// Runs `fetch.py`, which makes engines and weights present.
struct FetchProgram: Sendable {
    let python: String

    /// - Parameter arguments: the program's path first.
    /// - Returns: where what was asked for is, by the program's own word (`{"models": {…}, …}`).
    /// - Throws: ``ModelError`` with ``ModelError/Code/unavailable`` and the program's reason, or `CancellationError`.
    @discardableResult
    func run(
        _ arguments: [String], _ progress: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> JSONValue {
        let result = try await PythonProgram.running(python) {
            try await Subprocess.run(
                .path(FilePath(python)), arguments: .init(arguments), environment: ChildProcess.environment(),
                platformOptions: PythonProgram.options, input: .none, output: .sequence,
                error: .string(limit: PythonProgram.errorBytes)
            ) { execution in
                var last: JSONValue = .null
                for try await line in execution.standardOutput.strings() {
                    guard let event = try? JSONValue(parsing: line) else { continue }
                    if let text = FetchProgress.text(event) { try await progress(.progress(text)) }
                    last = event
                }
                return last
            }
        }
        try Task.checkCancellation()
        guard case .exited(0) = result.terminationStatus else {
            let said = result.closureResult["event"] == "error" ? result.closureResult["message"]?.stringValue : nil
            let reason = said ?? PythonProgram.reason(python, result.standardError, result.terminationStatus)
            throw ModelError(.unavailable, "the local model could not be fetched: \(reason)")
        }
        return result.closureResult
    }
}

/// Progress of a fetch in words.
enum FetchProgress {
    static func text(_ event: JSONValue) -> String? {
        switch event["event"]?.stringValue {
        case "progress":
            guard let done = event["done"]?.integerValue, let total = event["total"]?.integerValue, total > 0 else {
                return nil
            }
            let name = event["name"]?.stringValue ?? "the local model"
            return "fetching \(name): \(bar(done, of: total)) \(done / 1_000_000) of \(total / 1_000_000) MB (once)"
        case "converting": return "converting \(event["name"]?.stringValue ?? "the local model") (once)"
        case "waiting": return "waiting: another run is fetching the local model"
        default: return nil
        }
    }

    private static func bar(_ done: Int64, of total: Int64) -> String {
        let width = 24
        let filled = Int(done * Int64(width) / total)
        return "[" + String(repeating: "#", count: filled) + String(repeating: "·", count: width - filled) + "]"
    }
}
