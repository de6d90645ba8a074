// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct IndexSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", _superCommandName: "agent index",
        abstract: "Prints the passages nearest in meaning to a query, each with its place.",
        discussion: "Put `--` before words that begin with a dash.")

    @OptionGroup var options: IndexOptions
    @Option(help: "The embedding model; by default the one that made the index.") var model: String?
    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Passages at most, 1 to 1000.", valueName: "n"))
    var limit = 5
    @Option(help: ArgumentHelp("Search only this file or folder.", valueName: "path")) var prefix: String?
    @Argument(help: ArgumentHelp("The query; - reads it from stdin.", valueName: "query")) var words: [String]

    func validate() throws {
        if !(1...1_000).contains(limit) { throw ValidationError("--limit: expected 1 to 1000, found \(limit)") }
    }

    func run() async throws {
        guard let query = try await words.prompt(), !query.isEmpty else { throw UsageError("the query is empty") }
        try await options.run(.read, model: model) { index in
            let hits = try await index.search(query, limit: limit, prefix: prefix)
            try options.emit(["hits": .array(hits.map(\.json))], hits.map(Self.text).joined(separator: "\n"))
            if hits.isEmpty {
                options.note("nothing found: the index holds no passages" + (prefix.map { " of \($0)" } ?? ""))
            }
        }
    }

    /// The place, the score and the headings on one line, then the passage, indented.
    private static func text(_ hit: IndexHit) -> String {
        let thousandths = Int((hit.score * 1_000).rounded())
        let digits = String(abs(thousandths) % 1_000)
        let score =
            "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1_000)."
            + String(repeating: "0", count: 3 - digits.count) + digits
        let passage = hit.text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.isEmpty ? "\n" : "    \($0)\n"
        }
        return "\(hit.citation)  \(score)" + (hit.heading.isEmpty ? "" : "  \(hit.heading)") + "\n" + passage.joined()
    }
}
