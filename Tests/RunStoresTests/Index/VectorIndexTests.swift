// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import RunStores
import Testing

@Suite struct VectorIndexTests {
    private let folder: TemporaryFolder
    private var file: String { folder.path + "/.agent/index.db" }

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            "# Cheese\n\nCamembert comes from Normandy.\n\n# Wine\n\nRiesling grows by the Rhine.\n", to: "d/food.md")
        try folder.write("Bridges hang from cables.\n\nTunnels go under rivers.\n", to: "d/sub/works.txt")
    }

    private func index(_ model: WordEmbedder = WordEmbedder()) throws -> VectorIndex {
        try VectorIndex(path: file, model: model)
    }

    private func documents(_ index: VectorIndex) async throws -> [String] {
        try await index.documents().map { String($0.path.dropFirst(folder.path.count + 1)) }
    }

    // MARK: - Searching

    @Test func findsPassagesAndSaysWhereTheyStand() async throws {
        let index = try index()
        let report = try await index.add([folder.path + "/d"])
        #expect(report.added == 2)
        #expect(report.embedded == 3)
        #expect(report.usage.promptTokens == 3)
        let hits = try await index.search("Where does Riesling grow?", limit: 2)
        #expect(hits.count == 2)
        #expect(hits[0].text == "# Wine\n\nRiesling grows by the Rhine.")
        #expect(hits[0].heading == "Wine")
        #expect(hits[0].citation == folder.path + "/d/food.md:5-7")
        #expect(hits[0].score > hits[1].score)
    }

    @Test func onlyThePrefixIsSearched() async throws {
        let index = try index()
        _ = try await index.add([folder.path])
        let hits = try await index.search("Riesling", limit: 10, prefix: folder.path + "/d/sub")
        #expect(hits.map(\.path) == [folder.path + "/d/sub/works.txt"])
        // A prefix is a whole name, not a part of one.
        #expect(try await index.search("Riesling", limit: 10, prefix: folder.path + "/d/su").isEmpty)
        #expect(try await index.search("Riesling", limit: 10, prefix: folder.path + "/d/food.md").count == 2)
        #expect(try await index.search("Riesling", limit: 10, prefix: "/").count == 3)
        #expect(try await index.search("Riesling", limit: 10, prefix: "/usr").isEmpty)
    }

    @Test func anEmptyIndexFindsNothing() async throws {
        #expect(try await index().search("anything").isEmpty)
    }

    @Test(arguments: [0, -1, 1_001]) func refusesOtherLimits(limit: Int) async throws {
        let index = try index()
        await #expect(throws: IndexError.self) { try await index.search("x", limit: limit) }
    }

    @Test func findsTheSameAsComparingWithEveryVector() async throws {
        var random = SplitMix(state: 5)
        for number in 0..<40 {
            let words = (0..<60).map { _ in "w\(Int.random(in: 0..<300, using: &random))" }.joined(separator: " ")
            try folder.write("# Part \(number)\n\n" + words + "\n", to: "many/\(number).md")
        }
        let model = WordEmbedder(dimension: 50)
        let index = try index(model)
        _ = try await index.add([folder.path + "/many"])
        let texts = model.texts
        let vectors = try await model.embed(texts).embeddings.map(\.floats)
        for query in ["w1 w2 w3", "w250 w7", "Part 3", "nothing of the kind"] {
            let wanted = try #require(try await model.embed([query]).embeddings.first?.floats)
            let scores = vectors.map { Self.cosine($0, wanted) }.sorted(by: >)
            let found = try await index.search(query, limit: texts.count)
            #expect(found.count == texts.count)
            for (hit, score) in zip(found, scores) { #expect(abs(hit.score - score) < 1e-5) }
        }
    }

    private static func cosine(_ one: [Float], _ other: [Float]) -> Double {
        let dot = zip(one, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let lengths = [one, other].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
        return lengths.contains(0) ? 0 : dot / (lengths[0] * lengths[1])
    }

    @Test func seesWhatAnotherConnectionAdds() async throws {
        let (one, other) = (try index(), try index())
        _ = try await one.add([folder.path + "/d/food.md"])
        #expect(try await one.search("tunnels", limit: 9).count == 2)
        _ = try await other.add([folder.path + "/d/sub"])
        #expect(try await one.search("tunnels", limit: 9).first?.text.contains("Tunnels") == true)
        #expect(try await other.remove([folder.path + "/d"]) == 2)
        #expect(try await one.search("tunnels", limit: 9).isEmpty)
    }

    // MARK: - Adding

    @Test func whatHasNotChangedIsNotEmbedded() async throws {
        let model = WordEmbedder()
        let index = try index(model)
        _ = try await index.add([folder.path])
        let calls = model.calls.count
        let report = try await index.add([folder.path, folder.path + "/d/food.md"])
        #expect(report.unchanged == 3)
        #expect(report.added + report.updated + report.embedded == 0)
        #expect(model.calls.count == calls)
    }

    @Test func ofAChangedFileOnlyNewPassagesAreEmbedded() async throws {
        let model = WordEmbedder()
        let index = try index(model)
        _ = try await index.add([folder.path])
        try folder.write("# Beer\n\nStout.\n\n# Wine\n\nRiesling grows by the Rhine.\n", to: "d/food.md")
        let report = try await index.add([folder.path])
        #expect(report.updated == 1)
        #expect(report.embedded == 1)
        #expect(report.reused == 1)
        #expect(model.texts.last == "# Beer\n\nStout.")
        #expect(try await index.search("Camembert", limit: 9).allSatisfy { !$0.text.contains("Camembert") })
    }

    @Test func aMovedFileIsNotEmbeddedAgain() async throws {
        let model = WordEmbedder()
        let index = try index(model)
        _ = try await index.add([folder.path])
        let text = try String(contentsOfFile: folder.path + "/d/food.md", encoding: .utf8)
        try folder.remove("d/food.md")
        try folder.write(text, to: "d/moved.md")
        let report = try await index.add([folder.path])
        #expect((report.added, report.removed, report.embedded) == (1, 1, 0))
        #expect(try await documents(index) == ["d/moved.md", "d/sub/works.txt"])
    }

    @Test func whatVanishedIsRemovedWithItsFolder() async throws {
        let index = try index()
        try folder.write("Kept.", to: "e/kept.txt")
        _ = try await index.add([folder.path])
        try folder.remove("d")
        #expect(try await index.add([folder.path + "/e"]).removed == 0)
        #expect(try await index.add([folder.path + "/d"]).removed == 2)
        #expect(try await documents(index) == ["e/kept.txt"])
        await #expect(throws: IndexError.self) { try await index.add([folder.path + "/d"]) }
    }

    /// They went when the folder around them was added again, which does not enter hidden names.
    @Test func hiddenFilesThatWereNamedStay() async throws {
        let index = try index()
        let hidden = try folder.write("Hidden.", to: "d/.hidden/note.txt")
        _ = try await index.add([hidden])
        #expect(try await index.add([folder.path + "/d"]).removed == 0)
        try folder.remove("d/.hidden")
        #expect(try await index.add([folder.path + "/d"]).removed == 1)
    }

    @Test func filesThatHoldNoTextAreCountedWithTheReason() async throws {
        try folder.write(Data([1, 0, 2]), to: "x/a.bin")
        try folder.write(Data([0xFF, 0xFE]), to: "x/b.txt")
        try folder.write("secret", to: "x/.hidden")
        try folder.write(Data(repeating: 65, count: VectorIndex.maximumFileBytes + 1), to: "x/huge.txt")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/x/link", withDestinationPath: folder.path + "/d")
        let report = try await index().add([folder.path + "/x"])
        #expect(report.added == 0)
        let reasons = report.skipped.map { "\($0.path.dropFirst(folder.path.count + 3)): \($0.reason)" }.sorted()
        #expect(
            reasons == [
                ".hidden: hidden", "a.bin: not text", "b.txt: not UTF-8 text",
                "huge.txt: 16777217 bytes; at most 16777216 are read", "link: a link",
            ])
    }

    @Test func documentsThatTurnIntoSomethingElseGo() async throws {
        let index = try index()
        _ = try await index.add([folder.path])
        try folder.write(Data([0]), to: "d/food.md")
        let report = try await index.add([folder.path])
        #expect(report.removed == 1)
        #expect(try await documents(index) == ["d/sub/works.txt"])
    }

    @Test func aPassageThatTheModelFindsTooLongIsHalved() async throws {
        try folder.write((1...40).map { "Sentence number \($0).\n" }.joined(), to: "long.txt")
        let model = WordEmbedder(maximumBytes: 300)
        let index = try index(model)
        let report = try await index.add([folder.path])
        #expect(report.added == 3)
        #expect(report.skipped.map(\.reason) == ["hidden"])
        let passages = try await index.search("number", limit: 99, prefix: folder.path + "/long.txt").map(\.text)
        #expect(passages.allSatisfy { $0.utf8.count <= 300 })
        #expect((1...40).allSatisfy { number in passages.contains { $0.contains("number \(number).") } })
    }

    @Test func aDocumentThatTheModelRefusesIsSkippedAndTheOthersStay() async throws {
        try folder.write(String(repeating: "x", count: 500), to: "d/dense.txt")
        let report = try await index(WordEmbedder(maximumBytes: 60)).add([folder.path + "/d"])
        #expect(report.added == 2)
        #expect(report.skipped.map(\.reason) == ["line 1: the input is too long (HTTP 400)"])
    }

    @Test func aModelThatRefusesEverythingEndsTheRun() async throws {
        let model = WordEmbedder(maximumBytes: 0)
        let index = try index(model)
        await #expect(throws: ModelError.self) { try await index.add([folder.path]) }
        #expect(model.calls.count == 2)
    }

    @Test func whatWasStoredBeforeAFailureStays() async throws {
        for number in 0..<300 { try folder.write("Text number \(number).", to: "many/\(number).txt") }
        let failing = try index(WordEmbedder(failingCall: 2))
        await #expect(throws: ModelError.self) { try await failing.add([folder.path + "/many"]) }
        let model = WordEmbedder()
        let index = try index(model)
        #expect(try await index.facts().documents == 256)
        let report = try await index.add([folder.path + "/many"])
        #expect((report.unchanged, report.added, report.embedded) == (256, 44, 44))
    }

    @Test func documentsThatWereCutOtherwiseAreCutAgain() async throws {
        _ = try await index().add([folder.path])
        let other = try VectorIndex(path: file, chunking: Chunking(maximumBytes: 100), model: WordEmbedder())
        #expect(try await other.add([folder.path]).updated == 2)
    }

    @Test func twoThatWriteAtOnceBothSucceed() async throws {
        for number in 0..<120 { try folder.write("Text number \(number).", to: "many\(number % 2)/\(number).txt") }
        let (file, folder) = (file, folder.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for half in 0..<4 {
                group.addTask {
                    let index = try VectorIndex(path: file, model: WordEmbedder())
                    for _ in 0..<3 { _ = try await index.add([folder + "/many\(half % 2)"]) }
                }
            }
            try await group.waitForAll()
        }
        let facts = try await index().facts()
        #expect(facts.documents == 120)
        #expect(facts.passages == 120)
    }

    // MARK: - Opening

    @Test func anotherModelIsRefusedByName() async throws {
        _ = try await index().add([folder.path])
        let other = try index(WordEmbedder(name: "other"))
        let error = await #expect(throws: IndexError.self) { try await other.search("x") }
        #expect(error?.code == .model)
        #expect(error?.description.contains("\"words\"") == true)
        #expect(error?.description.contains("\"other\"") == true)
    }

    @Test func theModelThatMadeTheIndexIsUsedAgain() async throws {
        _ = try await index().add([folder.path])
        let indexes = SQLiteIndexes { name in WordEmbedder(name: name ?? "default") }
        let index = try await indexes.open(file, model: nil, access: .read)
        #expect(try await index.search("Riesling", limit: 1, prefix: nil).count == 1)
    }

    @Test func vectorsOfAnotherSizeAreRefused() async throws {
        _ = try await index().add([folder.path])
        try folder.write("new", to: "new.txt")
        let other = try index(WordEmbedder(dimension: 32))
        await #expect(throws: (any Error).self) { try await other.add([folder.path]) }
        await #expect(throws: IndexError.self) { try await other.search("x") }
        #expect(try await index().facts().dimension == 64)
    }

    @Test func readingMakesNoIndex() throws {
        let error = #expect(throws: IndexError.self) {
            try VectorIndex(path: file, access: .read, model: WordEmbedder())
        }
        #expect(error?.code == .notFound)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/.agent"))
    }

    @Test func otherFilesAreRefusedAndLeftAsTheyAre() throws {
        let text = try folder.write("not a database, but long enough to be one", to: "text.db")
        let error = #expect(throws: IndexError.self) { try VectorIndex(path: text, model: WordEmbedder()) }
        #expect(error?.code == .format)
        #expect(try String(contentsOfFile: text, encoding: .utf8).hasPrefix("not a database"))
        #expect(throws: IndexError.self) { try VectorIndex(path: folder.path + "/d", model: WordEmbedder()) }
    }

    @Test func anIndexMovesWithItsProject() async throws {
        let index = try index()
        _ = try await index.add([folder.path + "/d"])
        let moved = try TemporaryFolder()
        for name in [".agent", "d"] {
            try FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: moved.path + "/" + name)
        }
        let model = WordEmbedder()
        let copy = try VectorIndex(path: moved.path + "/.agent/index.db", model: model)
        #expect(try await copy.add([moved.path + "/d"]).unchanged == 2)
        #expect(try await copy.search("Riesling", limit: 1).first?.path == moved.path + "/d/food.md")
    }

    @Test func anIndexInAFolderThatCannotBeWrittenCanBeSearched() async throws {
        _ = try await index().add([folder.path + "/d"])
        let closed = folder.path + "/.agent"
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: closed)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: closed) }
        let index = try VectorIndex(path: file, access: .read, model: WordEmbedder())
        #expect(try await index.search("Riesling", limit: 1).count == 1)
    }
}
