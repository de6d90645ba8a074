// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

/// What is recorded.
extension RunRecorder {
    func begin(_ step: JournalStep, at place: JournalPath, _ durability: JournalDurability) async throws
        -> JournalRecord
    {
        let record = record(step, at: place)
        try await journal.begin(record, schedule: gate.takeNoted, durability: durability)
        return record
    }

    func record(_ step: JournalStep, at place: JournalPath) -> JournalRecord {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return JournalRecord(
            number: number, path: place, operation: step.operation, name: secrets.redact(step.name),
            effect: step.effect, request: secrets.redact(step.request),
            messages: redacted(step.messages), began: now())
    }

    func redacted(_ messages: [Message]) -> [Message] {
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
        try await journal.end(record, schedule: gate.takeNoted, durability: step.durabilityAfter)
    }

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

    func claim(_ claim: OnceClaim) async throws -> OnceState {
        if refusesEffects { throw fail(.refused(JournalStep("tool", name: claim.tool), secrets)) }
        return try await journal.claim(claim)
    }

    func settle(_ claim: OnceClaim, _ result: JSONValue?) async throws {
        try await journal.settle(claim, result.map { secrets.redact($0) })
    }
}
