// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import JSONCore

/// Sessions as rows. Messages are rows of their own, so that a turn writes no more than its messages.
enum SessionRows {
    static let tables = """
        CREATE TABLE session (
            key INTEGER PRIMARY KEY, owner TEXT NOT NULL, id TEXT NOT NULL, script TEXT, began INTEGER NOT NULL,
            changed INTEGER NOT NULL, version INTEGER NOT NULL, compactions TEXT NOT NULL, UNIQUE (owner, id));
        CREATE TABLE message (
            session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE, place INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (session, place)) WITHOUT ROWID;

        """

    /// - Throws: ``JournalError`` when the stored session is not the one before.
    static func write(_ session: ChatSession, _ database: Database) throws {
        let key = try key(of: session, database)
        let bodies = try session.messages.map { try $0.journalValue.serialized() }
        let stored = try String.fetchAll(
            database, sql: "SELECT body FROM message WHERE session = ? ORDER BY place", arguments: [key])
        let same = zip(stored, bodies).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        if same < stored.count {
            try database.execute(
                sql: "DELETE FROM message WHERE session = ? AND place >= ?", arguments: [key, same])
        }
        for place in same..<bodies.count {
            try database.execute(
                sql: "INSERT INTO message (session, place, body) VALUES (?, ?, ?)",
                arguments: [key, place, bodies[place]])
        }
    }

    private static func key(of session: ChatSession, _ database: Database) throws -> Int64 {
        let compactions = try JSONValue.array(session.compactions.map(\.jsonValue)).serialized()
        if session.version == 1 {
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO session (owner, id, script, began, changed, version, compactions)
                    VALUES (?, ?, ?, ?, ?, 1, ?)
                    """,
                arguments: [
                    session.owner, session.id, session.script, session.began, session.changed, compactions,
                ])
        } else {
            try database.execute(
                sql: """
                    UPDATE session SET script = ?, changed = ?, version = ?, compactions = ?
                    WHERE owner = ? AND id = ? AND version = ?
                    """,
                arguments: [
                    session.script, session.changed, session.version, compactions, session.owner, session.id,
                    session.version - 1,
                ])
        }
        guard database.changesCount > 0 else {
            throw JournalError(
                .busy, "\(session.id) has gone on somewhere else meanwhile; open it again to go on from there")
        }
        let key = try Int64.fetchOne(
            database, sql: "SELECT key FROM session WHERE owner = ? AND id = ?", arguments: [session.owner, session.id])
        return key ?? 0
    }
}

extension ChatSession {
    init(_ row: Row, _ database: Database) throws {
        let bodies = try String.fetchAll(
            database, sql: "SELECT body FROM message WHERE session = ? ORDER BY place", arguments: [row["key"] as Int64]
        )
        let messages = try bodies.map { body in
            guard let message = Message(journalValue: try JSONValue(parsing: body)) else {
                throw JournalError(.format, "a message is not as it was written")
            }
            return message
        }
        let compactions = try JSONValue(parsing: row["compactions"] as String).arrayValue ?? []
        self.init(
            id: row["id"], owner: row["owner"], script: row["script"], messages: messages,
            compactions: compactions.compactMap(Compaction.init(jsonValue:)), began: row["began"],
            changed: row["changed"], version: row["version"])
    }
}

extension ChatSession.Compaction {
    fileprivate var jsonValue: JSONValue {
        ["dropped": .integer(Int64(dropped)), "count": .integer(Int64(count)), "note": .string(note)]
    }

    fileprivate init?(jsonValue value: JSONValue) {
        guard let dropped = value["dropped"]?.integerValue, let count = value["count"]?.integerValue,
            let note = value["note"]?.stringValue
        else { return nil }
        self.init(dropped: Int(clamping: dropped), count: Int(clamping: count), note: note)
    }
}
