// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite

/// A value of a row as SQLite has it.
enum RowValue {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    static func integer(_ value: Int64?) -> RowValue { value.map { .integer($0) } ?? .null }
    static func integer(_ value: Int) -> RowValue { .integer(Int64(value)) }
    static func flag(_ value: Bool) -> RowValue { .integer(value ? 1 : 0) }
    static func text(_ value: String?) -> RowValue { value.map { .text($0) } ?? .null }
}

/// Runs statements with values that go to SQLite as they are. GRDB's `StatementArguments` cost more than what SQLite then does with
/// them, and each record of a run is several statements.
extension Statement {
    /// - Throws: `DatabaseError`.
    func write(_ values: [RowValue], _ database: Database) throws {
        defer { sqlite3_reset(sqliteStatement) }
        try bind(values, database)
        let code = sqlite3_step(sqliteStatement)
        guard code == SQLITE_DONE else { throw Self.error(code, database) }
    }

    /// - Returns: the first column of the first row.
    /// - Throws: `DatabaseError`.
    func number(_ values: [RowValue], _ database: Database) throws -> Int64? {
        defer { sqlite3_reset(sqliteStatement) }
        try bind(values, database)
        switch sqlite3_step(sqliteStatement) {
        case SQLITE_ROW: return sqlite3_column_int64(sqliteStatement, 0)
        case SQLITE_DONE: return nil
        case let code: throw Self.error(code, database)
        }
    }

    private func bind(_ values: [RowValue], _ database: Database) throws {
        // <sqlite3.h>: SQLITE_TRANSIENT, by which SQLite makes a copy; the macro is not imported.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (place, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .null: sqlite3_bind_null(sqliteStatement, place)
                case .integer(let number): sqlite3_bind_int64(sqliteStatement, place, number)
                case .text(let text):
                    sqlite3_bind_text64(
                        sqliteStatement, place, text, UInt64(text.utf8.count), copied, UInt8(SQLITE_UTF8))
                case .bytes(let bytes):
                    sqlite3_bind_blob64(sqliteStatement, place, bytes, UInt64(bytes.count), copied)
                }
            guard code == SQLITE_OK else { throw Self.error(code, database) }
        }
    }

    private static func error(_ code: Int32, _ database: Database) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
    }
}
