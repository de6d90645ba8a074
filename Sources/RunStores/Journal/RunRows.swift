// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import JSONCore

/// The rows of runs, records and contents, as one transaction writes them.
struct RunRows {
    private let database: Database
    private let statements: JournalStatements

    init(_ database: Database, _ statements: JournalStatements) {
        self.database = database
        self.statements = statements
    }

    // MARK: - Runs

    /// - Returns: the key of the row.
    func insert(_ info: RunInfo) throws -> Int64 {
        let source = try info.source.map { try content($0).row }
        let values: [RowValue] = [
            .text(info.id), .integer(info.began), .integer(info.ended), .text(info.status.rawValue),
            .text(info.command), .text(info.script), .text(info.model), .text(info.session), .text(info.parent),
            .integer(info.usage.totalTokens), .integer(info.cost?.picodollars), .integer(source),
            .text(try info.row),
        ]
        try statements.insertRun.write(values, database)
        return database.lastInsertedRowID
    }

    func update(_ info: RunInfo, _ run: Int64) throws {
        let source = try info.source.map { try content($0).row }
        let values: [RowValue] = [
            .integer(info.ended), .text(info.status.rawValue), .text(info.model), .text(info.session),
            .integer(info.usage.totalTokens), .integer(info.cost?.picodollars), .text(info.script), .integer(source),
            .text(try info.row), .integer(run),
        ]
        try statements.updateRun.write(values, database)
    }

    // MARK: - Records

    func insert(_ record: JournalRecord, _ run: Int64, conversation: Int64) throws {
        let request = record.request.isNull ? nil : try record.request.serialized()
        var values: [RowValue] = [
            .integer(run), .integer(record.number), .text(record.path.description), .text(record.operation),
            .text(record.name), .text(record.effect.rawValue), .text(request), .integer(conversation),
            .integer(record.began),
        ]
        values += try Self.outcome(of: record)
        try statements.insertRecord.write(values, database)
    }

    /// - Returns: whether the record was there.
    func update(_ record: JournalRecord, _ run: Int64) throws -> Bool {
        let values = try Self.outcome(of: record) + [.integer(run), .integer(record.number)]
        try statements.updateRecord.write(values, database)
        return database.changesCount > 0
    }

    /// From `ended` on.
    private static func outcome(of record: JournalRecord) throws -> [RowValue] {
        [
            .integer(record.ended), .text(try record.outcome?.value.serialized()),
            .flag(record.outcome?.isFailure ?? false), .flag(record.outcome?.isRedacted ?? false),
            .text(try record.usage?.journalValue.serialized()), .integer(record.cost?.picodollars),
        ]
    }

    func add(_ steps: [ScheduleStep], _ run: Int64) throws {
        guard !steps.isEmpty else { return }
        let text = steps.map { "\($0.path)*\($0.count)" }.joined(separator: " ")
        try statements.insertSchedule.write([.integer(run), .text(text)], database)
    }

    // MARK: - Contents

    /// The row of the conversation that is `parent` and one more message.
    func child(of parent: Int64, _ message: String) throws -> Int64 {
        let (content, isNew) = try content(message)
        let values: [RowValue] = [.integer(parent), .integer(content)]
        // What was said before was most often said to the same.
        if !isNew, let known = try statements.selectConversation.number(values, database) { return known }
        try statements.insertConversation.write(values, database)
        return database.lastInsertedRowID
    }

    private func content(_ text: String) throws -> (row: Int64, isNew: Bool) {
        let digest = SHA256.digest(text.utf8)
        if let known = try statements.selectContent.number([.bytes(digest)], database) { return (known, false) }
        try statements.insertContent.write([.bytes(digest), .text(text)], database)
        return (database.lastInsertedRowID, true)
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
