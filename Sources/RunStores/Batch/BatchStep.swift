// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// Something that an item of a batch did.
enum BatchStep: Sendable {
    case begin(JournalRecord)
    case end(JournalRecord)
    case schedule([ScheduleStep])
}

/// Makes lines of steps: a record as in a tape when it begins, and once more without what was asked when it is over.
struct BatchStepCoder {
    /// The last record with messages, which the next does not say again.
    private var before: (number: Int, messages: [Message])?

    mutating func lines(_ steps: [BatchStep]) throws -> [String] {
        var ends: [Int: JournalRecord] = [:]
        for case .end(let record) in steps { ends[record.number] = record }
        var whole: Set<Int> = []
        return try steps.compactMap { step in
            switch step {
            case .begin(let record):
                // What is over already is one line.
                if ends[record.number] != nil { whole.insert(record.number) }
                return try line(ends[record.number] ?? record)
            case .end(var record):
                if whole.contains(record.number) { return nil }
                (record.messages, record.request) = ([], .null)
                return try JSONValue.object(["end": record.lineValue(after: nil)]).serialized()
            case .schedule(let steps):
                let pairs = steps.map { JSONValue.array([.string("\($0.path)"), .integer(Int64($0.count))]) }
                return try JSONValue.object(["schedule": .array(pairs)]).serialized()
            }
        }
    }

    private mutating func line(_ record: JournalRecord) throws -> String {
        defer { if !record.messages.isEmpty { before = (record.number, record.messages) } }
        return try record.lineValue(after: before).serialized()
    }

    /// The run that `lines` tell of.
    ///
    /// - Throws: ``JournalError`` with ``JournalError/Code/format``.
    static func run(_ info: RunInfo, _ lines: [String]) throws -> RecordedRun {
        var run = RecordedRun(info: info, records: [])
        var places: [Int: Int] = [:]
        for line in lines {
            let value = try JSONValue(parsing: line)
            if let steps = value["schedule"]?.arrayValue {
                run.schedule += try steps.map(ScheduleStep.init(lineValue:))
            } else if let end = value["end"] {
                let over = try JournalRecord(lineValue: end) { _ in nil }
                guard let place = places[over.number] else {
                    throw JournalError(.format, "record \(over.number) of an item has an end and no beginning")
                }
                (run.records[place].ended, run.records[place].outcome) = (over.ended, over.outcome)
                (run.records[place].usage, run.records[place].cost) = (over.usage, over.cost)
            } else {
                let record = try JournalRecord(lineValue: value) { number in
                    places[number].map { run.records[$0].messages }
                }
                places[record.number] = run.records.count
                run.records.append(record)
            }
        }
        run.records.sort { $0.number < $1.number }
        return run
    }
}
