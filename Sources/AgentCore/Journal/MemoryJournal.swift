// SPDX-License-Identifier: Apache-2.0

public import JSONCore
import Synchronization

/// Keeps the records of one run in memory: for tests, for tapes, for hosts that store them in their own way.
public final class MemoryJournal: RunJournal {
    private let run: Mutex<RecordedRun>
    private let claims = Mutex<[OnceClaim: JSONValue?]>([:])

    public init(_ run: RecordedRun) { self.run = Mutex(run) }
    public convenience init(_ info: RunInfo) { self.init(RecordedRun(info: info, records: [])) }

    /// What has been kept.
    public var recorded: RecordedRun {
        var run = run.withLock(\.self)
        run.records.sort { $0.number < $1.number }
        return run
    }

    public func note(_ info: RunInfo) { run.withLock { $0.info = info } }

    public func begin(
        _ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability
    ) async throws {
        run.withLock { run in
            run.records.append(record)
            run.schedule += schedule()
        }
    }

    public func end(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {
        run.withLock { run in
            if let place = run.records.lastIndex(where: { $0.number == record.number }) {
                run.records[place] = record
            } else {
                run.records.append(record)
            }
            run.schedule += schedule()
        }
    }

    /// Keeps an order of lines that belongs to no record yet.
    package func append(_ schedule: [ScheduleStep]) { run.withLock { $0.schedule += schedule } }

    public func update(_ info: RunInfo) async throws { run.withLock { $0.info = info } }

    public func claim(_ claim: OnceClaim) async throws -> OnceState {
        claims.withLock { claims in
            let same = claims.first { $0.key.tool == claim.tool && $0.key.key == claim.key }
            guard let same else {
                claims[claim] = .some(nil)
                return .free
            }
            if same.key == claim { return .own(same.value) }
            return same.value.map { .done($0) } ?? .held(run: run.withLock(\.info.id))
        }
    }

    public func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {
        claims.withLock { claims in
            claims[claim] = result.map { .some($0) }
        }
    }
}
