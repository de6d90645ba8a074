// SPDX-License-Identifier: Apache-2.0

public import AgentCore
package import GRDB
import Glibc

/// The SQLite file in which runs are kept: opened, checked, made. Processes that write wait for each other, and readers wait for
/// nobody (SQLite's write-ahead log).
public final class JournalDatabase: Sendable {
    public let path: String
    package let queue: DatabaseQueue

    /// `AgRn`, by which the file is known (SQLite file format §1.3, offset 68).
    private static let applicationID = 0x4167_526e
    /// Counts changes of the tables.
    private static let format = 1

    /// How long a write waits for another process's, in seconds.
    private static let patience = 60.0

    /// - Parameter makes: whether the file and its folder are made when they are not there, and the tables when the file is empty.
    /// - Throws: ``JournalError``: ``JournalError/Code/notFound``, ``JournalError/Code/format`` when something else is there,
    ///   ``JournalError/Code/storage`` when it cannot be opened.
    public init(path: String, makes: Bool) throws(JournalError) {
        self.path = path
        do {
            var info = stat()
            let isThere = stat(path, &info) == 0
            if !isThere, !makes { throw JournalError(.notFound, "there is no journal at \(path)") }
            // SQLite takes a file of one byte for an empty one (unixFileSize), and would write over it.
            if isThere, info.st_size == 1 { throw Self.noDatabase(path) }
            if !isThere { try Self.makeFile(path) }
            var configuration = Configuration()
            configuration.busyMode = .timeout(Self.patience)
            configuration.label = "journal"
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { try Self.prepare($0, makes: makes) }
        } catch {
            throw Self.error(error, path)
        }
    }

    private static func prepare(_ database: Database, makes: Bool) throws {
        let isOurs = try hasTables(database)
        // Nothing of a file is changed before it is known to be a journal, or to become one.
        if !isOurs { try checkEmpty(database, makes: makes) }
        // Asked for here: GRDB's own way (`journalMode`) goes through Foundation's URLs, a quarter of the time to open.
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        if mode != "wal" { try database.execute(sql: "PRAGMA journal_mode = WAL") }
        // Commits reach the system at once, and the disk where a record asks for it.
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
        // What is replaced, such as words in which a secret was found later, does not stay in the file.
        _ = try String.fetchOne(database, sql: "PRAGMA secure_delete = FAST")
        if !isOurs { try makeTables(database) }
    }

    private static func hasTables(_ database: Database) throws -> Bool {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if id == applicationID, version == format { return true }
        guard id == applicationID else { return false }
        throw JournalError(.format, "made by another version of agent (format \(version), expected \(format))")
    }

    private static func checkEmpty(_ database: Database, makes: Bool) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard id == 0, tables == 0 else { throw JournalError(.format, "a database of another program") }
        guard makes else { throw JournalError(.notFound, "it is empty: there are no runs in it") }
    }

    private static func makeTables(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            // Another process may have made them meanwhile.
            if try hasTables(database) { return .commit }
            try checkEmpty(database, makes: true)
            for statement in JournalTables.statements { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(format)")
            return .commit
        }
    }

    /// Makes the file before SQLite does: what SQLite puts beside it has its permissions.
    private static func makeFile(_ path: String) throws {
        try makeFolder(of: path)
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw JournalError(.storage, String(cString: strerror(errno))) }
        close(file)
    }

    /// Makes the folders above `path` that are not there, for this user alone.
    private static func makeFolder(of path: String) throws {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let folder = String(path[..<slash])
        if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw JournalError(.storage, String(cString: strerror(errno))) }
        try makeFolder(of: folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw JournalError(.storage, String(cString: strerror(errno)))
        }
    }

    /// What went wrong, in words that say what to do.
    package static func error(_ error: any Error, _ path: String) -> JournalError {
        if let error = error as? JournalError {
            if error.message.contains(path) { return error }
            return JournalError(error.code, "the journal \(path): \(error.message)")
        }
        guard let error = error as? DatabaseError else {
            return JournalError(.storage, "the journal \(path): \(error)")
        }
        let words = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_NOTADB where !isDatabase(path): return noDatabase(path)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return JournalError(
                .format,
                "the journal \(path) is broken (\(words)); move it away to begin a new one: mv \(path) \(path).broken")
        case .SQLITE_FULL:
            return JournalError(
                .storage,
                "the journal \(path): the disk is full; everything up to here is kept: free some space, then resume the run"
            )
        case .SQLITE_BUSY:
            return JournalError(.busy, "the journal \(path): another process has held it for \(Int(patience)) seconds")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            return JournalError(.storage, "the journal \(path) cannot be written (\(words))")
        default: return JournalError(.storage, "the journal \(path): \(words)")
        }
    }

    private static func noDatabase(_ path: String) -> JournalError {
        JournalError(.format, "\(path) is not a journal of agent: it is no SQLite database; name another file")
    }

    /// Whether the file begins as databases do (SQLite file format §1.3), or cannot be looked at.
    private static func isDatabase(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return true }
        defer { close(file) }
        let mark = Array("SQLite format 3\0".utf8)
        var head = [UInt8](repeating: 0, count: mark.count)
        return Glibc.read(file, &head, head.count) == mark.count && head == mark
    }

    package func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try queue.read(body) } catch { throw Self.error(error, path) }
    }

    package func write<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try queue.write(body) } catch { throw Self.error(error, path) }
    }
}
