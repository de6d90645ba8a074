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

    func run(retryingErrors: Bool) async throws {
        if retryingErrors, case let count = try store.forgetErrors(), count > 0 {
            note("doing \(Shown.count(count, "failed item", "failed items")) again")
        }
        let (finished, errors) = try store.finished()
        if !finished.isEmpty {
            note("going on: \(finished.count) of \(items.count) items were finished before (\(store.path))")
        }
        let progress = BatchProgress(
            total: items.count, done: finished.count, errors: errors, verbosity: session.options.verbosity)
        defer { progress.end() }
        do {
            try await work(items.filter { !finished.contains($0.index) }, progress)
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

    private func work(_ rest: [BatchItem], _ progress: BatchProgress) async throws {
        let (task, store) = (task, store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (place, item) in rest.enumerated() {
                if place >= width { try await group.next() }
                group.addTask {
                    let outcome = try await task.result(of: item)
                    let line = try outcome.line(of: item)
                    try await store.record(.init(item: item.index, isError: outcome.isError, text: line))
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
        var (count, errors) = (0, 0)
        try store.forEachLine { line in
            session.emit(line.text + "\n")
            count += 1
            if line.isError { errors += 1 }
        }
        guard count == items.count else {
            throw ConfigurationError(
                "\(store.path) has \(count) results for \(items.count) items; begin anew with --fresh")
        }
        guard errors > 0 else { return }
        Console.err("agent: \(errors) of \(count) items failed; do them again with --retry-errors\n")
        throw ReportedEnd(.scriptError)
    }

    private func note(_ text: String) {
        if session.options.verbosity != .quiet { Console.err("agent: \(Printable.escaped(text))\n") }
    }
}
