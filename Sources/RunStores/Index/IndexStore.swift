// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import Glibc

/// The SQLite file of an index: opened, checked, made. One process may write while others read; two that write wait for
/// each other.
struct IndexStore: Sendable {
    /// Absolute, without links.
    let path: String
    private let pool: DatabasePool

    /// `AgIx`, by which the file is known (SQLite file format §1.3, offset 68).
    private static let applicationID = 0x4167_4978
    /// Counts changes of the tables.
    private static let format = 1

    init(path: String, access: IndexAccess) throws(IndexError) {
        self.path = try IndexPaths.real(path)
        let real = self.path
        do {
            let isNew = try Self.isNew(real)
            if isNew, access == .read {
                throw IndexError(
                    .notFound, "there is no index at \(path); make one with: agent index add PATH --index \(path)")
            }
            if isNew { try Self.makeFolder(of: real) }
            pool = try DatabasePool(path: real, configuration: Self.configuration(access))
            if access == .write { try pool.write(Self.makeTables) }
        } catch {
            throw Self.error(error, real)
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.read(body) } catch { throw Self.failure(error, path) }
    }

    /// Does `body` in one transaction: all of it, or nothing.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.write(body) } catch { throw Self.failure(error, path) }
    }

    // MARK: - Opening

    private static func configuration(_ access: IndexAccess) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = access == .read
        configuration.busyMode = .timeout(60)
        configuration.label = "index"
        return configuration
    }

    /// Whether there is nothing at `path` yet.
    ///
    /// - Throws: ``IndexError/Code/format`` when something else is. A file of another program is not touched.
    private static func isNew(_ path: String) throws -> Bool {
        var info = stat()
        guard stat(path, &info) == 0 else {
            if errno == ENOENT { return true }
            throw IndexError(.storage, "\(path): \(String(cString: strerror(errno)))")
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw IndexError(.format, "\(path): expected the file of an index, found a folder or a device")
        }
        if info.st_size == 0 { return true }
        let queue = try DatabaseQueue(path: path, configuration: configuration(.read))
        return try queue.read { database in
            let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            if id == 0, tables == 0 { return true }
            guard id == applicationID else {
                throw IndexError(.format, "\(path): a database of another program, not an index")
            }
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard found == format else {
                throw IndexError(
                    .format,
                    "\(path): made by another version of agent (format \(found), expected \(format)); remove it and add "
                        + "the documents again")
            }
            return false
        }
    }

    private static func makeFolder(of path: String) throws {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let folder = String(path[..<slash])
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
            throw IndexError(.storage, "\(folder): \(String(cString: strerror(errno)))")
        }
    }

    private static func makeTables(_ database: Database) throws {
        guard try Int.fetchOne(database, sql: "PRAGMA user_version") == 0 else { return }
        try database.execute(
            sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(format);" + tables)
    }

    private static let tables = """
        CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, hash BLOB NOT NULL,
            chunking TEXT NOT NULL);
        CREATE TABLE chunks (
            id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
            ordinal INTEGER NOT NULL, first_byte INTEGER NOT NULL, end_byte INTEGER NOT NULL,
            first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL,
            hash BLOB NOT NULL, UNIQUE (document, ordinal));
        CREATE INDEX chunks_hash ON chunks (hash);
        -- Apart from the texts, so that a search reads nothing else.
        CREATE TABLE vectors (
            chunk INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, document INTEGER NOT NULL,
            vector BLOB NOT NULL);
        """

    // MARK: - Errors

    private static func failure(_ error: any Error, _ path: String) -> any Error {
        error is DatabaseError ? self.error(error, path) : error
    }

    private static func error(_ error: any Error, _ path: String) -> IndexError {
        if let error = error as? IndexError { return error }
        guard let error = error as? DatabaseError else { return IndexError(.storage, "\(path): \(error)") }
        let said = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: return IndexError(.format, "\(path): not an index")
        case .SQLITE_CORRUPT:
            return IndexError(.format, "\(path): damaged (\(said)); remove it and add the documents again")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return IndexError(.storage, "\(path): another process has been writing for a minute; try again")
        default: return IndexError(.storage, "\(path): \(said)")
        }
    }
}
