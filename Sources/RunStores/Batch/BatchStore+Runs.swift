// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import GRDB
import JSONCore

extension BatchStore {
    /// The items of which something is kept beside a result.
    package func begun() throws -> Set<Int> {
        try wrap { try database.read { try Set(Int.fetchCursor($0, sql: "SELECT item FROM runs")) } }
    }

    /// What an item did before, and how many lines that is.
    ///
    /// - Returns: `nil` when nothing is kept of it.
    /// - Throws: ``BatchStoreError``; ``JournalError`` when a line cannot be read.
    package func recorded(_ item: Int) throws -> (run: RecordedRun, count: Int)? {
        try wrap { try database.read { try Self.recorded(item, $0) } }
    }

    /// Keeps `run` in place of what an item did; nothing when it is `nil`.
    ///
    /// - Returns: how many lines that is.
    @discardableResult
    package func replace(_ item: Int, with run: RecordedRun?) throws -> Int {
        try wrap { try database.write { try Self.replace(item, with: run, $0) } }
    }

    /// What becomes of items that failed.
    package struct Retry: Sendable, Equatable {
        /// Those that are done again.
        package var again: Set<Int>
        /// Those that stay as they are: they could only begin anew, and had effects, which would happen twice.
        package var kept: Set<Int>

        package init(again: Set<Int> = [], kept: Set<Int> = []) {
            self.again = again
            self.kept = kept
        }
    }

    /// Forgets the results that are errors, so that these items are done again: one that failed at a provider goes on where it failed, and
    /// one that waits where it waits. Any other begins anew, unless it had effects.
    ///
    /// - Parameter redoes: whether an item begins anew as well that had effects, or does not do what it did.
    package func forgetErrors(redoes: Bool = false) throws -> Retry {
        try wrap {
            try database.write { database in
                var retry = Retry()
                for item in try Int.fetchAll(database, sql: "SELECT item FROM results WHERE is_error") {
                    switch try Self.recorded(item, database)?.run.next(redoes: redoes) {
                    case .kept?:
                        retry.kept.insert(item)
                        continue
                    case .anew?: try Self.forget(item, database)
                    case .from(var run)?:
                        run.info.status = .running
                        try Self.replace(item, with: run, database)
                    case .asItIs?, nil: break
                    }
                    try database.execute(sql: "DELETE FROM results WHERE item = ?", arguments: [item])
                    retry.again.insert(item)
                }
                return retry
            }
        }
    }

    // MARK: - Rows

    private static func recorded(_ item: Int, _ database: Database) throws -> (run: RecordedRun, count: Int)? {
        guard
            let info = try String.fetchOne(database, sql: "SELECT info FROM runs WHERE item = ?", arguments: [item])
        else { return nil }
        let lines = try String.fetchAll(
            database, sql: "SELECT line FROM steps WHERE item = ? ORDER BY place", arguments: [item])
        return (try BatchStepCoder.run(try RunInfo(lineValue: try JSONValue(parsing: info)), lines), lines.count)
    }

    @discardableResult
    private static func replace(_ item: Int, with run: RecordedRun?, _ database: Database) throws -> Int {
        try forget(item, database)
        guard let run else { return 0 }
        var coder = BatchStepCoder()
        let lines = try coder.lines(run.records.map { .begin($0) } + [.schedule(run.schedule)])
        try write(.info(item: item, try run.info.lineValue.serialized()), database)
        try write(.steps(item: item, from: 0, lines), database)
        return lines.count
    }
}

/// How an item that failed is done again.
private enum NextTry {
    /// From its records, however far they go.
    case asItIs
    case from(RecordedRun)
    case anew
    /// Not at all.
    case kept
}

extension RecordedRun {
    // The exit codes of items (ExitStatus) that say how they are done again.
    private static let (scriptError, provider, divergence) = (1, 8, 9)

    fileprivate func next(redoes: Bool) -> NextTry {
        if info.status == .paused || info.status == .running { return .asItIs }
        switch info.exitCode {
        case Self.provider: if let again = reopened() { return .from(again) }
        // A script that has asked nothing since a provider or a server failed has failed for that.
        case Self.scriptError: if endsWithFailure, let again = reopened() { return .from(again) }
        // It comes to the same end.
        case Self.divergence: if !redoes { return .asItIs }
        default: break
        }
        return redoes || !hasEffects ? .anew : .kept
    }

    private var endsWithFailure: Bool {
        let last = records.filter { !$0.isGroup }.max { $0.number < $1.number }
        return last?.effect == .read && last?.outcome?.isFailure == true
    }

    private var hasEffects: Bool { records.contains { !$0.isGroup && $0.effect != .read } }
}
