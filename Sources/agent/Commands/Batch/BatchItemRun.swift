// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunStores

/// The run of one item while it is recorded.
struct BatchItemRun: Sendable {
    /// The one that this task does.
    @TaskLocal static var current: BatchItemRun?

    let item: Int
    let recorder: RunRecorder
    let journal: BatchItemJournal
    /// Where the run is kept when it is over, and what is to be kept.
    let copy: (to: RunStore, run: MemoryJournal)?

    /// Does the item on the line of its run.
    ///
    /// - Throws: what `body` throws; the ``JournalError`` behind it, where there is one.
    func run(_ body: () async throws -> BatchOutcome) async throws -> BatchOutcome {
        do {
            let outcome = try await Self.$current.withValue(self) { try await recorder.root().run(body) }
            if recorder.mode != .record { try recorder.checkComplete() }
            return outcome
        } catch {
            // What went wrong with the recording is why whatever followed from it did.
            throw recorder.failure ?? error
        }
    }

    /// Keeps what was done by an item that is left because the batch ends.
    func leave(_ error: any Error) async {
        if error is CancellationError {
            try? await journal.flush(isSynced: false)
        } else {
            try? await recorder.update { $0.status = .failed }
        }
    }

    /// Records the result of the item. What it did is forgotten, unless it failed: it may go on from there.
    func finish(_ line: BatchStore.Line, _ outcome: BatchOutcome) async throws {
        let keepsRun = outcome.mayGoOn
        if keepsRun || copy != nil {
            recorder.note { info in
                info.status = outcome.runStatus
                info.exitCode = Int(outcome.exitStatus.rawValue)
                info.message = outcome.failure?.message
                info.output = outcome.output
                info.ended = WallClock.microseconds
            }
        }
        try await keep()
        try await journal.finish(line, keepsRun: keepsRun)
    }

    /// Writes the whole run where runs are kept, unless it was there before the process died.
    private func keep() async throws {
        guard let (store, run) = copy, !recorder.isEmpty else { return }
        let recorded = run.recorded
        if (try? store.run(recorded.info.id)) != nil { return }
        let writer = store.journal(for: recorded.info)
        for record in recorded.records { try await writer.end(record, schedule: [], durability: .queued) }
        if let last = recorded.records.last {
            try await writer.end(last, schedule: recorded.schedule, durability: .queued)
        }
        try await writer.update(recorded.info)
    }
}

extension BatchOutcome {
    var failure: BatchFailure? { if case .failed(let failure, _) = self { failure } else { nil } }

    fileprivate var output: JSONValue? {
        guard case .done(let fields) = self else { return nil }
        return fields["output"] ?? fields["text"]
    }

    /// Whether doing it again may come to another end from where it is. A limit ends it in the same place again.
    fileprivate var mayGoOn: Bool {
        switch failure?.code {
        case nil, "limit", "input": false
        default: true
        }
    }

    fileprivate var runStatus: RunInfo.Status {
        switch failure?.code {
        case nil, "limit": .done
        case "approval", "deferred", "doubt", "missing": .paused
        default: .failed
        }
    }

    fileprivate var exitStatus: ExitStatus {
        switch failure?.code {
        case nil: .done
        case "limit": .limitReached
        case "approval", "deferred", "doubt", "missing": .paused
        case "divergence": .mismatch
        case "model": .provider
        default: .scriptError
        }
    }
}
