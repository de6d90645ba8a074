// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps the records of one run in memory: for tests, for tapes, for hosts that store them in their own way.
public final class MemoryJournal: RunJournal {
    private let run: Mutex<RecordedRun>

    public init(_ run: RecordedRun) { self.run = Mutex(run) }
    public convenience init(_ info: RunInfo) { self.init(RecordedRun(info: info, records: [])) }

    /// What has been kept.
    public var recorded: RecordedRun {
        var run = run.withLock(\.self)
        run.records.sort { $0.number < $1.number }
        return run
    }

    public func begin(_ record: JournalRecord, durability: JournalDurability) async throws {
        run.withLock { $0.records.append(record) }
    }

    public func end(_ record: JournalRecord, schedule: [ScheduleStep], durability: JournalDurability) async throws {
        run.withLock { run in
            if let place = run.records.lastIndex(where: { $0.number == record.number }) {
                run.records[place] = record
            } else {
                run.records.append(record)
            }
            run.schedule += schedule
        }
    }

    public func update(_ info: RunInfo) async throws { run.withLock { $0.info = info } }
}
