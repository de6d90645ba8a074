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
    /// Whether an earlier start ran out of money in it, and its script has done something since: that cannot be asked again.
    let hasRunOut: Bool
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
        // What is out of money has not failed, and goes on with more of it.
        let isOver = error is CancellationError || (error as? ModelError)?.code == .limit
        if !isOver { recorder.note { $0.status = .failed } }
        await journal.leave()
    }

    /// Records the result of the item. What it did is forgotten, unless it failed: it may go on from there, and its effects are known.
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

    /// Writes the whole run where runs are kept.
    private func keep() async throws {
        guard let (store, run) = copy, !recorder.isEmpty else { return }
        try await store.keep(run.recorded)
    }
}

extension BatchOutcome {
    var failure: BatchFailure? { if case .failed(let failure, _) = self { failure } else { nil } }

    fileprivate var output: JSONValue? {
        guard case .done(let fields) = self else { return nil }
        return fields["output"] ?? fields["text"]
    }

    /// Whether it failed after it had begun.
    fileprivate var mayGoOn: Bool {
        switch failure?.code {
        case nil, "input": false
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
