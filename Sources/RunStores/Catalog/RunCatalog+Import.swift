// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB

extension RunCatalog {
    /// Keeps a run that was recorded elsewhere, whole or not at all.
    ///
    /// - Throws: ``JournalError`` with ``JournalError/Code/busy`` when there is a run of that id.
    public func add(_ run: RecordedRun) throws(JournalError) {
        try place.opened().write { database in
            let same = try Int.fetchOne(database, sql: "SELECT 1 FROM run WHERE id = ?", arguments: [run.info.id])
            if same != nil { throw JournalError(.busy, "there is a run \(run.info.id) already") }
            var rows = JournalRows()
            let changes: [JournalChange] = [.info(run.info)] + run.records.map { .begin($0) }
            try rows.write(changes, schedule: run.schedule, run.info, database)
        }
    }
}
