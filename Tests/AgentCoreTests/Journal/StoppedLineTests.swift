// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentCore

/// Lines that were stopped because they took too long, in a replay.
@Suite struct StoppedLineTests {
    /// As of a tool that waited for another one that computed: it took its turn when that was stopped, and was too late itself. In the
    /// replay its time may be up before its turn has come.
    @Test func aStoppedLineThatDoesNotTakeItsTurnsKeepsNobodyWaiting() async throws {
        let (late, other) = (JournalPath([1]), JournalPath([2]))
        var info = RunInfo(id: "a")
        info.status = .done
        let run = RecordedRun(
            info: info, records: [], schedule: [ScheduleStep(late), ScheduleStep(other), ScheduleStep(late, count: 2)])
        let recorder = RunRecorder(info, journal: MemoryJournal(info), recording: run, mode: .replay)
        let root = recorder.root()
        let line = root.line()
        try await line.stopped {
            #expect(line.isStopped)
            throw DeadlineError()
        }
        let next = root.line()
        #expect(next.path == other)
        try await next.turn()
        next.goesOn()
        try next.ended()
        try await JournalScope(recorder, JournalPath([3])).turn()
        #expect(recorder.failure == nil)
    }
}
