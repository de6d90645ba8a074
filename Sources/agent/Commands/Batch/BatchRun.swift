// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunStores

/// Does the items of a batch that have no result yet, some at a time, and prints all results when each has one.
struct BatchRun {
    let items: [BatchItem]
    let task: BatchTask
    let store: BatchStore
    let width: Int
    let session: Session
    /// Records what the items do; `nil` and nothing is.
    let records: BatchRecords?
    /// Where items wait for the provider's batch jobs; `nil` when models are asked at once.
    var desk: JobDesk?

    func run(retrying retry: BatchStore.Retry) async throws {
        if !retry.again.isEmpty {
            note("doing \(Shown.count(retry.again.count, "failed item", "failed items")) again")
        }
        if !retry.kept.isEmpty {
            let count = Shown.count(retry.kept.count, "failed item is", "failed items are")
            note("\(count) left as before: effects were done, and would be done again; --redo does that")
        }
        let (finished, errors) = try store.finished()
        if !finished.isEmpty {
            note("going on: \(finished.count) of \(items.count) items were finished before (\(store.path))")
        }
        let progress = BatchProgress(
            total: items.count, done: finished.count, errors: errors, verbosity: session.options.verbosity)
        defer { progress.end() }
        do {
            let rest = items.filter { !finished.contains($0.index) }
            try await attended(records?.ordered(rest) ?? rest, progress)
        } catch {
            progress.end()
            let done = (try? store.finished().items.count) ?? 0
            Console.err(
                "agent: \(done) of \(items.count) items are finished and kept; the same command goes on from there\n")
            throw error
        }
        progress.end()
        try finish()
    }

    /// Does the rest of the items while the desk, if there is one, brings their jobs.
    private func attended(_ rest: [BatchItem], _ progress: BatchProgress) async throws {
        guard let desk else { return try await work(rest, progress) }
        await desk.begin(rest.prefix(width).map(\.index))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await work(rest, progress)
                await desk.close()
            }
            group.addTask { try await desk.run() }
            while try await group.next() != nil {}
        }
    }

    private func work(_ rest: [BatchItem], _ progress: BatchProgress) async throws {
        let (task, store, records, desk) = (task, store, records, desk)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (place, item) in rest.enumerated() {
                if place >= width { try await group.next() }
                group.addTask {
                    await desk?.begin([item.index])
                    let run = try records?.run(of: item)
                    let outcome = try await task.result(of: item, recordedBy: run)
                    let line = BatchStore.Line(
                        item: item.index, isError: outcome.isError, text: try outcome.line(of: item))
                    if let run { try await run.finish(line, outcome) } else { try await store.record(line) }
                    await desk?.end(item.index)
                    progress.finished(isError: outcome.isError)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Prints the results in the order of the input.
    ///
    /// - Throws: ``ReportedEnd`` when items failed.
    private func finish() throws {
        var (count, errors, doubts) = (0, 0, 0)
        try store.forEachLine { line in
            session.emit(line.text + "\n")
            count += 1
            if line.isError { errors += 1 }
            if line.isError, Self.isDoubt(line.text) { doubts += 1 }
        }
        guard count == items.count else {
            throw ConfigurationError(
                "\(store.path) has \(count) results for \(items.count) items; begin anew with --fresh")
        }
        guard errors > 0 else { return }
        Console.err("agent: \(errors) of \(count) items failed; do them again with --retry-errors\n")
        if doubts > 0 {
            Console.err(
                "agent: of \(doubts) of them it is not known what they have done; --redo with it does that again\n")
        }
        throw ReportedEnd(.scriptError)
    }

    /// Whether an item failed because nobody knows what it has done, or it does not do what it did.
    private static func isDoubt(_ line: String) -> Bool {
        let code = (try? JSONValue(parsing: line))?["error"]?["code"]
        return code == "doubt" || code == "divergence"
    }

    private func note(_ text: String) {
        if session.options.verbosity != .quiet { Console.err("agent: \(Printable.escaped(text))\n") }
    }
}
