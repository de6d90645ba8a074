// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunStores

struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", _superCommandName: "agent",
        abstract: "Keeps an index of documents and searches it by meaning.",
        discussion: """
            The index is .agent/index.db in this folder or the nearest one above that has it; AGENT_INDEX or --index name \
            another. `agent ask -t search_index --allow-read=.agent "…"` lets a model search it.
            """,
        subcommands: [
            IndexAddCommand.self, IndexSearchCommand.self, IndexListCommand.self, IndexRemoveCommand.self,
            IndexInfoCommand.self,
        ])
}

/// The flags of all commands on indexes.
struct IndexOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The index: a file.", valueName: "file"))
    var index: String?
    @Flag(help: "Print one JSON object.") var json = false
    @Flag(name: .shortAndLong, help: "Show errors only.") var quiet = false

    /// Runs `body` with the index, says what its embeddings cost, and closes connections. The `usd` of the configuration
    /// file holds here too.
    ///
    /// - Parameter model: an embedding model; `nil` for the one that made the index.
    func run(
        _ access: IndexAccess, model: String? = nil, _ body: (any DocumentIndex) async throws -> Void
    ) async throws {
        let host = RuntimeHost(variables: environmentVariable, secrets: Console.secrets)
        let ledger = UsageLedger(prices: try PriceFile.table(), limit: try ConfigFile.load().dollars("usd"))
        let indexes = SQLiteIndexes(
            services: MeteredServices(host.services, ledger: ledger), variable: environmentVariable)
        do {
            let index = try await indexes.open(index ?? indexes.defaultPath, model: model, access: access)
            try await body(index)
            if let cost = ledger.totals.cost(by: ledger.prices), cost > .zero { note("\(cost)") }
            await host.shutdown()
        } catch {
            await host.shutdown()
            throw error
        }
    }

    /// Prints `json` or `text`, whichever is asked for.
    func emit(_ json: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) throws {
        if self.json { return Console.out(try json().serialized() + "\n") }
        Console.out(text())
    }

    func note(_ text: String) { if !quiet { Console.err(Printable.escaped(text) + "\n") } }
}

struct IndexListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", _superCommandName: "agent index", abstract: "Lists the documents of the index.")

    @OptionGroup var options: IndexOptions

    func run() async throws {
        try await options.run(.read) { index in
            let documents = try await index.documents()
            try options.emit(
                ["documents": .array(documents.map(\.json))], documents.map { $0.path + "\n" }.joined())
        }
    }
}

struct IndexRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", _superCommandName: "agent index",
        abstract: "Removes documents from the index; the files stay.")

    @OptionGroup var options: IndexOptions
    @Argument(help: ArgumentHelp("Files, and folders with all that is in them.", valueName: "path")) var paths: [String]

    func run() async throws {
        // Removing makes no index.
        try await options.run(.read) { _ in }
        try await options.run(.write) { index in
            let count = try await index.remove(paths)
            if options.json { try options.emit(["removed": .integer(Int64(count))], "") }
            options.note("\(IndexSummary.counted(count, "document")) removed")
        }
    }
}

struct IndexInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", _superCommandName: "agent index",
        abstract: "Says where the index is, what made it and what it holds.")

    @OptionGroup var options: IndexOptions

    func run() async throws {
        try await options.run(.read) { index in
            let facts = try await index.facts()
            let vectors = facts.dimension.map { "\(facts.model ?? "?"), \($0) numbers a vector" } ?? "none yet"
            try options.emit(
                facts.json(path: index.path),
                """
                index       \(index.path)
                model       \(vectors)
                documents   \(facts.documents)
                passages    \(facts.passages)
                bytes       \(facts.bytes)

                """)
        }
    }
}
