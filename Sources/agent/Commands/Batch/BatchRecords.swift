// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import RunStores

/// Records each item of a batch as a run of its own, so that one that was cut off goes on where it was.
///
/// The records are in the batch's file, and gone with the item's result; those of ten thousand items would bury the user's own runs.
/// The keys of calls that run at most once are the user's: what `agent run` has done under a key, no item does again.
struct BatchRecords: Sendable {
    private let store: BatchStore
    private let keys: RunStore
    /// Where the runs of finished items are kept.
    private let kept: RunStore?
    private let doubts: BatchDoubts
    /// What the runs of all items have in common.
    private let common: RunInfo
    /// The items of which something is recorded.
    private let begun: Set<Int>

    /// - Returns: `nil` when nothing is to be recorded.
    init?(_ options: JournalOptions, _ task: ScriptFile, in store: BatchStore, redoes: Bool) throws {
        if options.isOff { return nil }
        self.store = store
        keys = try options.store()
        kept = options.file.map { RunStore(path: $0) }
        doubts = BatchDoubts(redoes: redoes)
        begun = try store.begun()
        var info = CommandRecorder.info("batch")
        info.script = task.path
        if kept != nil {
            info.scriptDigest = SHA256.digest(task.source).hexadecimal
            info.source = String(decoding: task.source, as: UTF8.self)
        }
        common = info
    }

    /// `items` with those first that were begun: what they hold, others may wait for.
    func ordered(_ items: [BatchItem]) -> [BatchItem] {
        items.filter { begun.contains($0.index) } + items.filter { !begun.contains($0.index) }
    }

    /// The run of an item: the one that was cut off, or a new one.
    func run(of item: BatchItem) throws -> BatchItemRun {
        guard begun.contains(item.index), let (known, count) = try store.recorded(item.index) else {
            return newRun(of: item)
        }
        var (run, lines) = (known, count)
        // What ended the whole batch may be over: a server is there again, a key is right, there is more money.
        let reopened = known.reopened()
        if let again = (reopened ?? known).withMoreMoney() ?? reopened {
            (run, lines) = (again, try store.replace(item.index, with: again))
        }
        let journal = BatchItemJournal(item.index, run.info, in: store, keys: keys, count: lines)
        return made(item.index, run.info, journal, run)
    }

    private func newRun(of item: BatchItem) -> BatchItemRun {
        var info = common
        (info.id, info.seed, info.began) = (RunID.new(), .random(in: 1 ... .max), WallClock.microseconds)
        if kept != nil { info.input = Console.secrets.redact(item.argument) }
        return made(item.index, info, BatchItemJournal(item.index, info, in: store, keys: keys), nil)
    }

    private func made(
        _ item: Int, _ info: RunInfo, _ journal: BatchItemJournal, _ run: RecordedRun?
    ) -> BatchItemRun {
        let copy = kept.map { (to: $0, MemoryJournal(run ?? RecordedRun(info: info, records: []))) }
        let told: any RunJournal = copy.map { CopiedJournal(journal: journal, copy: $0.1) } ?? journal
        var fresh = info
        fresh.status = .running
        let recorder = RunRecorder(
            fresh, journal: told, recording: run, mode: run == nil ? .record : .resume, secrets: Console.secrets,
            doubts: doubts)
        let hasRunOut = run?.records.contains { $0.ranOutOfMoney && $0.ownMoney == nil } ?? false
        return BatchItemRun(item: item, recorder: recorder, journal: journal, hasRunOut: hasRunOut, copy: copy)
    }
}

/// Decides about effects of which nobody knows whether they happened: once for all items, nobody is asked.
private struct BatchDoubts: DoubtResolver {
    let redoes: Bool
    func mayRunAgain(_ record: JournalRecord) async throws -> Bool { redoes }
}

/// Tells two journals; the first one counts.
private struct CopiedJournal: RunJournal {
    let journal: BatchItemJournal
    let copy: MemoryJournal

    func note(_ info: RunInfo) {
        journal.note(info)
        copy.note(info)
    }

    func begin(
        _ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability
    ) async throws {
        try await journal.begin(record, schedule: { kept(schedule()) }, durability: durability)
        try await copy.begin(record, schedule: { [] }, durability: durability)
    }

    func end(_ record: JournalRecord, schedule: ScheduleSource, durability: JournalDurability) async throws {
        try await journal.end(record, schedule: { kept(schedule()) }, durability: durability)
        try await copy.end(record, schedule: { [] }, durability: durability)
    }

    /// Both have it in the order of the first.
    private func kept(_ schedule: [ScheduleStep]) -> [ScheduleStep] {
        copy.append(schedule)
        return schedule
    }

    func update(_ info: RunInfo) async throws {
        try await journal.update(info)
        try await copy.update(info)
    }

    func claim(_ claim: OnceClaim) async throws -> OnceState { try await journal.claim(claim) }

    func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws { try await journal.settle(claim, result) }
}
