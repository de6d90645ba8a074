// SPDX-License-Identifier: Apache-2.0

package import AgentCore
import GRDB

extension RunStore {
    /// Keeps a run whose records were kept elsewhere, whole or not at all, in place of what is known of it here.
    ///
    /// - Throws: ``JournalError``, with ``JournalError/Code/busy`` when a process has the run in hand here.
    package func keep(_ run: RecordedRun) async throws(JournalError) {
        let database = try place.opened()
        let place = place
        do {
            try await database.queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    if try Self.remove(differing: run, place, database) {
                        var rows = JournalRows()
                        let changes: [JournalChange] = [.info(run.info)] + run.records.map { .begin($0) }
                        try rows.write(changes, schedule: run.schedule, run.info, database)
                    }
                    return .commit
                }
            }
        } catch {
            throw place.error(error)
        }
    }

    /// Makes room for `run`.
    ///
    /// - Returns: `false` when it is there as it is.
    private static func remove(
        differing run: RecordedRun, _ place: JournalPlace, _ database: Database
    ) throws -> Bool {
        let found = try Int64.fetchOne(database, sql: "SELECT key FROM run WHERE id = ?", arguments: [run.info.id])
        guard let key = found else { return true }
        if try recorded(key, database) == run { return false }
        guard !place.isHeld(key) else {
            throw JournalError(.busy, "run \(run.info.id) goes on in another process; wait until it has ended")
        }
        for sql in [
            "DELETE FROM record WHERE run = ?", "DELETE FROM schedule WHERE run = ?", "DELETE FROM run WHERE key = ?",
        ] {
            try database.execute(sql: sql, arguments: [key])
        }
        return true
    }
}
