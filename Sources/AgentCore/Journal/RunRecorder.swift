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
    private let journal: any RunJournal
    private let secrets: SecretRedactor
    private let doubts: any DoubtResolver
    private let now: @Sendable () -> Int64
    private let refusesEffects: Bool
    private let state: Mutex<State>

    private struct State {
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

    // MARK: - Steps

    enum Found {
        case answered(JournalRecord.Outcome)
        case begun(JournalRecord)
        case new
    }

    /// The record at `path` that has not come again.
    func peek(_ path: JournalPath) -> JournalRecord? { state.withLock { $0.recording.peek(path) } }

    func look(for step: JournalStep, at place: JournalPath) async throws -> Found {
        try check(place)
        if let record = state.withLock({ $0.recording.take(place) }) {
            try compare(step, with: record)
            guard let outcome = record.outcome, !outcome.isCancelled || isCut(place) else {
                // What was stopped because it took too long is stopped again.
                if isCut(place) { throw CancellationError() }
                if mode == .replay { throw endsHere(step, place) }
                return .begun(record)
            }
            // What a secret was taken out of is not what was answered; a read can be asked again.
            if outcome.isRedacted, mode == .resume {
                guard step.effect == .read else { throw fail(.redacted(record)) }
                return .begun(record)
            }
            count(record)
            return .answered(outcome)
        }
        if isCut(place) { throw CancellationError() }
        switch mode {
        case .record, .resume: return .new
        case .replay: throw endsHere(step, place)
        case .fork:
            let same = state.withLock { $0.recording.takeSame(as: step, secrets) }
            guard let outcome = same?.outcome else {
                if refusesEffects, step.effect != .read { throw fail(.refused(step, secrets)) }
                return .new
            }
            return .answered(try await copied(outcome, step, place))
        }
    }

    private func copied(
        _ outcome: JournalRecord.Outcome, _ step: JournalStep, _ place: JournalPath
    ) async throws -> JournalRecord.Outcome {
        var record = record(step, at: place)
        record.outcome = outcome
        record.ended = record.began
        try await journal.end(record, schedule: gate.takeNoted(), durability: .queued)
        return outcome
    }

    func begin(_ step: JournalStep, at place: JournalPath, _ durability: JournalDurability) async throws
        -> JournalRecord
    {
        let record = record(step, at: place)
        try await journal.begin(record, schedule: gate.takeNoted(), durability: durability)
        return record
    }

    private func record(_ step: JournalStep, at place: JournalPath) -> JournalRecord {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return JournalRecord(
            number: number, path: place, operation: step.operation, name: secrets.redact(step.name),
            effect: step.effect, request: secrets.redact(step.request),
            messages: redacted(step.messages), began: now())
    }

    private func redacted(_ messages: [Message]) -> [Message] {
        state.withLock { $0.conversation.redacted(messages, by: secrets) }
    }

    func end(
        _ record: JournalRecord, _ step: JournalStep, _ answer: JournalAnswer, isFailure: Bool = false
    ) async throws {
        var record = record
        let value = secrets.redact(answer.value)
        record.outcome = .init(value, isFailure: isFailure, isRedacted: value != answer.value)
        record.ended = now()
        (record.usage, record.cost) = (answer.usage, answer.cost)
        count(record, model: answer.model)
        try await journal.end(record, schedule: gate.takeNoted(), durability: step.durabilityAfter)
    }

    /// What may be done about an effect that had begun.
    func settled<Value: Sendable>(
        _ record: JournalRecord, _ doubt: (JournalRecord) async throws -> JournalDoubt<Value>
    ) async throws -> JournalDoubt<Value> {
        if record.effect == .read { return .mayRun }
        if refusesEffects { throw fail(.inDoubt(record)) }
        let found = try await doubt(record)
        guard case .unknown = found else { return found }
        // Whoever runs at most once has said it for all that is done in its name.
        switch state.withLock({ state in state.decided.last { record.path.starts(with: $0.path) }?.mayRunAgain }) {
        case true?: return .mayRun
        case false?: throw EffectInDoubt(record: record)
        case nil:
            guard try await doubts.mayRunAgain(record) else { throw fail(.inDoubt(record)) }
            return .mayRun
        }
    }

    func runsBeside(_ path: JournalPath) { state.withLock { $0.beside.append(path) } }

    func decide(_ path: JournalPath, mayRunAgain: Bool) {
        state.withLock { $0.decided.append((path, mayRunAgain)) }
    }

    func claim(_ claim: OnceClaim) async throws -> OnceState {
        if refusesEffects { throw fail(.refused(JournalStep("tool", name: claim.tool), secrets)) }
        return try await journal.claim(claim)
    }

    func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {
        try await journal.settle(claim, result.map { secrets.redact($0) })
    }

    // MARK: - Groups

    func enter(_ step: JournalStep, at place: JournalPath) async throws -> (JournalRecord, isKnown: Bool) {
        try check(place)
        if let record = state.withLock({ $0.recording.take(place) }) {
            try compare(step, with: record)
            return (record, true)
        }
        if mode == .replay { throw endsHere(step, place) }
        return (try await begin(step, at: place, .queued), false)
    }

    func leave(
        _ record: JournalRecord, _ step: JournalStep, _ answer: JournalAnswer, _ isKnown: Bool, isFailure: Bool = false
    ) async throws {
        guard isKnown, let outcome = record.outcome else {
            // What came of a run that has gone another way, or cannot go on, is not what comes of this one.
            if let failure { throw failure }
            var quiet = step
            quiet.effect = .read
            return try await end(record, quiet, answer, isFailure: isFailure)
        }
        count(record)
        let value = secrets.redact(answer.value)
        guard outcome.value != value || outcome.isFailure != isFailure else { return }
        throw fail(.answer(of: record, recorded: outcome.value, found: value))
    }

    func checkEnded(_ path: JournalPath) throws {
        guard gate.turnsLeft(of: path) > 0, !isAbandoned(path) else { return }
        throw fail(.lineEnded(path))
    }

    func cut(_ place: JournalPath) { state.withLock { $0.cut.append(place) } }

    func isCut(_ place: JournalPath) -> Bool {
        state.withLock { state in !state.cut.isEmpty && state.cut.contains { place.starts(with: $0) } }
    }

    /// Whether what begins at `place` is recorded as stopped, because it took too long.
    func takeStopped(_ step: JournalStep, at place: JournalPath) throws -> Bool {
        try check(place)
        guard let record = state.withLock({ $0.recording.take(place) }) else { return false }
        try compare(step, with: record)
        return true
    }

    func keepStopped(_ step: JournalStep, at place: JournalPath) async throws {
        var record = record(step, at: place)
        record.outcome = .init(["deadline": true], isFailure: true)
        record.ended = record.began
        try await journal.end(record, schedule: gate.takeNoted(), durability: .queued)
    }

    func abandon(_ place: JournalPath) {
        state.withLock { $0.abandoned.append(place) }
        gate.drop(place)
    }

    // MARK: - Failures

    private func isAbandoned(_ place: JournalPath) -> Bool {
        state.withLock { state in !state.abandoned.isEmpty && state.abandoned.contains { place.starts(with: $0) } }
    }

    private func check(_ place: JournalPath) throws {
        if isAbandoned(place), mode != .record { throw CancellationError() }
        if let failure { throw failure }
    }

    /// On a line that the script may have left at this place there is nothing to say: whoever still listens is told.
    private func endsHere(_ step: JournalStep, _ place: JournalPath) -> any Error {
        miss(step)
        let isBeside = state.withLock { state in state.beside.contains { place.starts(with: $0) } }
        if isBeside { return CancellationError() }
        let status = info.status
        return fail(status == .done || status == .failed ? .unrecorded(step, secrets) : .recordingEnds(step))
    }

    private func compare(_ step: JournalStep, with record: JournalRecord) throws {
        var isFork = false
        if case .fork = mode { isFork = true }
        guard let difference = record.difference(to: step, secrets, ignoresModel: isFork) else { return }
        miss(step)
        throw fail(difference)
    }

    private func miss(_ step: JournalStep) {
        let record = JournalRecord(
            number: 0, path: JournalPath(), operation: step.operation, name: secrets.redact(step.name),
            effect: step.effect, request: secrets.redact(step.request), messages: redacted(step.messages), began: 0)
        state.withLock { $0.missed = $0.missed ?? record }
    }

    private func fail(_ error: JournalError) -> JournalError {
        gate.fail(error)
        return state.withLock { state in
            state.failure = state.failure ?? error
            return error
        }
    }

    private func count(_ record: JournalRecord, model: String? = nil) {
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
