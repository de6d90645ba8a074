// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import GRDB
import JSONCore
import Testing

@testable import RunStores

@Suite struct BatchItemJournalTests {
    private let folder = NSTemporaryDirectory() + "batch-\(UUID().uuidString)"
    private var path: String { folder + "/b.sqlite" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func with(_ body: (BatchStore, RunStore) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(try BatchStore(path: path), RunStore(path: folder + "/runs.db"))
    }

    private static func info(_ id: String = "a") -> RunInfo {
        var info = RunInfo(id: id)
        (info.seed, info.script, info.folder) = (7, "task.lua", "/")
        return info
    }

    /// A run of two turns with an effect, told to `journal` with flushes after each of `flushes` calls.
    private static func tell(_ journal: any RunJournal, flushes: Set<Int> = []) async throws {
        var call = 0
        func durability() -> JournalDurability {
            call += 1
            return flushes.contains(call) ? .synced : .queued
        }
        let first = [Message.user("one")]
        let second = first + [.assistant("two"), .user("three")]
        var records: [JournalRecord] = []
        for (number, path, operation, messages) in [
            (1, [1], "agent.run", first), (2, [1, 1], "model", first), (3, [1, 2], "fs.write", []),
            (4, [1, 3], "model", second),
        ] {
            let record = JournalRecord(
                number: number, path: JournalPath(path), operation: operation, name: "n",
                effect: operation == "fs.write" ? .write : .read, request: ["x": .integer(Int64(number))],
                messages: messages, began: 10)
            records.append(record)
            try await journal.begin(record, schedule: { [ScheduleStep(JournalPath(path))] }, durability: durability())
            if number > 1 && number < 4 {
                var over = record
                (over.ended, over.outcome) = (20, .init(["y": 1.5], isFailure: number == 3, isRedacted: number == 2))
                (over.usage, over.cost) = (Usage(promptTokens: 3, completionTokens: 4), Dollars(picodollars: 5))
                try await journal.end(over, schedule: { [] }, durability: durability())
            }
        }
    }

    @Test(arguments: [[], [1], [2, 5], [3], [4, 6], [1, 2, 3, 4, 5, 6], [6]])
    func whatIsToldComesBack(flushes: [Int]) async throws {
        try await with { store, keys in
            let journal = BatchItemJournal(3, Self.info(), in: store, keys: keys)
            try await Self.tell(journal, flushes: Set(flushes))
            try await journal.update(Self.info())
            let memory = MemoryJournal(Self.info())
            try await Self.tell(memory)
            #expect(try store.begun() == [3])
            #expect(try store.recorded(3)?.run == memory.recorded)
            #expect(try store.recorded(4) == nil)
        }
    }

    @Test func aRunThatIsTakenUpIsWrittenOn() async throws {
        try await with { store, keys in
            try await Self.told(store, keys)
            let (run, count) = try #require(try store.recorded(0))
            let journal = BatchItemJournal(0, run.info, in: store, keys: keys, count: count)
            var last = run.records[3]
            (last.ended, last.outcome) = (30, .init("over"))
            try await journal.end(last, schedule: { [] }, durability: .written)
            let found = try #require(try store.recorded(0)?.run)
            #expect(found.records[3] == last)
            #expect(found.records.count == 4)
        }
    }

    private static func told(_ store: BatchStore, _ keys: RunStore) async throws {
        let journal = BatchItemJournal(0, info(), in: store, keys: keys)
        try await tell(journal, flushes: [6])
    }

    @Test func aResultForgetsTheRunWithTheSameCommit() async throws {
        try await with { store, keys in
            let journal = BatchItemJournal(0, Self.info(), in: store, keys: keys)
            try await Self.tell(journal, flushes: [2])
            try await journal.finish(.init(item: 0, isError: false, text: "{}"), keepsRun: false)
            #expect(try store.recorded(0) == nil)
            #expect(try store.finished().items == [0])
        }
    }

    @Test func aFailedRunIsKeptUpToWhatFailed() async throws {
        try await with { store, keys in
            var info = Self.info()
            (info.status, info.exitCode) = (.failed, 8)
            let journal = BatchItemJournal(0, info, in: store, keys: keys)
            let model = JournalRecord(number: 1, path: JournalPath([1]), operation: "model", began: 1)
            var over = model
            (over.ended, over.outcome) = (2, .init("ok"))
            try await journal.begin(model, schedule: { [] }, durability: .queued)
            try await journal.end(over, schedule: { [] }, durability: .queued)
            var second = model
            (second.number, second.path) = (2, JournalPath([2]))
            try await journal.begin(second, schedule: { [] }, durability: .queued)
            second.outcome = .init("no", isFailure: true)
            try await journal.end(second, schedule: { [] }, durability: .queued)
            try await journal.finish(.init(item: 0, isError: true, text: "{}"), keepsRun: true)
            #expect(try store.forgetErrors().again == [0])
            let run = try #require(try store.recorded(0)?.run)
            #expect(run.info.status == .running)
            #expect(run.records.map(\.outcome) == [.init("ok"), nil])
        }
    }

    @Test func aSyncWithNothingNewComesBack() async throws {
        try await with { store, keys in
            let journal = BatchItemJournal(0, Self.info(), in: store, keys: keys)
            try await journal.flush(isSynced: true)
            try await journal.flush(isSynced: true)
            try await journal.flush(isSynced: false)
            #expect(try store.begun() == [0])
        }
    }

    @Test func whatIsQueuedIsWrittenSoonAfterAnAnswer() async throws {
        try await with { store, keys in
            let journal = BatchItemJournal(0, Self.info(), in: store, keys: keys)
            try await Self.tell(journal)
            while try store.begun().isEmpty { await Task.yield() }
            #expect(try store.recorded(0)?.run.records.count ?? 0 > 0)
        }
    }

    @Test func keysAreThoseOfTheUsersJournal() async throws {
        try await with { store, keys in
            let claim = OnceClaim(tool: "pay", key: "17", record: 1)
            let first = BatchItemJournal(0, Self.info("a"), in: store, keys: keys)
            #expect(try await first.claim(claim) == .free)
            #expect(try await first.claim(claim) == .own(nil))
            let second = BatchItemJournal(1, Self.info("b"), in: store, keys: keys)
            let other = keys.journal(for: Self.info("d"))
            #expect(try await other.claim(claim) == .held(run: "a"))
            try await first.settle(claim, "paid")
            #expect(try await second.claim(claim) == .done("paid"))
            let run = keys.journal(for: Self.info("c"))
            #expect(try await run.claim(claim) == .done("paid"))
        }
    }

    // MARK: - Keys that another item holds

    @Test func aKeyThatAnItemInHandHoldsIsWaitedFor() async throws {
        try await with { store, keys in
            let claim = OnceClaim(tool: "pay", key: "17", record: 1)
            let first = BatchItemJournal(0, Self.info("a"), in: store, keys: keys)
            let others = (1...2).map { BatchItemJournal($0, Self.info("b\($0)"), in: store, keys: keys) }
            #expect(try await first.claim(claim) == .free)
            let found = others.map { other in Task { try await other.claim(claim) } }
            while store.hands.waiting < 2 { await Task.yield() }
            try await first.settle(claim, "paid")
            for task in found { #expect(try await task.value == .done("paid")) }
        }
    }

    @Test func aKeyThatIsGivenBackGoesToTheNext() async throws {
        try await with { store, keys in
            let claim = OnceClaim(tool: "pay", key: "17", record: 1)
            let first = BatchItemJournal(0, Self.info("a"), in: store, keys: keys)
            let second = BatchItemJournal(1, Self.info("b"), in: store, keys: keys)
            #expect(try await first.claim(claim) == .free)
            let found = Task { try await second.claim(claim) }
            while store.hands.waiting == 0 { await Task.yield() }
            try await first.settle(claim, nil)
            #expect(try await found.value == .free)
        }
    }

    @Test func aKeyOfAnItemThatIsOverIsNotWaitedFor() async throws {
        try await with { store, keys in
            let claim = OnceClaim(tool: "pay", key: "17", record: 1)
            let first = BatchItemJournal(0, Self.info("a"), in: store, keys: keys)
            let second = BatchItemJournal(1, Self.info("b"), in: store, keys: keys)
            #expect(try await first.claim(claim) == .free)
            let found = Task { try await second.claim(claim) }
            while store.hands.waiting == 0 { await Task.yield() }
            try await first.finish(.init(item: 0, isError: true, text: "{}"), keepsRun: true)
            #expect(try await found.value == .held(run: "a"))
            #expect(try await second.claim(claim) == .held(run: "a"))
        }
    }

    @Test func itemsThatHoldEachOthersKeysDoNotWaitForEver() async throws {
        try await with { store, keys in
            let claims = ["1", "2"].map { OnceClaim(tool: "pay", key: $0, record: 1) }
            let first = BatchItemJournal(0, Self.info("a"), in: store, keys: keys)
            let second = BatchItemJournal(1, Self.info("b"), in: store, keys: keys)
            let taken = [try await first.claim(claims[0]), try await second.claim(claims[1])]
            #expect(taken == [.free, .free])
            let found = Task { try await first.claim(claims[1]) }
            while store.hands.waiting == 0 { await Task.yield() }
            let circle = try await second.claim(claims[0])
            #expect(circle == .held(run: "a"))
            // A call within a call of its own run.
            let own = try await second.claim(OnceClaim(tool: "pay", key: "2", record: 2))
            #expect(own == .held(run: "b"))
            found.cancel()
            await #expect(throws: CancellationError.self) { try await found.value }
            #expect(store.hands.waiting == 0)
        }
    }

    // MARK: - After the result

    @Test func whatComesAfterTheResultIsNotKeptAndNothingMoreBegins() async throws {
        try await with { store, keys in
            let journal = BatchItemJournal(0, Self.info(), in: store, keys: keys)
            var record = JournalRecord(number: 1, path: JournalPath([1]), operation: "model", began: 1)
            try await journal.begin(record, schedule: { [] }, durability: .queued)
            try await journal.finish(.init(item: 0, isError: false, text: "{}"), keepsRun: false)
            (record.ended, record.outcome) = (2, .init("late"))
            try await journal.end(record, schedule: { [] }, durability: .written)
            try await journal.update(Self.info())
            await #expect(throws: CancellationError.self) {
                try await journal.begin(record, schedule: { [] }, durability: .synced)
            }
            await #expect(throws: CancellationError.self) {
                _ = try await journal.claim(OnceClaim(tool: "pay", key: "1", record: 1))
            }
            #expect(try store.recorded(0) == nil)
            #expect(try store.begun().isEmpty)
        }
    }

    @Test func whatIsWrittenLaterIsDoneInOrderAndNotBeforeItsTime() async throws {
        let timer = BatchTimer(delay: .milliseconds(5))
        let begin = ContinuousClock.now
        let (stream, continuation) = AsyncStream<Int>.makeStream()
        for number in 1...3 { timer.later { continuation.yield(number) } }
        var found: [Int] = []
        for await number in stream {
            found.append(number)
            // One that comes when all are done is done as well.
            if number == 3 { timer.later { continuation.finish() } }
        }
        #expect(found == [1, 2, 3])
        #expect(.now - begin >= .milliseconds(10))
    }

    @Test func aFileOfResultsAloneIsTakenOver() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let old = try DatabaseQueue(path: path)
        try await old.write { database in
            try database.execute(
                sql: """
                    PRAGMA application_id = \(0x4167_4274); PRAGMA user_version = 1;
                    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE results (item INTEGER PRIMARY KEY, is_error INTEGER NOT NULL, line TEXT NOT NULL);
                    INSERT INTO results VALUES (4, 0, '{}');
                    """)
        }
        try old.close()
        let store = try BatchStore(path: path)
        #expect(try store.finished().items == [4])
        #expect(try store.begun().isEmpty)
    }
}
