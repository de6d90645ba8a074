// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunStores

/// Finds recorded runs: in the store, or in files that they were exported to.
enum RecordedRuns {
    /// - Parameter id: an id, the beginning of one, the word `last`, or a file.
    static func run(_ id: String, in store: @autoclosure () throws -> RunStore) throws -> RecordedRun {
        guard id.contains("/") || id.hasSuffix(".jsonl") else { return try store().run(id) }
        let found = try runs(in: id)
        guard found.count == 1 else {
            throw UsageError("\(id): holds \(found.count) runs; agent runs import \(id) keeps them, then name one")
        }
        return found[0]
    }

    /// The runs of a file, one after another.
    static func runs(in path: String) throws -> [RecordedRun] {
        let bytes = try ScriptFile(path).source
        guard let text = String(validating: bytes, as: UTF8.self) else { throw UsageError("\(path): not UTF-8 text") }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // A line that begins a run has its format first.
        let starts = lines.indices.filter { lines[$0].hasPrefix(#"{"agent_run":"#) }
        guard starts.count > 1 else { return [try RecordedRun(jsonLines: text, name: path)] }
        return try starts.enumerated().map { place, start in
            let end = place + 1 < starts.count ? starts[place + 1] : lines.endIndex
            let text = lines[start..<end].joined(separator: "\n")
            return try RecordedRun(jsonLines: text, name: "\(path) from line \(start + 1)")
        }
    }
}
