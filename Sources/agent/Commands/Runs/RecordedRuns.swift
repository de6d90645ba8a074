// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Finds a recorded run: in the store, or in a file that it was exported to.
struct RecordedRuns {
    func run(_ id: String) async throws -> RecordedRun {
        if id.contains("/") || id.hasSuffix(".jsonl") { return try file(id) }
        throw UsageError("\(id): no store yet")
    }

    private func file(_ path: String) throws -> RecordedRun {
        let bytes = try ScriptFile(path).source
        guard let text = String(validating: bytes, as: UTF8.self) else { throw UsageError("\(path): not UTF-8 text") }
        do {
            return try RecordedRun(jsonLines: text, name: path)
        } catch {
            throw ConfigurationError(error.message)
        }
    }
}
