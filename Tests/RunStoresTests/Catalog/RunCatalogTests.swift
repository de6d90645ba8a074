// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import GRDB
import JSONCore
import Testing

@testable import RunStores

@Suite struct RunCatalogTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/new/runs.db" }
    private var store: RunStore { RunStore(path: path) }
    private var catalog: RunCatalog { RunCatalog(store) }

    private static let day: Int64 = 86_400_000_000

    /// A run of one question, with a call of a tool.
    private static func run(
        _ id: String, _ question: String = "hello", day: Int64 = 0, status: RunInfo.Status = .done,
        script: String? = "/home/ada/a.lua", cost: Int64? = 7, model: String = "small"
    ) -> RecordedRun {
        var info = RunInfo(id: id)
        (info.command, info.script, info.status, info.model) = ("run", script, status, model)
        (info.began, info.ended) = (day * Self.day, status == .running ? nil : day * Self.day + 9)
        info.source = "return \"\(id)\""
        let call = ToolCall(id: "c", name: "look_up", arguments: "{\"id\":\"ORDER-77\"}")
        let answer = Message.assistant("the answer of \(id)", toolCalls: [call])
        let messages: [Message] = [.system("be brief"), .user(question)]
        let model = JournalRecord(
            number: 1, path: JournalPath([1]), operation: "model", name: model, messages: messages, began: info.began,
            ended: info.began + 5,
            outcome: .init(["model": "small-1", "message": answer.journalValue, "finish_reason": "stop"]),
            usage: Usage(promptTokens: 100, completionTokens: 10), cost: cost.map { Dollars(picodollars: $0) })
        let tool = JournalRecord(
            number: 2, path: JournalPath([2]), operation: "tool", name: "look_up",
            request: ["call": "c", "arguments": ["id": "ORDER-77"]], began: info.began + 6, ended: info.began + 7,
            outcome: .init(["content": "shipped to Tromsø"]))
        return RecordedRun(info: info, records: [model, tool], schedule: [ScheduleStep(JournalPath(), count: 2)])
    }

    private func add(_ runs: RecordedRun...) throws { for run in runs { try catalog.add(run) } }

    @Test func nothingIsThereBeforeARunIs() throws {
        #expect(try catalog.runs() == [])
        #expect(try catalog.cost(by: .day) == [])
        #expect(try RunSearch(store).runs(with: "x", limit: 5).hits == [])
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func listsTheNewestFirst() throws {
        try add(
            Self.run("01a", "one"), Self.run("01b", "two", day: 1, status: .failed), Self.run("01c", "three", day: 2))
        let runs = try catalog.runs()
        #expect(runs.map(\.info.id) == ["01c", "01b", "01a"])
        #expect(runs.map(\.prompt) == ["three", "two", "one"])
        #expect(try catalog.runs(.init(limit: 1)).map(\.info.id) == ["01c"])
        #expect(try catalog.runs(.init(status: .failed)).map(\.info.id) == ["01b"])
        #expect(try catalog.runs(.init(since: Self.day)).map(\.info.id) == ["01c", "01b"])
        #expect(try catalog.runs(.init(before: Self.day)).map(\.info.id) == ["01a"])
    }

    @Test func scriptsAreKnownByTheirEnd() throws {
        try add(Self.run("01a"), Self.run("01b", script: "a_lua"), Self.run("01c", script: nil))
        #expect(try catalog.runs(.init(script: "a.lua")).map(\.info.id) == ["01a"])
        #expect(try catalog.runs(.init(script: "/home/ada/a.lua")).map(\.info.id) == ["01a"])
        #expect(try catalog.runs(.init(script: ".lua")) == [])
    }

    @Test func aRunWhoseProcessIsGoneIsCut() throws {
        try add(Self.run("01a", status: .running))
        #expect(try catalog.runs().map(\.standing) == [.cut])
        #expect(try catalog.runs(.init(status: .running)) == [])
        #expect(try catalog.runs(.init(status: .cut)).count == 1)
    }

    @Test func whatIsAddedIsWhatIsRead() throws {
        let run = Self.run("01a")
        try add(run)
        #expect(try store.run("01a") == run)
        let error = #expect(throws: JournalError.self) { try catalog.add(run) }
        #expect(error?.code == .busy)
    }

    @Test func sumsAreExact() throws {
        let great: Int64 = 123_456_789_012_345
        try add(
            Self.run("01a", cost: great), Self.run("01b", cost: 1, model: "large"),
            Self.run("01c", day: 1, cost: nil, model: "large"))
        let days = try catalog.cost(by: .day)
        #expect(days.map(\.group) == ["1970-01-01", "1970-01-02"])
        #expect(days.map(\.cost.picodollars) == [great + 1, 0])
        #expect(days.map(\.calls) == [2, 1])
        #expect(days.map(\.unknown) == [0, 1])
        #expect(days[0].usage == Usage(promptTokens: 200, completionTokens: 20))
        #expect(try catalog.cost(by: .model).map(\.group) == ["small", "large"])
        #expect(try catalog.cost(by: .script).map(\.runs) == [3])
        #expect(try catalog.cost(by: .day, since: Self.day).map(\.group) == ["1970-01-02"])
    }

    // MARK: - Search

    @Test(arguments: ["answer of 01b", "ANSW", "order-77 TROMSØ", "question brief", "look_up"])
    func findsWhatWasSaid(text: String) throws {
        try add(Self.run("01a", "another question"), Self.run("01b", "question"))
        let found = try RunSearch(store).runs(with: text, limit: 10)
        #expect(found.method == .words)
        #expect(found.hits.contains { $0.run.info.id == "01b" } == (text != "question brief"))
    }

    @Test func excerptsMarkWhatWasFound() throws {
        try add(Self.run("01a"))
        let hit = try #require(try RunSearch(store).runs(with: "shipped", limit: 1).hits.first)
        #expect(hit.excerpt.contains("\u{1}shipped\u{2} to Tromsø"))
        #expect(hit.places == 1)
    }

    @Test func laterSearchesKnowWhatIsNew() throws {
        try add(Self.run("01a"))
        #expect(try RunSearch(store).runs(with: "fresh", limit: 9).hits.count == 0)
        try add(Self.run("01b", "something fresh"))
        #expect(try RunSearch(store).runs(with: "fresh", limit: 9).hits.count == 1)
        _ = try catalog.remove(["01b"])
        #expect(try RunSearch(store).runs(with: "fresh", limit: 9).hits.count == 0)
    }

    @Test(arguments: ["a\" OR body:x", "*", "NEAR(", "(", "\u{0}", "' OR 1", "body:shipped zzz", "%", "_zz"])
    func whatIsTypedIsNoQueryLanguage(text: String) throws {
        try add(Self.run("01a"))
        #expect(try RunSearch(store).runs(with: text, limit: 9).hits.count == 0)
    }

    @Test func scriptsWithoutBlanksAreSearchedByLetters() throws {
        try add(Self.run("01a", "東京の天気は"), Self.run("01b"))
        let found = try RunSearch(store).runs(with: "天気", limit: 9)
        #expect(found.method == .letters)
        #expect(found.hits.map(\.run.info.id) == ["01a"])
        #expect(found.hits.first?.excerpt.contains("東京の\u{1}天気\u{2}は") == true)
    }

    @Test func searchesWithoutAnIndexOfWords() throws {
        try add(Self.run("01a", "Some Question"))
        let found = try RunSearch(store.place, hasWords: false).runs(with: "some quest", limit: 9)
        #expect(found.method == .letters)
        #expect(found.hits.count == 1)
    }

    @Test func aBrokenIndexIsMadeAnew() throws {
        try add(Self.run("01a"))
        try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: path + "-search"))
        #expect(try RunSearch(store).runs(with: "shipped", limit: 9).hits.count == 1)
    }

    // MARK: - Removal

    @Test func whatOthersHoldStays() throws {
        try add(Self.run("01a", "shared"), Self.run("01b", "shared"))
        let kept = try store.run("01b")
        let removal = try catalog.remove(["01a"])
        #expect(removal.removed == ["01a"])
        #expect(try store.run("01b") == kept)
        #expect(throws: JournalError.self) { try store.run("01a") }
        let texts = try store.place.opened().read { try String.fetchAll($0, sql: "SELECT body FROM content") }
        #expect(!texts.contains { $0.contains("01a") })
        #expect(texts.contains { $0.contains("shared") })
    }

    @Test func aRehearsalRemovesNothing() throws {
        let big = String(repeating: "long text ", count: 50_000)
        try add(Self.run("01a", big))
        let rehearsal = try catalog.remove(["01a"], isRehearsal: true)
        #expect(rehearsal.removed == ["01a"])
        #expect(rehearsal.bytes > 400_000)
        #expect(try catalog.runs().count == 1)
        let removal = try catalog.remove(["01a"])
        #expect(removal.bytes == rehearsal.bytes)
        #expect(removal.isReturned)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect((size ?? .max) < 200_000)
    }

    @Test func runsInHandStay() async throws {
        var info = RunInfo(id: "01a")
        info.began = 5
        let journal = store.journal(for: info)
        try await journal.begin(Self.run("x").records[0], schedule: { [] }, durability: .written)
        let held = store
        let other = held.journal(for: Self.run("01b").info)
        try await other.begin(Self.run("x").records[0], schedule: { [] }, durability: .written)
        let removal = try RunCatalog(held).remove(["01b"])
        #expect(removal.held == ["01b"])
        #expect(removal.removed == [])
    }

    @Test func oldRunsAreThoseBeyondTheOnesToKeep() throws {
        for place in 0..<5 { try add(Self.run("01\(place)", day: Int64(place))) }
        #expect(try catalog.old(before: 4 * Self.day) == ["013", "012", "011", "010"])
        #expect(try catalog.old(before: 4 * Self.day, keep: 3) == ["011", "010"])
    }

    @Test func keysOfCallsOutliveTheirRuns() throws {
        try add(Self.run("01a"))
        try store.place.opened().write { database in
            try database.execute(
                sql: "INSERT INTO once (script, tool, key, run, record) VALUES ('s', 't', 'k', '01a', 2)")
        }
        _ = try catalog.remove(["01a"])
        let count = try store.place.opened().read { try Int.fetchOne($0, sql: "SELECT count(*) FROM once") }
        #expect(count == 1)
    }
}
