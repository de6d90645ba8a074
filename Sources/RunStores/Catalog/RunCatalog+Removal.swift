// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB

/// What a removal came to.
public struct RunRemoval: Sendable, Equatable {
    /// Ids of the runs that are gone, or would be.
    public var removed: [String]
    /// Ids of those that stay because a process has them in hand.
    public var held: [String]
    /// Bytes of the journal that became free, rounded to its pages.
    public var bytes: Int64
    /// Whether the file became so much smaller; else the space is used again for later runs.
    public var isReturned: Bool
}

extension RunCatalog {
    /// Removes runs with all that only they hold. Keys of calls that run at most once stay.
    ///
    /// - Parameter isRehearsal: whether everything is left as it is.
    /// - Throws: ``JournalError``.
    public func remove(_ ids: [String], isRehearsal: Bool = false) throws(JournalError) -> RunRemoval {
        guard let database = try existing() else {
            return RunRemoval(removed: [], held: [], bytes: 0, isReturned: false)
        }
        var removal = RunRemoval(removed: [], held: [], bytes: 0, isReturned: false)
        do {
            try database.queue.inTransaction(.immediate) { database in
                let before = try Self.freePages(database)
                for id in ids { try remove(id, &removal, database) }
                if !removal.removed.isEmpty { try Self.removeLoose(database) }
                removal.bytes = try (Self.freePages(database) - before) * Self.pageSize(database)
                return isRehearsal ? .rollback : .commit
            }
        } catch {
            throw JournalDatabase.error(error, database.path)
        }
        guard !isRehearsal, !removal.removed.isEmpty else { return removal }
        try RunSearch(place).forget(removal.removed)
        removal.isReturned = giveBack(database)
        return removal
    }

    /// The runs that may go: older than `before`, but not the newest `keep`.
    public func old(
        before: Int64, keep: Int = 0, status: RunStanding? = nil, script: String? = nil
    ) throws(JournalError) -> [String] {
        try runs(Filter(status: status, script: script)).dropFirst(keep).filter { $0.info.began < before }
            .map(\.info.id)
    }

    private func remove(_ id: String, _ removal: inout RunRemoval, _ database: Database) throws {
        let key = try RunStore.key(of: id, database)
        let whole = try String.fetchOne(database, sql: "SELECT id FROM run WHERE key = ?", arguments: [key]) ?? id
        guard !place.isHeld(key) else { return removal.held.append(whole) }
        guard !removal.removed.contains(whole) else { return }
        for sql in [
            "DELETE FROM record WHERE run = ?", "DELETE FROM schedule WHERE run = ?", "DELETE FROM run WHERE key = ?",
        ] {
            try database.execute(sql: sql, arguments: [key])
        }
        removal.removed.append(whole)
    }

    /// Removes what no run holds any more. What a writer goes on from is held by the records of its run.
    private static func removeLoose(_ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM conversation WHERE id NOT IN (
                    WITH RECURSIVE live(id) AS (
                        SELECT conversation FROM record
                        UNION SELECT parent FROM conversation JOIN live USING (id))
                    SELECT id FROM live)
                """)
        try database.execute(
            sql: """
                DELETE FROM content WHERE id NOT IN (
                    SELECT content FROM conversation UNION SELECT source FROM run WHERE source IS NOT NULL)
                """)
    }

    /// - Returns: whether the file is smaller now. Another process that reads or writes keeps it from that, and is left in peace.
    private func giveBack(_ database: JournalDatabase) -> Bool {
        do {
            try database.queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA busy_timeout = 500")
                defer { try? database.execute(sql: "PRAGMA busy_timeout = 60000") }
                try database.execute(sql: "VACUUM")
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            return true
        } catch {
            return false
        }
    }

    private static func freePages(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
    }

    private static func pageSize(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0
    }
}
