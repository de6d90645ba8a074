// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import GRDB
import JSONCore
import RunStores
import Testing

@Suite struct RunStoreTests {
    private let scratch: TemporaryFolder
    init() throws { scratch = try TemporaryFolder() }

    private var path: String { scratch.path + "/new/a/runs.db" }

    private func info(_ id: String) -> RunInfo {
        var info = RunInfo(id: id)
        (info.command, info.script, info.source) = ("run", "a.lua", "return 1")
        (info.arguments, info.seed, info.began) = (["a.lua", "hi"], 42, 5)
        return info
    }

    private func record(_ number: Int, _ messages: [Message] = [], effect: ToolDefinition.Effect = .read)
        -> JournalRecord
    {
        JournalRecord(
            number: number, path: JournalPath([number, 1]), operation: "model", name: "m", effect: effect,
            request: ["n": 1.0, "e": []], messages: messages, began: 7)
    }

    @Test func whatIsKeptComesBackExactly() async throws {
        let store = RunStore(path: path)
        let journal = store.journal(for: info("01a"))
        let first: [Message] = [.system("s"), .user("hi")]
        var one = record(1, first)
        try await journal.begin(one, schedule: { [] }, durability: .synced)
        one.outcome = .init(["text": "x", "big": 9_007_199_254_740_993])
        (one.ended, one.usage, one.cost) = (9, Usage(promptTokens: 3), Dollars(picodollars: 5))
        try await journal.end(one, schedule: { [ScheduleStep(JournalPath(), count: 2)] }, durability: .queued)
        var two = record(2, first + [.assistant("x"), .user("more")])
        two.outcome = .init("no", isFailure: true, isRedacted: true)
        try await journal.end(two, schedule: { [ScheduleStep(JournalPath([1, 1]))] }, durability: .queued)
        let open = record(3, effect: .final)
        try await journal.begin(open, schedule: { [] }, durability: .queued)
        var ended = info("01a")
        (ended.status, ended.exitCode, ended.output, ended.ended) = (.failed, 8, ["a": 1], 11)
        try await journal.update(ended)
        let kept = try RunStore(path: path).run("01")
        #expect(kept.info == ended)
        #expect(kept.records == [one, two, open])
        #expect(kept.schedule == [ScheduleStep(JournalPath(), count: 2), ScheduleStep(JournalPath([1, 1]))])
    }

    /// A chat of n turns keeps n messages, not n²/2.
    @Test func conversationsRepeatNothing() async throws {
        let store = RunStore(path: path)
        let journal = store.journal(for: info("01a"))
        var messages: [Message] = []
        for number in 1...20 {
            messages += [.user("q\(number)"), .assistant("a\(number)")]
            try await journal.begin(record(number, messages), schedule: { [] }, durability: .queued)
        }
        try await journal.update(info("01a"))
        let other = store.journal(for: info("01b"))
        try await other.begin(record(1, messages), schedule: { [] }, durability: .written)
        let count = try await DatabaseQueue(path: path).read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM conversation") ?? 0
        }
        #expect(count == 40)
        #expect(try store.run("01b").records[0].messages == messages)
        #expect(try store.run("01a").records[19].messages == messages)
    }

    @Test func aRunIsInOneHandOnly() async throws {
        let journal = RunStore(path: path).journal(for: info("01a"))
        try await journal.begin(record(1), schedule: { [] }, durability: .written)
        let error = #expect(throws: JournalError.self) { try RunStore(path: path).takingUp("01a") }
        #expect(error?.code == .busy)
    }

    @Test(arguments: ["02", "last2", "", "01"]) func saysWhichRunThereIsNot(id: String) async throws {
        let store = RunStore(path: path)
        for id in ["01a", "01b"] {
            try await store.journal(for: info(id)).begin(record(1), schedule: { [] }, durability: .written)
        }
        let error = #expect(throws: JournalError.self) { try store.run(id) }
        #expect(error?.code == .notFound)
        #expect(try store.run("last").info.id == "01b")
    }

    @Test func keysAreTakenOnceInAllRunsOfAScript() async throws {
        let store = RunStore(path: path)
        let (first, second) = (store.journal(for: info("01a")), store.journal(for: info("01b")))
        let claim = OnceClaim(tool: "pay", key: "k", record: 3)
        #expect(try await first.claim(claim) == .free)
        #expect(try await first.claim(claim) == .own(nil))
        #expect(try await second.claim(claim) == .held(run: "01a"))
        try await first.settle(claim, ["content": "paid"])
        #expect(try await first.claim(claim) == .own(["content": "paid"]))
        #expect(try await second.claim(claim) == .done(["content": "paid"]))
        var other = info("01c")
        other.script = "b.lua"
        #expect(try await store.journal(for: other).claim(claim) == .free)
        // What says itself that it failed gives its key back.
        try await first.settle(claim, nil)
        #expect(try await second.claim(claim) == .free)
    }

    @Test func aFullDiskEndsTheRunAndKeepsWhatThereIs() async throws {
        let store = RunStore(path: path)
        let journal = store.journal(for: info("01a"))
        try await journal.begin(record(1), schedule: { [] }, durability: .written)
        try await store.place.opened().queue.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        let long = String(repeating: "x", count: 100_000)
        let error = await #expect(throws: JournalError.self) {
            try await journal.begin(record(2, [.user(long)]), schedule: { [] }, durability: .written)
        }
        #expect(error?.message.contains("the disk is full") == true)
        // Nothing more is taken, so that nothing is done that is not recorded.
        await #expect(throws: JournalError.self) {
            try await journal.begin(record(3), schedule: { [] }, durability: .queued)
        }
        #expect(try RunStore(path: path).run("01a").records.map(\.number) == [1])
    }

    /// Rows that something else has written into the file.
    @Test(arguments: [
        ("path", "1..x", "record 1: expected a path of numbers such as 3.2.1, found 1..x"),
        ("effect", "maybe", "record 1: expected the effect read, write or final, found maybe"),
    ]) func aRecordThatCannotBeOneIsNamed(column: String, value: String, message: String) async throws {
        let store = RunStore(path: path)
        try await store.journal(for: info("01a")).begin(record(1), schedule: { [] }, durability: .written)
        try await store.place.opened().queue.writeWithoutTransaction { database in
            try database.execute(sql: "UPDATE record SET \(column) = ?", arguments: [value])
        }
        let error = #expect(throws: JournalError.self) { try store.run("01a") }
        #expect(error?.code == .format)
        #expect(error?.message.hasSuffix(message) == true, "\(error?.message ?? "")")
    }

    @Test func whatIsNoJournalIsNotTouched() async throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: JournalError.self) {
            try await RunStore(path: path).journal(for: info("01a")).begin(
                record(1), schedule: { [] }, durability: .written)
        }
        #expect(error?.code == .format)
        #expect(error?.message.contains("name another file") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(repeating: 0x41, count: 5000))
    }

    @Test func aDatabaseOfAnotherProgramIsRefused() async throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (a)") }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for makes in [false, true] {
            let error = #expect(throws: JournalError.self) { try JournalDatabase(path: path, makes: makes) }
            #expect(error?.message.contains("another program") == true)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "nothing of it is changed")
        }
    }

    @Test func anEmptyFileBecomesAJournalWithItsFirstRecordOnly() async throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: JournalError.self) { try RunStore(path: path).run("last") }
        #expect(error?.code == .notFound)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
        try await RunStore(path: path).journal(for: info("01a")).begin(
            record(1), schedule: { [] }, durability: .written)
        #expect(try RunStore(path: path).run("last").info.id == "01a")
    }
}
