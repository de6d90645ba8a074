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

    /// Forgets the results that are errors, so that these items are done again: one that failed at a provider goes on where it failed, and
    /// one that waits where it waits. Any other begins anew.
    ///
    /// - Parameter redoes: whether an item that does not do what it did begins anew as well.
    /// - Returns: the items.
    package func forgetErrors(redoes: Bool = false) throws -> Set<Int> {
        try wrap {
            try database.write { database in
                let items = try Set(Int.fetchCursor(database, sql: "SELECT item FROM results WHERE is_error"))
                for item in items {
                    guard let run = try Self.recorded(item, database)?.run, run.info.status == .failed else { continue }
                    if run.info.exitCode == Self.divergence, !redoes { continue }
                    var again = run.reopened()
                    again?.info.status = .running
                    try Self.replace(item, with: again, database)
                }
                try database.execute(sql: "DELETE FROM results WHERE is_error")
                return items
            }
        }
    }

    /// The exit code of a run that is not what was recorded.
    private static let divergence = 9

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
