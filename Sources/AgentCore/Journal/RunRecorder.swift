// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

/// Records one run, or answers it from a recording for as long as there is one.
public final class RunRecorder: Sendable {
    /// What a recording is for.
    public enum Mode: Sendable, Equatable {
        /// There is none: everything is done and recorded.
        case record
        /// The run goes on where the recording ends.
        case resume
        /// Nothing is done: the run must be what was recorded.
        case replay
        /// Another run, which is as the recording up to this record, and its own from there on.
        case fork(from: Int)
    }

    public let mode: Mode
    let gate: ScheduleGate
    let journal: any RunJournal
    let secrets: SecretRedactor
    let doubts: any DoubtResolver
    let now: @Sendable () -> Int64
    let refusesEffects: Bool
    let state: Mutex<State>

    struct State {
        var info: RunInfo
        var recording: Recording
        var lastNumber: Int
        var abandoned: [JournalPath] = []
        /// Steps that were stopped because they took too long, and are stopped again where their records end.
        var cut: [JournalPath] = []
        /// Lines that may be left before they have come to their end, and run ahead of whoever leaves them.
        var beside: [JournalPath] = []
        /// Calls that were cut off, and whether what they had begun may be done again.
        var decided: [(path: JournalPath, mayRunAgain: Bool)] = []
        var failure: JournalError?
        var missed: JournalRecord?
        var conversation = RedactedConversation()
    }

    /// - Parameters:
    ///   - recording: what is known of the run, or of the one that it is forked from.
    ///   - secrets: are taken out of all that is kept.
    ///   - doubts: decides about effects of which nobody knows whether they happened.
    ///   - refusesEffects: whether a fork may only read where it asks what was not recorded.
    ///   - now: microseconds since 1970.
    public init(
        _ info: RunInfo, journal: any RunJournal, recording: RecordedRun? = nil, mode: Mode = .record,
        secrets: SecretRedactor = SecretRedactor(), doubts: any DoubtResolver = UnresolvedDoubts(),
        refusesEffects: Bool = false, now: @escaping @Sendable () -> Int64 = { WallClock.microseconds }
    ) {
        self.mode = mode
        self.journal = journal
        self.secrets = secrets
        self.doubts = doubts
        self.now = now
        self.refusesEffects = refusesEffects
        let known = Recording(recording, mode)
        gate = ScheduleGate(known.schedule)
        var info = info
        // Counted again as the run comes again.
        (info.usage, info.cost, info.turns, info.toolCalls) = (Usage(), nil, 0, 0)
        state = Mutex(State(info: info, recording: known, lastNumber: known.lastNumber))
    }

    /// The line of the script, or of the host where there is no script. It counts its steps: take it once.
    public func root() -> JournalScope { JournalScope(self, JournalPath()) }

    /// What is known of the run by now.
    public var info: RunInfo { state.withLock(\.info) }

    /// Why it cannot go on; `nil` while it can.
    public var failure: JournalError? { state.withLock(\.failure) }

    /// The first request that is not what was recorded, as a record of it would be; `nil` when there was none.
    package var missed: JournalRecord? { state.withLock(\.missed) }

    /// Whether anything has been asked.
    public var isEmpty: Bool { state.withLock { $0.lastNumber == 0 } }

    /// Notes what is known of the run without keeping it yet.
    public func note(_ change: @Sendable (inout RunInfo) -> Void) {
        state.withLock { change(&$0.info) }
        journal.note(safeInfo)
    }

    /// What is known of the run without secrets, also those that were told of later.
    private var safeInfo: RunInfo {
        var info = info
        info.arguments = info.arguments.map(secrets.redact)
        info.input = info.input.map(secrets.redact)
        info.source = info.source.map(secrets.redact)
        info.message = info.message.map(secrets.redact)
        info.output = info.output.map { secrets.redact($0) }
        for place in info.models.indices { info.models[place].reference = secrets.redact(info.models[place].reference) }
        return info
    }

    /// Keeps how the run stands, once everything else is kept.
    public func update(_ change: @Sendable (inout RunInfo) -> Void) async throws {
        note(change)
        try await journal.update(safeInfo)
    }

    /// Asks whether all of the recording came again.
    ///
    /// - Throws: ``JournalError`` with ``JournalError/Code/divergence`` that names the first record that did not.
    public func checkComplete() throws {
        if let failure { throw failure }
        let rest = state.withLock { state in
            state.recording.firstUnused { number in state.abandoned.contains { number.starts(with: $0) } }
        }
        if let rest { throw fail(.goesOn(rest)) }
    }

    func count(_ record: JournalRecord, model: String? = nil) {
        state.withLock { state in
            if let usage = record.usage { state.info.usage += usage }
            if record.operation == "model" {
                state.info.turns += 1
                state.info.model = model ?? record.outcome?.value["model"]?.stringValue ?? state.info.model
            }
            if record.operation == "tool" { state.info.toolCalls += 1 }
            guard let cost = record.cost else { return }
            state.info.cost = (state.info.cost ?? .zero) + cost
        }
    }
}
