// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB
import JSONCore

/// The runs of a journal as a list that can be asked, summed up and cleared.
public struct RunCatalog: Sendable {
    let place: JournalPlace

    public init(_ store: RunStore) { self.init(store.place) }

    init(_ place: JournalPlace) { self.place = place }

    /// Which runs; all of them by default.
    public struct Filter: Sendable {
        /// The newest so many; `nil` for all.
        public var limit: Int?
        public var status: RunStanding?
        /// Those that began at or after it, in microseconds since 1970.
        public var since: Int64?
        /// Those that began before it.
        public var before: Int64?
        /// Those of this script, by its path or the end of it.
        public var script: String?

        public init(
            limit: Int? = nil, status: RunStanding? = nil, since: Int64? = nil, before: Int64? = nil,
            script: String? = nil
        ) {
            self.limit = limit
            self.status = status
            self.since = since
            self.before = before
            self.script = script
        }
    }

    /// - Returns: the newest first; nothing when there is no journal yet.
    /// - Throws: ``JournalError``.
    public func runs(_ filter: Filter = Filter()) throws(JournalError) -> [RunSummary] {
        guard let database = try existing() else { return [] }
        return try database.read { database in
            var found: [RunSummary] = []
            let (sql, arguments) = filter.condition
            let rows = try Row.fetchCursor(
                database, sql: "SELECT key, info FROM run WHERE \(sql) ORDER BY id DESC", arguments: arguments)
            while found.count < filter.limit ?? .max, let row = try rows.next() {
                let summary = try summary(row, database)
                if filter.status.map({ $0 == summary.standing }) ?? true { found.append(summary) }
            }
            return found
        }
    }

    /// The runs of these ids, as far as they are there.
    func summaries(of ids: [String]) throws(JournalError) -> [RunSummary] {
        guard let database = try existing() else { return [] }
        return try database.read { database in
            let statement = try database.cachedStatement(sql: "SELECT key, info FROM run WHERE id = ?")
            return try ids.compactMap { id in
                try Row.fetchOne(statement, arguments: [id]).map { try summary($0, database) }
            }
        }
    }

    private func summary(_ row: Row, _ database: Database) throws -> RunSummary {
        let info = try RunInfo(lineValue: try JSONValue(parsing: row["info"] as String))
        let isHeld = info.status == .running && place.isHeld(row["key"])
        return RunSummary(info, isHeld: isHeld, prompt: try Self.prompt(row["key"], database))
    }

    /// - Returns: `nil` when nothing was ever recorded.
    func existing() throws(JournalError) -> JournalDatabase? {
        do throws(JournalError) {
            return try place.opened(makes: false)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// What the run was asked first: the first message of a user in its first conversation.
    private static func prompt(_ run: Int64, _ database: Database) throws -> String? {
        let statement = try database.cachedStatement(
            sql: """
                WITH RECURSIVE line(id, depth) AS (
                    SELECT * FROM (SELECT conversation, 0 FROM record WHERE run = ? AND conversation <> 0 ORDER BY number LIMIT 1)
                    UNION ALL SELECT parent, depth + 1 FROM conversation JOIN line USING (id) WHERE parent <> 0)
                SELECT body FROM line JOIN conversation USING (id) JOIN content ON content.id = content
                WHERE body LIKE '{"role":"user"%' ORDER BY depth DESC LIMIT 1
                """)
        guard let body = try String.fetchOne(statement, arguments: [run]) else { return nil }
        return Message(journalValue: try JSONValue(parsing: body))?.text
    }
}

extension RunCatalog.Filter {
    fileprivate var condition: (sql: String, arguments: StatementArguments) {
        var parts = ["1"]
        var arguments = StatementArguments()
        if let status {
            parts.append("status = ?")
            arguments += [status == .cut ? RunInfo.Status.running.rawValue : status.rawValue]
        }
        if let since {
            parts.append("began >= ?")
            arguments += [since]
        }
        if let before {
            parts.append("began < ?")
            arguments += [before]
        }
        if let script {
            // Bytes, not patterns: names of files may hold _ and %.
            parts.append("(script = ? OR substr(script, -length(?)) = ?)")
            arguments += [script, "/" + script, "/" + script]
        }
        return (parts.joined(separator: " AND "), arguments)
    }
}
