// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// A call that runs at most once for its key, whatever happens to the process.
struct OnceCall {
    let call: ReadyCall
    let key: String
    /// The line of the call.
    let scope: JournalScope

    /// Runs `body` when the key is free, or this very call holds it; else takes the result of the call that had it.
    ///
    /// A call that says itself that it failed gives its key back; one that threw, or was stopped, keeps it.
    func run(_ body: () async throws -> RecordedToolCall) async throws -> RecordedToolCall {
        let claim = OnceClaim(tool: call.call.name, key: key, record: scope.number)
        switch try await scope.recorder.claim(claim) {
        case .free: break
        case .own(nil):
            if let known = try await recovered() { return try await settle(known, claim) }
        case .own(let value?):
            let made = RecordedToolCall(journalValue: value, of: call.call)
            if made.isSkipped {
                scope.abandon(scope.path)
                return made
            }
        // All that it did is recorded, and comes again.
        case .done(let value):
            var made = RecordedToolCall(journalValue: value, of: call.call)
            made.isSkipped = true
            return made
        case .held(let run):
            return call.skipped(
                "not run: a call with the same key had begun in run \(run) and it is not known whether it was done")
        }
        do {
            return try await settle(try await body(), claim)
        } catch is EffectInDoubt {
            scope.abandon(scope.path)
            return call.skipped(
                "not run again: it had begun when the run was cut off, and it is not known whether it was done")
        }
    }

    private func settle(_ made: RecordedToolCall, _ claim: OnceClaim) async throws -> RecordedToolCall {
        let isFree = made.result.isError && made.fault == nil && !made.isLate
        try await scope.recorder.settle(claim, isFree ? nil : made.journalValue)
        return made
    }

    /// Asks the tool what became of the call that was cut off.
    ///
    /// - Returns: its result when it was done; `nil` when it may go on.
    private func recovered() async throws -> RecordedToolCall? {
        // What became of it is asked now, each time that it was cut off: an answer of before may be out of date.
        let recovery = try await JournalScope.$current.withValue(nil) {
            try await call.entry.tool.recover(call.arguments, key: key)
        }
        switch recovery {
        case .done(let output):
            scope.abandon(scope.path)
            var made = try RecordedToolCall(output, of: call.call, keepsForm: true)
            made.isSkipped = true
            return made
        case .notDone: scope.recorder.decide(scope.path, mayRunAgain: true)
        case .unknown: scope.recorder.decide(scope.path, mayRunAgain: false)
        }
        return nil
    }
}

/// An effect of a call that must not run twice had begun, and nobody knows whether it happened.
struct EffectInDoubt: Error {
    let record: JournalRecord
}
