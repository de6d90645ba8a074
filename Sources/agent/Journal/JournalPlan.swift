// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunStores

/// How a command that runs again is answered: what `agent resume` and `agent replay` hand to the command that they run.
struct JournalPlan: Sendable {
    /// The plan of the command that this task runs; `nil` for one that runs for the first time.
    @TaskLocal static var current: JournalPlan?

    var mode: RunRecorder.Mode
    var recording: RecordedRun
    var info: RunInfo
    var journal: any RunJournal
    var doubts: any DoubtResolver = UnresolvedDoubts()
    /// Whether the script is what was recorded, and not the file as it is now.
    var runsRecordedScript = false
    /// Whether a script that is not what it was may go on.
    var allowsChangedScript = false
    /// Whether a fork may only read where it asks what was not recorded.
    var refusesEffects = false
    /// Whether what the command answers is not to be seen.
    var discardsOutput = false
    /// Another model for all agents.
    var model: String?
    /// The results of calls of deferred tools, by the ids of the calls.
    var results: [String: JSONValue] = [:]
    /// Sees the recorder of the command before it runs.
    var watch: @Sendable (RunRecorder) -> Void = { _ in }
}

/// Keeps nothing: what is replayed is recorded already.
struct NoJournal: RunJournal {
    func note(_ info: RunInfo) {}
    func begin(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {}
    func end(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {}
    func update(_ info: RunInfo) async throws {}
    func claim(_ claim: OnceClaim) async throws -> OnceState { .free }
    func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {}
}
