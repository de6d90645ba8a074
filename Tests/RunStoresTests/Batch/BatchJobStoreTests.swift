// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import RunStores

@Suite struct BatchJobStoreTests {
    private static func with(_ body: (BatchStore) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "batch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(try BatchStore(path: folder + "/b.sqlite"))
    }

    private static let questions = [
        ItemQuestion(item: 0, path: "1.1", digest: "a"), ItemQuestion(item: 1, path: "1.1", digest: "b"),
    ]

    @Test func aJobAndWhatItAskedComeBackUntilItIsOver() async throws {
        try await Self.with { store in
            var job = try store.begin(jobOf: "m", name: "n", byteCount: 5, asking: Self.questions)
            #expect(try store.jobs() == [job])
            (job.step, job.file, job.id) = (.submitted, "f", "j")
            try store.update(job)
            #expect(try store.jobs() == [job])
            var answer = Self.questions[1]
            (answer.job, answer.answer) = (job.key, "{}")
            job.step = .over
            try store.end(job, answers: [answer])
            #expect(try store.jobs().isEmpty)
            var first = Self.questions[0]
            first.job = job.key
            #expect(try store.questions() == [first, answer])
        }
    }

    @Test func anAnswerOfAnEarlierJobDoesNotCount() async throws {
        try await Self.with { store in
            let first = try store.begin(jobOf: "m", name: "n", byteCount: 5, asking: Self.questions)
            var asked = Self.questions[0]
            asked.digest = "other"
            let second = try store.begin(jobOf: "m", name: "o", byteCount: 5, asking: [asked])
            var answer = Self.questions[0]
            answer.answer = "{}"
            try store.end(first, answers: [answer])
            let found = try store.questions()
            #expect(found.map(\.answer) == [nil, nil])
            #expect(found.map(\.job) == [second.key, first.key])
        }
    }

    @Test func aResultForgetsWhatItsItemAsked() async throws {
        try await Self.with { store in
            let job = try store.begin(jobOf: "m", name: "n", byteCount: 5, asking: Self.questions)
            try await store.record(.init(item: 0, isError: true, text: "{}"))
            #expect(try store.questions().map(\.item) == [1])
            try store.forget(job)
            #expect(try store.questions().isEmpty)
            #expect(try store.jobs().isEmpty)
        }
    }
}
