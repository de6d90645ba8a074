// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Subprocess
import SystemPackage
import Testing

/// `agent index` as a program, with the embeddings of a server on loopback.
@Suite struct IndexCommandTests {
    /// Vectors by the words of a text: texts that share words are near to each other.
    private static let embeddings: @Sendable (FakeRequest) async -> FakeReply = { request in
        let inputs = (try? request.json["input"])?.arrayValue?.compactMap(\.stringValue) ?? []
        let data = inputs.enumerated().map { place, text -> JSONValue in
            var vector = [Double](repeating: 0, count: 97)
            for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) where word.count > 3 {
                vector[word.utf8.reduce(7) { ($0 * 31 + Int($1)) % 97 }] += 1
            }
            return ["index": .integer(Int64(place)), "embedding": .array(vector.map { .number($0) })]
        }
        return .json([
            "model": "mistral-embed", "data": .array(data),
            "usage": ["prompt_tokens": .integer(Int64(inputs.count)), "total_tokens": .integer(Int64(inputs.count))],
        ])
    }

    private func with(
        reply: @escaping @Sendable (FakeRequest) async -> FakeReply = embeddings,
        _ body: (Command) async throws -> Void
    ) async throws {
        try await FakeModelServer.with(reply: reply) { server in
            let command = try Command(server: server)
            for name in ["docs", "docs/sub"] {
                try FileManager.default.createDirectory(
                    atPath: command.folder.path + "/" + name, withIntermediateDirectories: true)
            }
            try command.folder.write(
                "# Cheese\n\nCamembert comes from Normandy.\n\n# Wine\n\nRiesling grows by the Rhine.\n",
                to: "docs/food.md")
            try command.folder.write("Bridges hang from cables.\n", to: "docs/sub/works.txt")
            try await body(command)
        }
    }

    @Test func addsAndSearchesWithCitations() async throws {
        try await with { command in
            let added = try await command.run(["index", "add", "docs"])
            #expect(added.status == 0, "\(added.err)")
            #expect(added.out == "")
            let end = try #require(added.err.split(separator: "documents: ").last)
            #expect(end.hasPrefix("2 added; passages: 3 embedded\n$0.0"), "\(added.err)")
            #expect(command.folder.names.contains(".agent"))
            let found = try await command.run(["index", "search", "-q", "-n", "1", "Riesling", "grows"])
            #expect(found.status == 0)
            #expect(found.out.hasPrefix("docs/food.md:5-7  0."), "\(found.out)")
            #expect(found.out.hasSuffix("  Wine\n    # Wine\n\n    Riesling grows by the Rhine.\n"), "\(found.out)")
            #expect(found.err == "")
        }
    }

    @Test func jsonHoldsCitations() async throws {
        try await with { command in
            let added = try await command.run(["index", "add", "--json", "-q", "docs", "--index", "own.db"])
            #expect(added.err == "")
            #expect(try JSONValue(parsing: added.out)["added"] == 2)
            let found = try await command.run(
                ["index", "search", "--json", "Bridges", "--prefix", "docs/sub", "--index", "own.db"])
            let hits = try JSONValue(parsing: found.out)["hits"]
            #expect(hits?.arrayValue?.count == 1)
            #expect(hits?[0]?["citation"] == "docs/sub/works.txt:1")
            #expect(hits?[0]?["text"] == "Bridges hang from cables.")
            #expect(hits?[0]?["score"]?.doubleValue ?? 0 > 0)
        }
    }

    @Test func listsRemovesAndSaysWhatItHolds() async throws {
        try await with { command in
            _ = try await command.run(["index", "add", "docs"])
            #expect(try await command.run(["index", "list"]).out == "docs/food.md\ndocs/sub/works.txt\n")
            let info = try await command.run(["index", "info", "--json"])
            let facts = try JSONValue(parsing: info.out)
            #expect(facts["model"] == "mistral-embed")
            #expect(facts["dimension"] == 97)
            #expect(facts["passages"] == 3)
            let removed = try await command.run(["index", "remove", "docs/sub"])
            #expect(removed.err == "1 document removed\n")
            #expect(try await command.run(["index", "list"]).out == "docs/food.md\n")
        }
    }

    @Test func anIndexOfAFolderAboveIsFound() async throws {
        try await with { command in
            _ = try await command.run(["index", "add", "docs"])
            let inner = command.folder.path + "/docs/sub"
            let result = try await Subprocess.run(
                .path(FilePath(Command.path)), arguments: ["index", "list"],
                environment: .custom(["PATH": "/usr/bin:/bin", "HOME": .init(command.folder.path)]),
                workingDirectory: FilePath(inner), output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
            #expect(result.standardOutput.hasSuffix("/docs/food.md\nworks.txt\n"), "\(result.standardOutput)")
        }
    }

    @Test(arguments: [
        (["index", "search", "x"], 3, "there is no index at"), (["index", "add", "none"], 3, "none: no such file"),
        (["index", "remove", "x"], 3, "there is no index at"), (["index", "search", ""], 2, "the query is empty"),
        (["index", "search", "-n", "0", "x"], 2, "expected 1 to 1000"), (["index", "add"], 2, "path"),
    ])
    func whatCannotBeDoneIsSaid(arguments: [String], status: Int32, says: String) async throws {
        try await with { command in
            let outcome = try await command.run(arguments)
            #expect(outcome.status == status, "\(outcome.err)")
            #expect(outcome.err.contains(says), "\(outcome.err)")
            #expect(outcome.out == "")
        }
    }

    @Test func anotherModelIsRefused() async throws {
        try await with { command in
            _ = try await command.run(["index", "add", "docs"])
            let outcome = try await command.run(["index", "search", "--model", "mistral:other", "x"])
            #expect(outcome.status == 3)
            #expect(outcome.err.contains("made with the embedding model \"mistral-embed\""), "\(outcome.err)")
        }
    }

    // Embeddings of an index were paid for, and counted nowhere.
    @Test func embeddingsCountAsMoney() async throws {
        try await with { command in
            let added = try await command.run(["index", "add", "docs"])
            #expect(added.status == 0 && added.err.contains("$0.0"), "\(added.err)")
            try FileManager.default.createDirectory(
                atPath: command.folder.path + "/.config/agent", withIntermediateDirectories: true)
            try command.folder.write("usd = 0.000000000001\n", to: ".config/agent/config.toml")
            let refused = try await command.run(["index", "search", "cheese"])
            #expect(refused.status == 5, "\(refused.err)")
        }
    }

    @Test func aBrokenServerLeavesWhatWasStored() async throws {
        let broken: @Sendable (FakeRequest) async -> FakeReply = { request in
            request.index == 0 ? await Self.embeddings(request) : .json(["message": "no"], status: 401)
        }
        try await with(reply: broken) { command in
            _ = try await command.run(["index", "add", "docs/food.md"])
            let outcome = try await command.run(["index", "add", "docs"])
            #expect(outcome.status == 3)
            #expect(try await command.run(["index", "list"]).out == "docs/food.md\n")
        }
    }

    /// Ends the program while it waits for vectors, then lets another one go on.
    @Test func whatKilledAnAdditionLeavesWholeDocuments() async throws {
        let gate = Gate()
        let held: @Sendable (FakeRequest) async -> FakeReply = { request in
            let reply = await Self.embeddings(request)
            // The files of the last batch.
            let isLast = String(decoding: request.body, as: UTF8.self).contains("Camembert")
            return isLast ? FakeReply(steps: [.wait(gate)] + reply.steps) : reply
        }
        try await with(reply: held) { command in
            for number in 0..<300 { try command.folder.write("Text number \(number).", to: "docs/\(number).txt") }
            // Not by Foundation's Process: its child would hold the pipes of all that is started meanwhile.
            _ = try await command.run(["index", "add", "-q", "docs"], ending: .kill) {
                while try await command.run(["index", "list"]).out.isEmpty {}
            }
            let kept = try await command.run(["index", "list"]).out.split(separator: "\n").count
            #expect(kept == 256)
            gate.open()
            let again = try await command.run(["index", "add", "docs"])
            #expect(again.err.contains("documents: 46 added, 256 unchanged"), "\(again.err)")
        }
    }
}
