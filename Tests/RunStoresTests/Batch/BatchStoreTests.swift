// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import RunStores

@Suite struct BatchStoreTests {
    private let folder = NSTemporaryDirectory() + "batch-\(UUID().uuidString)"
    private var path: String { folder + "/b.sqlite" }
    private let identity = BatchIdentity(input: "i", task: "t", settings: "{}", count: 3)

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func with(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body()
    }

    private func line(_ item: Int, isError: Bool = false) -> BatchStore.Line {
        .init(item: item, isError: isError, text: "{\"index\":\(item)}")
    }

    private func lines(_ store: BatchStore) throws -> [BatchStore.Line] {
        var lines: [BatchStore.Line] = []
        try store.forEachLine { lines.append($0) }
        return lines
    }

    @Test func resultsComeBackInTheOrderOfTheItemsAfterReopening() async throws {
        try await with {
            try await Self.filled(path, [2, 0, 1].map { line($0, isError: $0 == 1) }, identity)
            let store = try BatchStore(path: path)
            try store.begin(identity)
            #expect(try lines(store) == [line(0), line(1, isError: true), line(2)])
            let (items, errors) = try store.finished()
            #expect(items == [0, 1, 2])
            #expect(errors == 1)
        }
    }

    private static func filled(_ path: String, _ lines: [BatchStore.Line], _ identity: BatchIdentity) async throws {
        let store = try BatchStore(path: path)
        try store.begin(identity)
        for line in lines { try await store.record(line) }
    }

    @Test func manyWritersAtOnceLoseNothing() async throws {
        try await with {
            let store = try BatchStore(path: path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for item in 0..<500 { group.addTask { try await store.record(line(item)) } }
                try await group.waitForAll()
            }
            #expect(try lines(store) == (0..<500).map { line($0) })
        }
    }

    @Test func aSecondResultOfAnItemIsRefused() async throws {
        try await with {
            let store = try BatchStore(path: path)
            try await store.record(line(0))
            await #expect(throws: BatchStoreError.self) { try await store.record(line(0, isError: true)) }
            #expect(try lines(store) == [line(0)])
        }
    }

    @Test func aCancelledTaskStillRecords() async throws {
        try await with {
            let store = try BatchStore(path: path)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await store.record(line(0))
            }
            try await task.value
            #expect(try lines(store) == [line(0)])
        }
    }

    @Test func twoThatOpenItAtOnceAreOneTooMany() async throws {
        try await with {
            let store = try BatchStore(path: path)
            let error = #expect(throws: BatchStoreError.self) { try BatchStore(path: path) }
            #expect(error?.code == .busy)
            try await store.record(line(0))
        }
    }

    @Test(arguments: [
        ("input", BatchIdentity(input: "x", task: "t", settings: "{}", count: 3)),
        ("task", BatchIdentity(input: "i", task: "x", settings: "{}", count: 3)),
        ("input, settings", BatchIdentity(input: "x", task: "t", settings: "{\"turns\":1}", count: 4)),
    ]) func whatItWasNotBegunWithIsRefused(names: String, other: BatchIdentity) async throws {
        try await with {
            let store = try BatchStore(path: path)
            try store.begin(identity)
            try store.begin(identity)
            let error = #expect(throws: BatchStoreError.self) { try store.begin(other) }
            #expect(error?.code == .changed)
            #expect(error?.description == names)
        }
    }

    @Test func errorsCanBeForgottenAloneAndEverythingAnew() async throws {
        try await with {
            try await Self.filled(path, [line(0), line(1, isError: true), line(2, isError: true)], identity)
            try await Self.forgetErrors(path)
            let store = try BatchStore(path: path, fresh: true)
            #expect(try lines(store).isEmpty)
            try store.begin(BatchIdentity(input: "other", task: "t", settings: "{}", count: 1))
        }
    }

    private static func forgetErrors(_ path: String) async throws {
        let store = try BatchStore(path: path)
        #expect(try store.forgetErrors().again == [1, 2])
        #expect(try store.finished().items == [0])
    }

    @Test func theFileIsTheUsersAlone() async throws {
        try await with {
            let store = try BatchStore(path: path)
            try store.begin(identity)
            for file in [path, path + "-wal", path + "-shm", path + ".lock"] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(file)")
            }
        }
    }

    @Test func filesOfOthersAreNotTouched() async throws {
        try await with {
            try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE t (a)") }
            let database = #expect(throws: BatchStoreError.self) { try BatchStore(path: path, fresh: true) }
            #expect(database?.code == .format)
            try Data("hello, this is some text of mine, not a database at all".utf8).write(
                to: URL(fileURLWithPath: folder + "/text"))
            let text = #expect(throws: BatchStoreError.self) { try BatchStore(path: folder + "/text") }
            #expect(text?.code == .format)
            let kept = try String(contentsOfFile: folder + "/text", encoding: .utf8)
            #expect(kept.hasPrefix("hello"))
        }
    }
}
