// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc

/// The SQLite file of a batch: what it was begun with, and the result of each item that is finished.
///
/// A result is recorded once: the item is the key of its row, and a second one is refused. What ``record(_:)`` has returned from is on the
/// disk. One process at a time has it open.
package actor BatchStore {
    /// The result of an item, as the line that is printed.
    package struct Line: Sendable, Equatable {
        /// From 0.
        package var item: Int
        package var isError: Bool
        package var text: String

        package init(item: Int, isError: Bool, text: String) {
            self.item = item
            self.isError = isError
            self.text = text
        }
    }

    /// `AgBt`, by which the file is known (SQLite file format §1.3, offset 68).
    private static let applicationID = 0x4167_4274
    /// Counts changes of the tables.
    private static let format = 1

    package nonisolated let path: String
    private nonisolated let database: DatabaseQueue
    private let lock: BatchLock
    /// What the next transaction writes, and who waits for it.
    private var waiting: [Line] = []
    private var waiters: [CheckedContinuation<Void, any Error>] = []
    private var isWriting = false

    /// Opens the file at `path`, or makes it; its folder is there.
    ///
    /// - Parameter fresh: forget what the file holds.
    /// - Throws: ``BatchStoreError``.
    package init(path: String, fresh: Bool = false) throws {
        self.path = path
        lock = try BatchLock(path + ".lock")
        do {
            var configuration = Configuration()
            configuration.label = "batch"
            configuration.journalMode = .wal
            database = try DatabaseQueue(path: path, configuration: configuration)
            // A result that counts must survive the machine as well as the process.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try database.write { try Self.prepare($0, path: path, fresh: fresh) }
        } catch {
            throw Self.error(error, path)
        }
    }

    private static func prepare(_ database: Database, path: String, fresh: Bool) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if id != 0 || tables != 0 {
            guard id == applicationID else {
                throw BatchStoreError(.format, "\(path): a database of another program, not the state of a batch")
            }
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard found == format else {
                throw BatchStoreError(
                    .format, "\(path): of another version of agent (format \(found), expected \(format)); remove it")
            }
            if fresh { try database.execute(sql: "DELETE FROM results; DELETE FROM facts") }
            return
        }
        try database.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(format);
                CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE results (item INTEGER PRIMARY KEY, is_error INTEGER NOT NULL, line TEXT NOT NULL);
                """)
    }

    // MARK: - What is there

    /// Notes what the batch is begun with, or holds it to what it was begun with.
    ///
    /// - Throws: ``BatchStoreError/Code/changed`` with the names of what is not the same.
    package nonisolated func begin(_ identity: BatchIdentity) throws {
        try wrap {
            try database.write { database in
                let rows = try Row.fetchAll(database, sql: "SELECT name, value FROM facts")
                let known = Dictionary(rows.map { ($0["name"] as String, $0["value"] as String) }) { $1 }
                if known.isEmpty {
                    for fact in identity.facts {
                        try database.execute(
                            sql: "INSERT INTO facts (name, value) VALUES (?, ?)", arguments: [fact.name, fact.value])
                    }
                    return
                }
                let changed = identity.facts.filter { known[$0.name] != $0.value && $0.name != "count" }
                guard changed.isEmpty else {
                    throw BatchStoreError(.changed, changed.map(\.name).joined(separator: ", "))
                }
            }
        }
    }

    /// The settings that the batch was begun with, as JSON; `nil` when it was not begun.
    package nonisolated func settings() throws -> String? {
        try wrap {
            try database.read { try String.fetchOne($0, sql: "SELECT value FROM facts WHERE name = 'settings'") }
        }
    }

    /// The items that are finished, and how many of them with an error.
    package nonisolated func finished() throws -> (items: Set<Int>, errors: Int) {
        try wrap {
            try database.read { database in
                let items = try Set(Int.fetchCursor(database, sql: "SELECT item FROM results"))
                let errors = try Int.fetchOne(database, sql: "SELECT count(*) FROM results WHERE is_error") ?? 0
                return (items, errors)
            }
        }
    }

    /// Forgets the results that are errors, so that these items are done again.
    ///
    /// - Returns: how many there were.
    package nonisolated func forgetErrors() throws -> Int {
        try wrap {
            try database.write { database in
                try database.execute(sql: "DELETE FROM results WHERE is_error")
                return database.changesCount
            }
        }
    }

    /// Gives `body` the results in the order of the items, without holding all of them.
    package nonisolated func forEachLine(_ body: (Line) throws -> Void) throws {
        try wrap {
            try database.read { database in
                let rows = try Row.fetchCursor(database, sql: "SELECT item, is_error, line FROM results ORDER BY item")
                while let row = try rows.next() {
                    try body(Line(item: row["item"], isError: row["is_error"], text: row["line"]))
                }
            }
        }
    }

    // MARK: - Recording

    /// Records the result of an item. Results that come while a transaction is being written share the next one. It is done even
    /// when the task is cancelled meanwhile: what was paid for is kept.
    ///
    /// - Throws: ``BatchStoreError``, also when the item has a result.
    package func record(_ line: Line) async throws {
        waiting.append(line)
        try await withCheckedThrowingContinuation { continuation in
            waiters.append(continuation)
            guard !isWriting else { return }
            isWriting = true
            Task { await write() }
        }
    }

    private func write() async {
        while !waiting.isEmpty {
            let (lines, told) = (waiting, waiters)
            (waiting, waiters) = ([], [])
            do {
                try await commit(lines)
                for waiter in told { waiter.resume() }
            } catch {
                for waiter in told { waiter.resume(throwing: error) }
            }
        }
        isWriting = false
    }

    private nonisolated func commit(_ lines: [Line]) async throws {
        do {
            try await database.write { database in
                for line in lines {
                    try database.execute(
                        sql: "INSERT INTO results (item, is_error, line) VALUES (?, ?, ?)",
                        arguments: [line.item, line.isError, line.text])
                }
            }
        } catch {
            throw Self.error(error, path)
        }
    }

    // MARK: - Errors

    private nonisolated func wrap<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw Self.error(error, path) }
    }

    private static func error(_ error: any Error, _ path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let said = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: return BatchStoreError(.format, "\(path): not the state of a batch")
        case .SQLITE_CORRUPT: return BatchStoreError(.format, "\(path): damaged (\(said)); remove it, or begin anew")
        default: return BatchStoreError(.storage, "\(path): \(said)")
        }
    }
}
