// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Foundation
import GRDB
import JSONCore
import Testing

@testable import RunStores

/// What `--retry-errors` makes of the records of an item that failed.
@Suite struct BatchRetryTests {
    enum Kind: Sendable { case model, failedModel, effect, group }

    enum Next: Sendable, Equatable {
        /// So many records stay, and the last of them is asked again.
        case asksAgain(Int)
        case goesOn(Int)
        case anew
        case kept
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var exitCode: Int
        var records: [Kind]
        var next: Next
        var redone: Next?
        var status = RunInfo.Status.failed
        var testDescription: String { "\(exitCode) \(records)" }
    }

    private static let cases: [Case] = [
        // model
        Case(exitCode: 8, records: [.model, .failedModel], next: .asksAgain(2)),
        Case(exitCode: 8, records: [.effect, .failedModel, .model], next: .asksAgain(2)),
        Case(exitCode: 8, records: [.failedModel, .effect], next: .kept, redone: .anew),
        Case(exitCode: 8, records: [.model], next: .anew),
        // script, output, guardrail
        Case(exitCode: 1, records: [.effect, .failedModel], next: .asksAgain(2)),
        Case(exitCode: 1, records: [.failedModel, .model], next: .anew),
        Case(exitCode: 1, records: [.failedModel, .group, .effect], next: .kept, redone: .anew),
        Case(exitCode: 1, records: [.group, .model], next: .anew),
        // limit
        Case(exitCode: 5, records: [.failedModel, .model], next: .anew, status: .done),
        Case(exitCode: 5, records: [.effect], next: .kept, redone: .anew, status: .done),
        // divergence
        Case(exitCode: 9, records: [.effect, .failedModel], next: .goesOn(2), redone: .anew),
        // doubt, approval
        Case(exitCode: 6, records: [.effect], next: .goesOn(1), status: .paused),
    ]

    @Test(arguments: cases, [false, true])
    func eachGoesOnAsItsErrorSays(test: Case, redoes: Bool) async throws {
        let folder = NSTemporaryDirectory() + "batch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try BatchStore(path: folder + "/b.sqlite")
        var info = RunInfo(id: "a")
        (info.status, info.exitCode) = (test.status, test.exitCode)
        let records = test.records.enumerated().map { Self.record($1, $0 + 1) }
        try store.replace(0, with: RecordedRun(info: info, records: records))
        try await store.record(.init(item: 1, isError: false, text: "{}"))
        try Self.fail(store)
        let retry = try store.forgetErrors(redoes: redoes)
        let next = redoes ? test.redone ?? test.next : test.next
        #expect(retry == BatchStore.Retry(again: next == .kept ? [] : [0], kept: next == .kept ? [0] : []))
        #expect(try store.finished().items == (next == .kept ? [0, 1] : [1]))
        let run = try store.recorded(0)?.run
        switch next {
        case .asksAgain(let count): #expect(run?.records.map { $0.outcome != nil } == (1...count).map { $0 < count })
        case .goesOn(let count): #expect(run?.records == Array(records[..<count]))
        case .anew: #expect(run == nil)
        case .kept: #expect(run?.records == records)
        }
    }

    /// Gives item 0 an error without forgetting its records.
    private static func fail(_ store: BatchStore) throws {
        try store.database.write { database in
            try database.execute(sql: "INSERT INTO results (item, is_error, line) VALUES (0, 1, '{}')")
        }
    }

    private static func record(_ kind: Kind, _ number: Int) -> JournalRecord {
        var record = JournalRecord(
            number: number, path: JournalPath([number]), operation: kind == .group ? "tool" : "model", began: 1)
        if kind == .effect { (record.operation, record.effect) = ("fs.append", .write) }
        // A tool is not an effect by itself.
        if kind == .group { record.effect = .final }
        (record.ended, record.outcome) = (2, .init("x", isFailure: kind == .failedModel))
        return record
    }
}
