// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import RunStores
import Testing

/// A folder of documents with an index in it.
struct IndexShelf {
    let folder: TemporaryFolder
    let indexes: SQLiteIndexes

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            "# Cheese\n\nCamembert comes from Normandy.\n\n# Wine\n\nRiesling grows by the Rhine.\n", to: "food.md")
        try folder.write("Bridges hang from cables.\n\nTunnels go under rivers.\n", to: "sub/works.txt")
        let file = folder.path + "/.agent/index.db"
        indexes = SQLiteIndexes(variable: { $0 == "AGENT_INDEX" ? file : nil }) {
            LetterEmbedder(name: $0 ?? "letters")
        }
    }
}

/// Embeds a text by its words of four letters and more.
struct LetterEmbedder: EmbeddingModel {
    let name: String

    func embed(
        _ request: EmbeddingRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> EmbeddingResponse {
        EmbeddingResponse(model: name, embeddings: request.inputs.map { .numbers(Self.vector($0)) })
    }

    private static func vector(_ text: String) -> [Double] {
        var vector = [Double](repeating: 0, count: 96)
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) where word.count > 3 {
            vector[Int(word.utf8.prefix(5).reduce(0 as UInt32) { $0 &* 31 &+ UInt32($1) } % 96)] += 1
        }
        return vector
    }
}

@Suite(.inBothStrengths) struct IndexTests {
    private let shelf: IndexShelf
    private var folder: String { shelf.folder.path }

    init() throws { shelf = try IndexShelf() }

    private func world(_ grants: Grants) -> World {
        var world = World()
        world.environment.indexes = shelf.indexes
        world.environment.grants = grants
        return world
    }

    private var both: Grants { Grants(read: .only([folder]), write: .only([folder])) }

    @Test func aScriptAddsSearchesAndRemoves() async throws {
        let value = try await world(both).value(
            """
            local index = require("agent").index { path = "\(folder)/own.db" }
            local report = assert(index:add { "\(folder)" })
            local hits = assert(index:search("Riesling", { limit = 1, prefix = "\(folder)" }))
            local documents = index:documents()
            local removed = index:remove("\(folder)/sub")
            return { report.added, hits[1].citation, hits[1].first_line, hits[1].last_line, #hits, #documents, removed,
              index:info().documents, index:info().model }
            """)
        #expect(value == [2, .string("\(folder)/food.md:5-7"), 5, 7, 1, 2, 1, 1, "letters"])
    }

    @Test func searchingNeedsNoMoreThanReading() async throws {
        _ = try await world(both).value("return require('agent').index.open():add('\(folder)')")
        let value = try await world(Grants(read: .only([folder]))).value(
            "return #require('agent').index.open():search('Riesling')")
        #expect(value == 3)
    }

    @Test(arguments: [
        ("index:search('x')", "--allow-read="), ("index:add('.')", "--allow-write="), ("index:info()", "--allow-read="),
        ("index:remove('.')", "--allow-write="), ("index:documents()", "--allow-read="),
    ])
    func whatIsNotGrantedIsDenied(call: String, flag: String) async {
        let error = await world(.none).error("local index = require('agent').index() return \(call)")
        #expect(error.contains(flag), "\(error)")
    }

    @Test func onlyGrantedFilesAreAdded() async {
        let grants = Grants(read: .only([folder + "/sub"]), write: .only([folder]))
        let error = await world(grants).error("return require('agent').index():add('\(folder)/food.md')")
        #expect(error.contains("--allow-read=\(folder)/food.md"), "\(error)")
    }

    @Test func aMissingIndexIsAReasonAndMakesNone() async throws {
        let value = try await world(.all).value(
            "local hits, why = require('agent').index():search('x') return { hits == nil, why }")
        #expect(value?[0] == true)
        #expect(value?[1]?.stringValue?.contains("there is no index at \(folder)/.agent/index.db") == true)
        #expect(value?[1]?.stringValue?.contains("agent index add") == true)
    }

    @Test(arguments: [
        ("agent.index { paths = 'x' }", "unknown option 'paths'"), ("agent.index { path = 1 }", "expected a string"),
        ("agent.index():search(1)", "query: expected a string"),
        ("agent.index():search('x', { limit = 0 })", "limit: expected 1"),
        ("agent.index():search('x', { limit = 5000 })", "expected 1 to 1000"),
        ("agent.index():search('x', { folder = 'y' })", "unknown option 'folder'"),
        ("agent.index():add(1)", "paths: expected a table"), ("agent.index():add { 1 }", "list of strings"),
    ])
    func misuseIsNamed(call: String, says: String) async throws {
        _ = try await world(both).value("return require('agent').index():add('\(folder)')")
        let error = await world(both).error("local agent = require('agent') local _ = \(call)")
        #expect(error.contains("test.lua:1:"), "\(error)")
        #expect(error.contains(says), "\(error)")
    }

    @Test func namingAnIndexIsNoEffect() async throws {
        let source = "local agent = require('agent') local index = agent.index() return agent.new { model = 'm' }"
        let inspection = try await ScriptInspection.inspect(
            Array(source.utf8), name: "test.lua", in: world(.none).environment)
        #expect(inspection.kind == .agent)
    }
}
