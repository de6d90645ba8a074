// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB
import Glibc
import JSONCore

/// Conversations in a SQLite file, which is made when the first one is stored.
public struct SQLiteSessions: SessionStore {
    public let path: String

    /// `AgSe`, by which the file is known (SQLite file format §1.3, offset 68).
    private static let applicationID = 0x4167_5365
    private static let format = 1

    public init(path: String) { self.path = path }

    // MARK: - Sessions

    public func load(_ id: String, owner: String) async throws -> ChatSession? {
        guard let queue = try opened(makes: false) else { return nil }
        return try caught {
            try queue.read { database in
                guard
                    let row = try Row.fetchOne(
                        database, sql: "SELECT * FROM session WHERE owner = ? AND id = ?", arguments: [owner, id])
                else { return nil }
                return try ChatSession(row, database)
            }
        }
    }

    public func save(_ session: ChatSession) async throws -> ChatSession {
        guard let queue = try opened(makes: true) else { return session }
        var stored = session
        stored.version += 1
        stored.changed = WallClock.microseconds
        let now = stored
        try caught { try queue.write { try SessionRows.write(now, $0) } }
        return stored
    }

    public func list(owner: String) async throws -> [SessionSummary] {
        guard let queue = try opened(makes: false) else { return [] }
        return try caught {
            try queue.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT *, (SELECT count(*) FROM message WHERE session = key) AS count,
                            (SELECT body FROM message WHERE session = key AND body LIKE '{"role":"user"%'
                             ORDER BY place LIMIT 1) AS first
                        FROM session WHERE owner = ? ORDER BY changed DESC, key DESC
                        """, arguments: [owner]
                ).map { row in
                    let first = try (row["first"] as String?).flatMap {
                        try Message(journalValue: JSONValue(parsing: $0))
                    }
                    return SessionSummary(
                        id: row["id"], script: row["script"], began: row["began"], changed: row["changed"],
                        messages: row["count"], prompt: first?.text)
                }
            }
        }
    }

    public func remove(_ id: String, owner: String) async throws -> Bool {
        guard let queue = try opened(makes: false) else { return false }
        return try caught {
            try queue.write { database in
                try database.execute(
                    sql: "DELETE FROM session WHERE owner = ? AND id = ?", arguments: [owner, id])
                return database.changesCount > 0
            }
        }
    }

    // MARK: - The file

    /// - Returns: `nil` when nothing was ever stored, and nothing is made.
    private func opened(makes: Bool) throws -> DatabaseQueue? {
        if access(path, F_OK) != 0 {
            guard makes else { return nil }
            try makeFile()
        }
        return try caught {
            var configuration = Configuration()
            configuration.busyMode = .timeout(60)
            configuration.journalMode = .wal
            configuration.label = "sessions"
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction(Self.prepare)
            return queue
        }
    }

    private static func prepare(_ database: Database) throws {
        // What was removed is not left readable in the file, and a turn survives a loss of power.
        try database.execute(sql: "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL")
        if try isKnown(database) { return }
        try database.inTransaction(.immediate) {
            if try isKnown(database) { return .commit }
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
                throw JournalError(.format, "not a file of sessions, or one of another version of agent")
            }
            try database.execute(
                sql: SessionRows.tables
                    + "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(format);")
            return .commit
        }
    }

    private static func isKnown(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID
            && Int.fetchOne(database, sql: "PRAGMA user_version") == format
    }

    /// The file with its folders, for this user alone from the first byte on.
    private func makeFile() throws {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash != rest.startIndex {
            rest = rest[..<slash]
            if access(String(rest), F_OK) == 0 { break }
            folders.append(String(rest))
        }
        for folder in folders.reversed() where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw JournalError(.storage, "sessions: \(folder): \(String(cString: strerror(errno)))")
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw JournalError(.storage, "sessions: \(path): \(String(cString: strerror(errno)))") }
        close(file)
    }

    private func caught<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as JournalError {
            throw JournalError(error.code, "sessions in \(path): \(error.message)")
        } catch let error as DatabaseError {
            let words = error.message ?? "\(error.resultCode)"
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT:
                throw JournalError(
                    .format,
                    "sessions in \(path): broken (\(words)); move it away to begin anew: mv \(path) \(path).broken")
            case .SQLITE_BUSY:
                throw JournalError(.busy, "sessions in \(path): another process has held it for a minute")
            default: throw JournalError(.storage, "sessions in \(path): \(words)")
            }
        }
    }
}
