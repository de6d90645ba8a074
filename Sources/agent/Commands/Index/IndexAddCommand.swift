// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import Synchronization

struct IndexAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", _superCommandName: "agent index", abstract: "Adds text files and folders to the index.",
        discussion: """
            What has not changed since it was added is not embedded again; what has vanished from a folder is removed. Binary, \
            hidden and very large files and links are left out. Whatever ends the command, each document is in the index \
            whole or not at all: run it again to go on.
            """)

    @OptionGroup var options: IndexOptions
    @Option(help: "The embedding model: mistral-embed, local, …; by default the one that made the index.")
    var model: String?
    @Flag(name: .shortAndLong, help: "Name each file that is left out.") var verbose = false
    @Argument(help: ArgumentHelp("Files, and folders with all that is in them.", valueName: "path")) var paths: [String]

    func run() async throws {
        try await options.run(.write, model: model) { index in
            let progress = IndexProgress(isShown: !options.quiet)
            defer { progress.end() }
            let report = try await index.add(paths) { progress.show($0) }
            progress.end()
            if options.json { try options.emit(report.json, "") }
            if verbose { for file in report.skipped { options.note("left out: \(file.path): \(file.reason)") } }
            options.note(IndexSummary.text(report))
        }
    }
}

/// What adding did, in one line.
enum IndexSummary {
    static func text(_ report: IndexReport) -> String {
        let counts = [
            (report.added, "added"), (report.updated, "updated"), (report.unchanged, "unchanged"),
            (report.removed, "removed"),
        ]
        let documents = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        var text = "documents: " + (documents.isEmpty ? "none" : documents)
        if report.embedded + report.reused > 0 {
            text += "; passages: \(report.embedded) embedded"
            if report.reused > 0 { text += ", \(report.reused) known already" }
        }
        if !report.skipped.isEmpty { text += "; left out: \(reasons(report.skipped))" }
        return text
    }

    /// `3 hidden, 1 not text`: reasons with figures of one file count as one.
    private static func reasons(_ skipped: [IndexReport.Skipped]) -> String {
        var counts: [String: Int] = [:]
        for file in skipped {
            let isLarge = file.reason.hasSuffix("are read")
            counts[isLarge ? "too large" : file.reason, default: 0] += 1
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
    }

    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

/// How far adding is, on stderr.
final class IndexProgress: Sendable {
    private let isShown: Bool
    private let line = Mutex(ProgressLine())

    init(isShown: Bool) { self.isShown = isShown }

    func show(_ event: IndexEvent) {
        guard isShown, let text = Self.text(event) else { return }
        line.withLock { line in
            if let text = line.next(Printable.short(text), isTerminal: Console.errIsTerminal) { Console.err(text) }
        }
    }

    func end() { line.withLock { Console.err($0.end()) } }

    private static func text(_ event: IndexEvent) -> String? {
        switch event {
        case .progress(let done, let total, let embedded):
            "indexing: \(done) of \(total) files, \(embedded) passages embedded"
        case .model(.progress(let text)): text
        case .model(.retrying(let attempt, let delay, let reason)):
            "embedding: attempt \(attempt) failed (\(reason)), next in \(delay)"
        case .model: nil
        }
    }
}
