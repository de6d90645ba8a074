// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Testing

@testable import AgentCore

@Suite struct ScheduleOrderTests {
    /// Keeps in memory, and lets others do something before it takes a record.
    private struct InterruptedJournal: RunJournal {
        let kept = MemoryJournal(RunInfo(id: "a"))
        let interrupt: @Sendable (JournalRecord) async throws -> Void

        func note(_ info: RunInfo) {}
        func begin(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {
            try await interrupt(record)
            try await kept.begin(record, schedule: schedule, durability: durability)
        }
        func end(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {
            try await kept.end(record, schedule: schedule, durability: durability)
        }
        func update(_ info: RunInfo) async throws {}
        func claim(_ claim: OnceClaim) async throws -> OnceState { .free }
        func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {}
    }

    /// A line that is on its way to the journal is overtaken by another one, which went on after it.
    @Test func aLineThatIsOvertakenOnItsWayToTheJournalKeepsItsPlace() async throws {
        let (first, second) = (JournalPath([1]), JournalPath([2]))
        let journal = InterruptedJournal { record in
            guard record.path == first, let recorder = Self.recorder else { return }
            recorder.gate.goesOn(second)
            _ = try await recorder.begin(JournalStep("b"), at: second, .queued)
        }
        let recorder = RunRecorder(RunInfo(id: "a"), journal: journal)
        try await Self.$recorder.withValue(recorder) {
            recorder.gate.goesOn(first)
            _ = try await recorder.begin(JournalStep("a"), at: first, .queued)
        }
        #expect(journal.kept.recorded.schedule == [ScheduleStep(first), ScheduleStep(second)])
    }

    @TaskLocal private static var recorder: RunRecorder?
}
