// SPDX-License-Identifier: Apache-2.0

public import AgentCore
package import GRDB
package import JSONCore

/// The runs of a journal.
public struct RunStore: Sendable {
    package let place: JournalPlace

    /// Nothing is opened before it is needed.
    public init(path: String) { place = JournalPlace(path: path) }

    public var path: String { place.path }

    /// Where a new run is kept.
    public func journal(for info: RunInfo) -> any RunJournal {
        place.openAhead()
        return JournalWriter(info, in: place)
    }

    /// The run of that id, of the only id that begins so, or of the word `last`.
    ///
    /// - Throws: ``JournalError``.
    public func run(_ id: String) throws -> RecordedRun {
        let database = try place.opened(makes: false)
        return try database.read { database in try Self.recorded(try Self.key(of: id, database), database) }
    }

    /// The run, in the hand of this process, and where it is kept on.
    ///
    /// - Throws: ``JournalError``, with ``JournalError/Code/busy`` when another process has the run in hand.
    public func takingUp(_ id: String) throws -> (run: RecordedRun, journal: any RunJournal) {
        let database = try place.opened(makes: false)
        let key = try database.read { try Self.key(of: id, $0) }
        guard place.hold(key) else {
            throw JournalError(.busy, "run \(id) goes on in another process; wait until it has ended")
        }
        // What another process wrote before it let go is there now.
        let run = try database.read { try Self.recorded(key, $0) }
        guard let reopened = run.reopened() else { return (run, JournalWriter(run.info, in: place, run: key)) }
        try database.write { try Self.cut(key, after: reopened.records.last?.number ?? 0, $0) }
        return (reopened, JournalWriter(run.info, in: place, run: key))
    }

    /// Forgets what came behind a record, and the order of the run, which it will have anew.
    private static func cut(_ run: Int64, after number: Int, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM record WHERE run = ? AND number > ?", arguments: [run, number])
        try database.execute(sql: "DELETE FROM schedule WHERE run = ?", arguments: [run])
    }

    // MARK: - Keys

    /// Takes the key of a call for a run whose records are kept elsewhere; on the disk when this returns.
    ///
    /// - Throws: ``JournalError``.
    package func claim(_ claim: OnceClaim, of info: RunInfo) throws -> OnceState {
        try place.synced { try OnceKeys.claim(claim, info, $0) }
    }

    /// Keeps the result of such a call, or gives its key back.
    ///
    /// - Throws: ``JournalError``.
    package func settle(_ claim: OnceClaim, _ result: JSONValue?, of info: RunInfo) throws {
        try place.synced { try OnceKeys.settle(claim, result, info, $0) }
    }

    // MARK: - Reading

    package static func key(of id: String, _ database: Database) throws -> Int64 {
        if id == "last" {
            guard let key = try Int64.fetchOne(database, sql: "SELECT key FROM run ORDER BY id DESC LIMIT 1") else {
                throw JournalError(.notFound, "there are no runs yet")
            }
            return key
        }
        let rows = try Row.fetchAll(
            database, sql: "SELECT key, id FROM run WHERE id >= ? AND id < ? ORDER BY id LIMIT 3",
            arguments: [id, id + "\u{7F}"])
        if let exact = rows.first(where: { $0["id"] == id }) { return exact["key"] }
        guard let first = rows.first else {
            throw JournalError(.notFound, "there is no run \(id); agent runs lists them")
        }
        guard rows.count == 1 else {
            let ids = rows.map { $0["id"] as String }.joined(separator: ", ")
            throw JournalError(.notFound, "several runs begin with \(id): \(ids)…")
        }
        return first["key"]
    }

    package static func recorded(_ key: Int64, _ database: Database) throws -> RecordedRun {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM run WHERE key = ?", arguments: [key]) else {
            throw JournalError(.notFound, "there is no such run")
        }
        var info = try RunInfo(lineValue: try JSONValue(parsing: row["info"] as String))
        if let source: Int64 = row["source"] {
            info.source = try String.fetchOne(
                database, sql: "SELECT body FROM content WHERE id = ?", arguments: [source])
        }
        var conversations = Conversations()
        let records = try Row.fetchAll(
            database, sql: "SELECT * FROM record WHERE run = ? ORDER BY number", arguments: [key]
        ).map { try JournalRecord($0, messages: conversations.messages($0["conversation"], database)) }
        let steps = try String.fetchAll(
            database, sql: "SELECT steps FROM schedule WHERE run = ? ORDER BY place", arguments: [key])
        return RecordedRun(info: info, records: records, schedule: try steps.flatMap(ScheduleStep.steps(of:)))
    }
}

extension ScheduleStep {
    fileprivate static func steps(of text: String) throws(JournalError) -> [ScheduleStep] {
        var steps: [ScheduleStep] = []
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "*", omittingEmptySubsequences: false)
            guard parts.count == 2, let path = JournalPath(String(parts[0])), let count = Int(parts[1]) else {
                throw JournalError(.format, "the schedule of a run: expected path*count, found \(word)")
            }
            steps.append(ScheduleStep(path, count: count))
        }
        return steps
    }
}

extension JournalRecord {
    init(_ row: Row, messages: [Message]) throws {
        let (number, place, word): (Int, String, String) = (row["number"], row["path"], row["effect"])
        guard let path = JournalPath(place) else {
            throw JournalError(.format, "record \(number): expected a path of numbers such as 3.2.1, found \(place)")
        }
        guard let effect = ToolDefinition.Effect(rawValue: word) else {
            throw JournalError(.format, "record \(number): expected the effect read, write or final, found \(word)")
        }
        self.init(
            number: number, path: path, operation: row["operation"], name: row["name"], effect: effect,
            request: try Self.json(row["request"]) ?? .null, messages: messages, began: row["began"],
            ended: row["ended"])
        outcome = try Self.json(row["outcome"]).map {
            Outcome($0, isFailure: row["is_failure"], isRedacted: row["is_redacted"])
        }
        usage = try Self.json(row["usage"]).map { Usage(journalValue: $0) }
        cost = (row["cost"] as Int64?).map { Dollars(picodollars: $0) }
    }

    private static func json(_ text: String?) throws -> JSONValue? { try text.map { try JSONValue(parsing: $0) } }
}

/// Puts conversations together from their messages, each read once.
struct Conversations {
    private var known: [Int64: [Message]] = [0: []]

    mutating func messages(_ id: Int64, _ database: Database) throws -> [Message] {
        if let messages = known[id] { return messages }
        let statement = try database.cachedStatement(
            sql: "SELECT parent, body FROM conversation JOIN content ON content.id = content WHERE conversation.id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]),
            let message = Message(journalValue: try JSONValue(parsing: row["body"] as String))
        else { throw JournalError(.format, "a message of the conversation \(id) is missing") }
        let messages = try messages(row["parent"], database) + [message]
        known[id] = messages
        return messages
    }
}
