// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import JSONCore

/// Something that is to be written.
enum JournalChange: Sendable {
    case begin(JournalRecord)
    case end(JournalRecord)
    case info(RunInfo)
}

/// Writes changes of one run into the tables of one connection. Used by one transaction at a time.
struct JournalRows {
    /// The key of the run's row.
    private(set) var run: Int64?
    /// Records that are in the table.
    private var written: Set<Int> = []
    /// Whether records may be there that this did not write.
    private let isTakenUp: Bool
    private var statements: JournalStatements?
    /// The conversation that was written last, and the row of each of its beginnings.
    private var last: (messages: [Message], rows: [Int64]) = ([], [])

    init(run: Int64? = nil) {
        self.run = run
        isTakenUp = run != nil
    }

    /// - Parameter schedule: the order of the lines beside `changes`.
    mutating func write(
        _ changes: [JournalChange], schedule: [ScheduleStep], _ info: RunInfo, _ database: Database
    ) throws {
        let statements = try self.statements ?? JournalStatements(database)
        self.statements = statements
        let table = RunRows(database, statements)
        let run = try run ?? table.insert(info)
        self.run = run
        for change in Self.joined(changes) { try write(change, run, table) }
        try table.add(schedule, run)
    }

    /// The changes with each record that has ended already written once.
    private static func joined(_ changes: [JournalChange]) -> [JournalChange] {
        var ended: Set<Int> = []
        for case .end(let record) in changes { ended.insert(record.number) }
        return changes.filter { change in
            if case .begin(let record) = change { return !ended.contains(record.number) }
            return true
        }
    }

    private mutating func write(_ change: JournalChange, _ run: Int64, _ table: RunRows) throws {
        switch change {
        case .begin(let record):
            try insert(record, run, table)
        case .end(let record):
            let isThere = isTakenUp || written.contains(record.number)
            // One that began and ended before anything was written is not.
            let isUpdated = try isThere && table.update(record, run)
            if !isUpdated { try insert(record, run, table) }
        case .info(let info): try table.update(info, run)
        }
    }

    private mutating func insert(_ record: JournalRecord, _ run: Int64, _ table: RunRows) throws {
        try table.insert(record, run, conversation: try conversation(record.messages, table))
        written.insert(record.number)
    }

    /// The row of a conversation; 0 for the empty one.
    private mutating func conversation(_ messages: [Message], _ table: RunRows) throws -> Int64 {
        guard !messages.isEmpty else { return 0 }
        let known = last.messages
        var rows = last.rows
        last = ([], [])
        let same = known.commonPrefixCount(with: messages)
        rows.removeSubrange(same...)
        for message in messages[same...] {
            rows.append(try table.child(of: rows.last ?? 0, try message.journalValue.serialized()))
        }
        last = (messages, rows)
        return rows.last ?? 0
    }
}
