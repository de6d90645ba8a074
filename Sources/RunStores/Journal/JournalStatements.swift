// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What a run is written with.
enum JournalStatements {
    static let insertRun = """
        INSERT INTO run (id, began, ended, status, command, script, model, session, parent, total_tokens, cost,
        source, info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let updateRun = """
        UPDATE run SET ended = ?, status = ?, model = ?, session = ?, total_tokens = ?, cost = ?, script = ?,
        source = ?, info = ? WHERE key = ?
        """
    static let insertRecord = """
        INSERT INTO record (run, number, path, operation, name, effect, request, conversation, began, ended,
        outcome, is_failure, is_redacted, usage, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let updateRecord = """
        UPDATE record SET ended = ?, outcome = ?, is_failure = ?, is_redacted = ?, usage = ?, cost = ?
        WHERE run = ? AND number = ?
        """
    static let insertSchedule = "INSERT INTO schedule (run, steps) VALUES (?, ?)"
    static let insertConversation = "INSERT OR IGNORE INTO conversation (parent, content) VALUES (?, ?)"
    static let selectConversation = "SELECT id FROM conversation WHERE parent = ? AND content = ?"
    static let insertContent = "INSERT OR IGNORE INTO content (digest, body) VALUES (?, ?)"
    static let selectContent = "SELECT id FROM content WHERE digest = ?"

    private static let all = [
        insertRun, updateRun, insertRecord, updateRecord, insertSchedule, insertConversation, selectConversation,
        insertContent, selectContent,
    ]

    /// Compiles them all, which the first records of a run would have to wait for.
    static func prepare(_ database: Database) throws {
        for statement in all { _ = try database.cachedStatement(sql: statement) }
    }
}
