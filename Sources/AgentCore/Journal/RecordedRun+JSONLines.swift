// SPDX-License-Identifier: Apache-2.0

package import JSONCore

/// A run as a file of JSON lines: what it was, its records, and the order in which it went on. Tapes and exports have this form.
extension RecordedRun {
    /// Each line without its end.
    public var jsonLines: [String] {
        get throws {
            var lines = [try info.lineValue.serialized()]
            var before: (number: Int, messages: [Message])?
            for record in records {
                lines.append(try record.lineValue(after: before).serialized())
                if !record.messages.isEmpty { before = (record.number, record.messages) }
            }
            let steps = schedule.map { JSONValue.array([.string("\($0.path)"), .integer(Int64($0.count))]) }
            lines.append(try JSONValue.object(["schedule": .array(steps)]).serialized())
            return lines
        }
    }

    /// Reads what ``jsonLines`` gives. Empty lines are skipped.
    ///
    /// - Throws: ``JournalError`` with ``JournalError/Code/format``, which names the line.
    public init(jsonLines text: String, name: String = "recording") throws(JournalError) {
        var info: RunInfo?
        var records: [JournalRecord] = []
        var schedule: [ScheduleStep] = []
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            do {
                let value = try JSONValue(parsing: String(line))
                if info == nil {
                    info = try RunInfo(lineValue: value)
                } else if let steps = value["schedule"]?.arrayValue {
                    schedule = try steps.map(ScheduleStep.init(lineValue:))
                } else {
                    records.append(
                        try JournalRecord(lineValue: value) { number in
                            records.last { $0.number == number }?.messages
                        })
                }
            } catch {
                throw JournalError(.format, "\(name):\(place + 1): \(error)")
            }
        }
        guard let info else { throw JournalError(.format, "\(name): expected a recorded run, found nothing") }
        self.init(info: info, records: records, schedule: schedule)
    }
}

extension ScheduleStep {
    package init(lineValue value: JSONValue) throws(JournalError) {
        guard let pair = value.arrayValue, pair.count == 2, let path = pair[0].stringValue.flatMap({ JournalPath($0) }),
            let count = pair[1].integerValue, count > 0
        else { throw JournalError(.format, "a step of the schedule: expected [path, count]") }
        self.init(path, count: Int(count))
    }
}
