// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import JSONCore

/// The tables of the index of texts, and what goes into them.
enum RunTexts {
    /// By which it is known whether a run has changed since it was read.
    struct State: Equatable, Sendable {
        var key: Int64
        var ended: Int64
        var records: Int64
    }

    /// - Parameter hasWords: whether SQLite may index words; it also must be able to.
    static func makeTables(_ database: Database, hasWords: Bool = true) throws {
        guard try !database.tableExists("known") else { return }
        try database.execute(
            sql: """
                CREATE TABLE known (
                    id TEXT PRIMARY KEY, key INTEGER NOT NULL, ended INTEGER NOT NULL, records INTEGER NOT NULL) WITHOUT ROWID;
                CREATE TABLE place (run TEXT NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (run, text)) WITHOUT ROWID;
                """)
        let modules = try String.fetchAll(database, sql: "SELECT name FROM pragma_module_list")
        try database.execute(
            sql: hasWords && modules.contains("fts5")
                ? "CREATE VIRTUAL TABLE text USING fts5(body, run UNINDEXED, tokenize = 'unicode61 remove_diacritics 2')"
                : "CREATE TABLE text (body TEXT NOT NULL, run TEXT NOT NULL)")
    }

    /// Whether words are indexed.
    static func hasWords(_ database: Database) throws -> Bool {
        try String.fetchOne(database, sql: "SELECT sql FROM sqlite_schema WHERE name = 'text'")?.contains("fts5")
            == true
    }

    static func states(_ database: Database) throws -> [String: State] {
        try states(of: Row.fetchAll(database, sql: "SELECT id, key, ended, records FROM known"))
    }

    /// The states of the runs of a journal.
    static func current(_ database: Database) throws -> [String: State] {
        try states(
            of: Row.fetchAll(
                database,
                sql: """
                    SELECT id, key, coalesce(ended, 0) AS ended,
                        coalesce((SELECT number FROM record WHERE run = key ORDER BY number DESC LIMIT 1), 0) AS records
                    FROM run
                    """))
    }

    private static func states(of rows: [Row]) -> [String: State] {
        Dictionary(
            rows.map { row in
                (row["id"] as String, State(key: row["key"], ended: row["ended"], records: row["records"]))
            }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: - Texts of a run

    /// The messages of the run, each once, and what was asked and answered otherwise.
    static func texts(of run: Int64, _ database: Database) throws -> [String] {
        let messages = try database.cachedStatement(
            sql: """
                WITH RECURSIVE line(id) AS (
                    SELECT conversation FROM record WHERE run = ? AND conversation <> 0
                    UNION SELECT parent FROM conversation JOIN line USING (id) WHERE parent <> 0)
                SELECT DISTINCT content.id, body FROM line JOIN conversation USING (id)
                JOIN content ON content.id = content ORDER BY 1
                """)
        let records = try database.cachedStatement(
            sql: "SELECT operation, name, request, outcome FROM record WHERE run = ? ORDER BY number")
        var texts: [String] = []
        for row in try Row.fetchAll(messages, arguments: [run]) { texts.append(text([try parsed(row["body"])])) }
        for row in try Row.fetchAll(records, arguments: [run]) {
            let outcome = try parsed(row["outcome"])
            switch row["operation"] as String {
            // Its conversation is there already, and its answer is most often in the next.
            case "model": texts.append(text([outcome?["message"] ?? outcome]))
            case "agent.run", "agent.stream": break
            default: texts.append(text([.string(row["name"]), try parsed(row["request"]), outcome]))
            }
        }
        var seen: Set<String> = []
        return texts.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    private static func parsed(_ text: String?) throws -> JSONValue? { try text.map { try JSONValue(parsing: $0) } }

    private static func text(_ values: [JSONValue?]) -> String {
        values.reduce(into: "") { $1?.addSearchable(to: &$0) }
    }

    // MARK: - Changing the index

    static func add(_ id: String, _ state: State, _ texts: [String], _ database: Database) throws {
        try remove(id, database)
        let insert = try database.cachedStatement(sql: "INSERT INTO text (body, run) VALUES (?, ?)")
        let place = try database.cachedStatement(sql: "INSERT INTO place (run, text) VALUES (?, ?)")
        for text in texts {
            try insert.execute(arguments: [text, id])
            try place.execute(arguments: [id, database.lastInsertedRowID])
        }
        try database.cachedStatement(sql: "INSERT INTO known (id, key, ended, records) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, state.key, state.ended, state.records])
    }

    static func remove(_ id: String, _ database: Database) throws {
        for sql in [
            "DELETE FROM text WHERE rowid IN (SELECT text FROM place WHERE run = ?)", "DELETE FROM place WHERE run = ?",
            "DELETE FROM known WHERE id = ?",
        ] {
            try database.cachedStatement(sql: sql).execute(arguments: [id])
        }
    }

    // MARK: - Finding

    struct Found: Sendable {
        var run: String
        var places: Int
        var excerpt: String
    }

    static func find(_ query: String, _ limit: Int, _ database: Database) throws -> [Found] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT run, count(*) AS places, min(rowid) AS first FROM text WHERE text MATCH ?
                GROUP BY run ORDER BY run DESC LIMIT ?
                """, arguments: [query, limit])
        return try rows.map { row in
            let excerpt = try String.fetchOne(
                database,
                sql: "SELECT snippet(text, 0, char(1), char(2), '…', 16) FROM text WHERE text MATCH ? AND rowid = ?",
                arguments: [query, row["first"] as Int64])
            return Found(run: row["run"], places: row["places"], excerpt: excerpt ?? "")
        }
    }

    static func find(letters: String, _ limit: Int, _ database: Database) throws -> [Found] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT run, count(*) AS places, min(body) AS body FROM text WHERE instr(lower(body), lower(?)) > 0
                GROUP BY run ORDER BY run DESC LIMIT ?
                """, arguments: [letters, limit]
        ).map { row in
            Found(run: row["run"], places: row["places"], excerpt: Self.excerpt(of: letters, in: row["body"]))
        }
    }

    /// What was found with some characters on either side.
    private static func excerpt(of letters: String, in body: String) -> String {
        let (text, sought) = (Array(body), Array(letters.lowercased()))
        let place = text.indices.first { place in
            text[place...].prefix(sought.count).map { $0.lowercased() }.elementsEqual(sought.map(String.init))
        }
        guard let place else { return String(text.prefix(120)) }
        let end = min(text.count, place + sought.count)
        let (from, to) = (max(0, place - 60), min(text.count, end + 60))
        return (from > 0 ? "…" : "") + String(text[from..<place]) + RunSearch.begin + String(text[place..<end])
            + RunSearch.end + String(text[end..<to]) + (to < text.count ? "…" : "")
    }
}

extension JSONValue {
    /// Members that say nothing that people search for, or say again what stands beside them.
    private static let skipped: Set<String> = [
        "role", "tool_call_id", "finish_reason", "pieces", "pricing_name", "usage", "raw",
    ]

    fileprivate func addSearchable(to text: inout String) {
        switch self {
        case .string(let value) where !value.isEmpty: text += text.isEmpty ? value : "\n" + value
        case .array(let values): for value in values { value.addSearchable(to: &text) }
        case .object(let members):
            for (name, value) in members where !Self.skipped.contains(name) { value.addSearchable(to: &text) }
        default: break
        }
    }
}
