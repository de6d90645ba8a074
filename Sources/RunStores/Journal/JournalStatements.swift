// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What a run is written with, compiled for one connection.
struct JournalStatements {
    let insertRun: Statement
    let updateRun: Statement
    let insertRecord: Statement
    let updateRecord: Statement
    let insertSchedule: Statement
    let insertConversation: Statement
    let selectConversation: Statement
    let insertContent: Statement
    let selectContent: Statement

    init(_ database: Database) throws {
        insertRun = try database.cachedStatement(sql: SQL.insertRun)
        updateRun = try database.cachedStatement(sql: SQL.updateRun)
        insertRecord = try database.cachedStatement(sql: SQL.insertRecord)
        updateRecord = try database.cachedStatement(sql: SQL.updateRecord)
        insertSchedule = try database.cachedStatement(sql: SQL.insertSchedule)
        insertConversation = try database.cachedStatement(sql: SQL.insertConversation)
        selectConversation = try database.cachedStatement(sql: SQL.selectConversation)
        insertContent = try database.cachedStatement(sql: SQL.insertContent)
        selectContent = try database.cachedStatement(sql: SQL.selectContent)
    }

    private enum SQL {
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
        static let insertConversation = "INSERT INTO conversation (parent, content) VALUES (?, ?)"
        static let selectConversation = "SELECT id FROM conversation WHERE parent = ? AND content = ?"
        static let insertContent = "INSERT INTO content (digest, body) VALUES (?, ?)"
        static let selectContent = "SELECT id FROM content WHERE digest = ?"
    }
}
