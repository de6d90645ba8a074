// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import JSONCore

/// Something that is to be written.
enum JournalChange: Sendable {
    case begin(JournalRecord, [ScheduleStep])
    case end(JournalRecord, [ScheduleStep])
    case info(RunInfo)
}

/// Writes changes of one run into the tables. Used by one transaction at a time.
struct JournalRows {
    /// The key of the run's row.
    private(set) var run: Int64?
    /// The conversation that was written last, and the row of each of its beginnings.
    private var last: (messages: [Message], rows: [Int64]) = ([], [])

    init(run: Int64? = nil) { self.run = run }

    mutating func write(_ change: JournalChange, _ info: RunInfo, _ database: Database) throws {
        switch change {
        case .begin(let record, let steps):
            let run = try key(info, database)
            try insert(record, run, database)
            try add(steps, run, database)
        case .end(let record, let steps):
            let run = try key(info, database)
            try update(record, run, database)
            try add(steps, run, database)
        case .info(let info): try update(info, try key(info, database), database)
        }
    }

    // MARK: - Runs

    private mutating func key(_ info: RunInfo, _ database: Database) throws -> Int64 {
        if let run { return run }
        let source = try info.source.map { try content($0, database) }
        try database.cachedStatement(sql: JournalStatements.insertRun).execute(arguments: [
            info.id, info.began, info.ended, info.status.rawValue, info.command, info.script, info.model, info.session,
            info.parent, info.usage.totalTokens, info.cost?.picodollars, source, try info.row,
        ])
        run = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    private func update(_ info: RunInfo, _ run: Int64, _ database: Database) throws {
        try database.cachedStatement(sql: JournalStatements.updateRun).execute(arguments: [
            info.ended, info.status.rawValue, info.model, info.session, info.usage.totalTokens, info.cost?.picodollars,
            info.script, try info.source.map { try content($0, database) }, try info.row, run,
        ])
    }

    // MARK: - Records

    private mutating func insert(_ record: JournalRecord, _ run: Int64, _ database: Database) throws {
        let outcome = record.outcome
        try database.cachedStatement(sql: JournalStatements.insertRecord).execute(arguments: [
            run, record.number, "\(record.path)", record.operation, record.name, record.effect.rawValue,
            record.request.isNull ? nil : try record.request.serialized(),
            try conversation(record.messages, database), record.began, record.ended,
            try outcome?.value.serialized(), outcome?.isFailure ?? false, outcome?.isRedacted ?? false,
            try record.usage?.row, record.cost?.picodollars,
        ])
    }

    private mutating func update(_ record: JournalRecord, _ run: Int64, _ database: Database) throws {
        try database.cachedStatement(sql: JournalStatements.updateRecord).execute(arguments: [
            record.ended, try record.outcome?.value.serialized(), record.outcome?.isFailure ?? false,
            record.outcome?.isRedacted ?? false, try record.usage?.row, record.cost?.picodollars, run, record.number,
        ])
        // One that began and ended before anything was written.
        if database.changesCount == 0 { try insert(record, run, database) }
    }

    private func add(_ steps: [ScheduleStep], _ run: Int64, _ database: Database) throws {
        guard !steps.isEmpty else { return }
        let text = steps.map { "\($0.path)*\($0.count)" }.joined(separator: " ")
        try database.cachedStatement(sql: JournalStatements.insertSchedule)
            .execute(arguments: [run, text])
    }

    // MARK: - Contents

    /// The row of a conversation; 0 for the empty one.
    private mutating func conversation(_ messages: [Message], _ database: Database) throws -> Int64 {
        guard !messages.isEmpty else { return 0 }
        let known = last.messages
        var rows = last.rows
        last = ([], [])
        let same = known.commonPrefixCount(with: messages)
        rows.removeSubrange(same...)
        for message in messages[same...] {
            let content = try content(try message.journalValue.serialized(), database)
            rows.append(try child(of: rows.last ?? 0, content, database))
        }
        last = (messages, rows)
        return rows.last ?? 0
    }

    private func child(of parent: Int64, _ content: Int64, _ database: Database) throws -> Int64 {
        try database.cachedStatement(sql: JournalStatements.insertConversation)
            .execute(arguments: [parent, content])
        if database.changesCount > 0 { return database.lastInsertedRowID }
        let statement = try database.cachedStatement(sql: JournalStatements.selectConversation)
        return try Int64.fetchOne(statement, arguments: [parent, content]) ?? 0
    }

    private func content(_ text: String, _ database: Database) throws -> Int64 {
        let digest = Blob(SHA256.digest(text.utf8))
        try database.cachedStatement(sql: JournalStatements.insertContent)
            .execute(arguments: [digest, text])
        if database.changesCount > 0 { return database.lastInsertedRowID }
        let statement = try database.cachedStatement(sql: JournalStatements.selectContent)
        return try Int64.fetchOne(statement, arguments: [digest]) ?? 0
    }
}

extension RunInfo {
    /// The run as its row has it; the script's text is a content of its own.
    fileprivate var row: String {
        get throws {
            var info = self
            info.source = nil
            return try info.lineValue.serialized()
        }
    }
}

extension Usage {
    fileprivate var row: String { get throws { try journalValue.serialized() } }
}
