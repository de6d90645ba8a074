// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Synchronization

/// The SQLite file of a batch: what it was begun with, the result of each item that is finished, and what the items in hand have done.
///
/// A result is recorded once: the item is the key of its row, and a second one is refused. What ``record(_:)`` has returned from is on the
/// disk. One process at a time has it open.
package final class BatchStore: Sendable {
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
    private static let format = 2

    package let path: String
    let database: DatabaseQueue
    private let lock: BatchLock
    let queue = Mutex(BatchQueue())
    /// An answer that nobody waits for may stay in memory for so long.
    let timer = BatchTimer(delay: .milliseconds(20))
    let hands = BatchHands()

    /// Opens the file at `path`, or makes it; its folder is there.
    ///
    /// - Parameter fresh: forget what the file holds.
    /// - Throws: ``BatchStoreError``.
    package init(path: String, fresh: Bool = false) throws {
        self.path = path
        lock = try BatchLock(path + ".lock")
        do {
            Self.makeFile(path)
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

    /// Makes the file before SQLite does, for this user alone: it holds prompts, and what SQLite puts beside it has its permissions.
    /// Where that does not succeed, SQLite says why.
    private static func makeFile(_ path: String) {
        let file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
    }

    private static func prepare(_ database: Database, path: String, fresh: Bool) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if id != 0 || tables != 0 {
            guard id == applicationID else {
                throw BatchStoreError(.format, "\(path): a database of another program, not the state of a batch")
            }
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            // Format 1 had results alone.
            if found == 1 { try database.execute(sql: Self.itemTables + "PRAGMA user_version = \(format)") }
            guard found == 1 || found == format else {
                throw BatchStoreError(
                    .format, "\(path): of another version of agent (format \(found), expected \(format)); remove it")
            }
            if fresh {
                for table in ["results", "facts", "runs", "steps", "jobs", "questions"] {
                    try database.execute(sql: "DELETE FROM \(table)")
                }
            }
            return
        }
        try database.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(format);
                CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE results (item INTEGER PRIMARY KEY, is_error INTEGER NOT NULL, line TEXT NOT NULL);
                \(Self.itemTables)
                """)
    }

    /// Items as recorded runs, for as long as they have no result, or one that is an error: a step is a line of JSON. Then the
    /// provider's jobs, and what items without a result asked by them.
    private static let itemTables = """
        CREATE TABLE runs (item INTEGER PRIMARY KEY, info TEXT NOT NULL);
        CREATE TABLE steps (item INTEGER NOT NULL, place INTEGER NOT NULL, line TEXT NOT NULL,
            PRIMARY KEY (item, place)) WITHOUT ROWID;
        CREATE TABLE jobs (key INTEGER PRIMARY KEY, model TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL,
            step TEXT NOT NULL, file TEXT, job TEXT);
        CREATE TABLE questions (item INTEGER NOT NULL, path TEXT NOT NULL, job INTEGER NOT NULL, digest TEXT NOT NULL,
            answer TEXT, PRIMARY KEY (item, path)) WITHOUT ROWID;

        """

    // MARK: - What is there

    /// Notes what the batch is begun with, or holds it to what it was begun with.
    ///
    /// - Throws: ``BatchStoreError/Code/changed`` with the names of what is not the same.
    package func begin(_ identity: BatchIdentity) throws {
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
    package func settings() throws -> String? {
        try wrap {
            try database.read { try String.fetchOne($0, sql: "SELECT value FROM facts WHERE name = 'settings'") }
        }
    }

    /// The items that are finished, and how many of them with an error.
    package func finished() throws -> (items: Set<Int>, errors: Int) {
        try wrap {
            try database.read { database in
                let items = try Set(Int.fetchCursor(database, sql: "SELECT item FROM results"))
                let errors = try Int.fetchOne(database, sql: "SELECT count(*) FROM results WHERE is_error") ?? 0
                return (items, errors)
            }
        }
    }

    /// Gives `body` the results in the order of the items, without holding all of them.
    package func forEachLine(_ body: (Line) throws -> Void) throws {
        try wrap {
            try database.read { database in
                let rows = try Row.fetchCursor(database, sql: "SELECT item, is_error, line FROM results ORDER BY item")
                while let row = try rows.next() {
                    try body(Line(item: row["item"], isError: row["is_error"], text: row["line"]))
                }
            }
        }
    }

    // MARK: - Errors

    func wrap<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw Self.error(error, path) }
    }

    static func error(_ error: any Error, _ path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let said = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: return BatchStoreError(.format, "\(path): not the state of a batch")
        case .SQLITE_CORRUPT: return BatchStoreError(.format, "\(path): damaged (\(said)); remove it, or begin anew")
        default: return BatchStoreError(.storage, "\(path): \(said)")
        }
    }
}
