// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import GRDB
import JSONCore
import Testing

@testable import RunStores

/// Runs that were recorded elsewhere and are kept whole.
@Suite struct RunKeepingTests {
    private static func run(_ texts: [String], status: RunInfo.Status) -> RecordedRun {
        var info = RunInfo(id: "a")
        (info.status, info.source) = (status, "return 1")
        let records = texts.enumerated().map { place, text in
            JournalRecord(
                number: place + 1, path: JournalPath([place + 1]), operation: "model", messages: [.user(text)],
                began: 1,
                ended: 2, outcome: .init(.string(text)))
        }
        return RecordedRun(info: info, records: records, schedule: [ScheduleStep(JournalPath([1]), count: 2)])
    }

    private func with(_ body: (RunStore) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "keeping-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(RunStore(path: folder + "/runs.db"))
    }

    @Test func whatIsKeptAgainTakesThePlaceOfWhatWasThere() async throws {
        try await with { store in
            for run in [
                Self.run(["one"], status: .running), Self.run(["one", "two"], status: .failed),
                Self.run(["one", "two"], status: .failed), Self.run(["one", "other"], status: .done),
            ] {
                try await store.keep(run)
                #expect(try store.run("a") == run)
                #expect(try RunCatalog(store).runs().count == 1)
            }
        }
    }

    @Test func aRunThatIsKeptInPartIsNotThere() async throws {
        try await with { store in
            let before = Self.run(["one"], status: .failed)
            try await store.keep(before)
            var broken = Self.run(["one", "two", "three"], status: .done)
            // A number that is there twice is refused by the table, after the others were written.
            broken.records[2].number = 2
            await #expect(throws: JournalError.self) { try await store.keep(broken) }
            #expect(try store.run("a") == before)
        }
    }

    @Test func aRunThatIsInHandIsLeft() async throws {
        try await with { store in
            let before = Self.run(["one"], status: .running)
            try await store.keep(before)
            _ = try store.takingUp("a")
            let error = await #expect(throws: JournalError.self) {
                try await store.keep(Self.run(["two"], status: .done))
            }
            #expect(error?.code == .busy)
            #expect(try store.run("a") == before)
        }
    }
}
