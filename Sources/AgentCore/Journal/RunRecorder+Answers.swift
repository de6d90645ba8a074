// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

/// What the recording has to say.
extension RunRecorder {
    enum Found {
        case answered(JournalRecord.Outcome)
        case begun(JournalRecord)
        case new
    }

    /// The record at `path` that has not come again.
    func peek(_ path: JournalPath) -> JournalRecord? { state.withLock { $0.recording.peek(path) } }

    /// Whether all that the step at `path` asks is answered from the recording, as far as that has been answered.
    func isAnswered(_ path: JournalPath) -> Bool { state.withLock { $0.recording.isAnswered(path) } }

    /// Whether the recording goes on behind the step at `path`, so that it came to an end, and comes to it again.
    func hasPassed(_ path: JournalPath) -> Bool { state.withLock { $0.recording.hasPassed(path) } }

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

    func copied(
        _ outcome: JournalRecord.Outcome, _ step: JournalStep, _ place: JournalPath
    ) async throws -> JournalRecord.Outcome {
        var record = record(step, at: place)
        record.outcome = outcome
        record.ended = record.began
        try await journal.end(record, schedule: gate.takeNoted, durability: .queued)
        return outcome
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

    func compare(_ step: JournalStep, with record: JournalRecord) throws {
        var isFork = false
        if case .fork = mode { isFork = true }
        guard let difference = record.difference(to: step, secrets, ignoresModel: isFork) else { return }
        miss(step)
        throw fail(difference)
    }

    /// On a line that the script may have left at this place there is nothing to say: whoever still listens is told.
    func endsHere(_ step: JournalStep, _ place: JournalPath) -> any Error {
        miss(step)
        let isBeside = state.withLock { state in state.beside.contains { place.starts(with: $0) } }
        if isBeside { return CancellationError() }
        let status = info.status
        return fail(status == .done || status == .failed ? .unrecorded(step, secrets) : .recordingEnds(step))
    }

    func miss(_ step: JournalStep) {
        let record = JournalRecord(
            number: 0, path: JournalPath(), operation: step.operation, name: secrets.redact(step.name),
            effect: step.effect, request: secrets.redact(step.request), messages: redacted(step.messages), began: 0)
        state.withLock { $0.missed = $0.missed ?? record }
    }
}
