// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents

/// Indexes of documents whose searches a test answers: by queries, each with a list of passages. There is one index, by any path.
struct FakeIndexes: DocumentIndexProvider {
    static let path = ".agent/index.db"
    let defaultPath = path
    private let answers: FakeAnswers
    private let asked: AskedFakes

    init(_ value: JSONValue, _ asked: AskedFakes) throws(Misuse) {
        self.asked = asked
        answers = try FakeAnswers("index", value, asked) { value, place throws(Misuse) in
            if Optional(value).asArguments == [:] { return }
            guard let passages = value.arrayValue else {
                throw Misuse("\(place): expected a list of passages, found \(Shown.value(value))")
            }
            for passage in passages { _ = try Self.hit(passage, place) }
        }
    }

    func open(_ path: String, model: String?, access: IndexAccess) async throws -> any DocumentIndex {
        FakeIndex(path: path, answers: answers, asked: asked)
    }

    /// A passage: a text, or `{ text, path, first_line, last_line, heading, score }`.
    static func hit(_ value: JSONValue, _ place: String) throws(Misuse) -> IndexHit {
        let fields = value.objectValue ?? ["text": value]
        for name in fields.keys where !["text", "path", "first_line", "last_line", "heading", "score"].contains(name) {
            throw Misuse("\(place): unknown field '\(name)'")
        }
        guard let text = fields["text"]?.stringValue else {
            throw Misuse("\(place): expected a text or { text, path, first_line, last_line, heading, score }")
        }
        let first = Int(fields["first_line"]?.integerValue ?? 1)
        let last = fields["last_line"]?.integerValue.map { Int($0) } ?? first + text.utf8.dropLast().count { $0 == 10 }
        guard first >= 1, last >= first else {
            throw Misuse("\(place): last_line: expected \(first) or more, found \(last)")
        }
        return IndexHit(
            score: fields["score"]?.doubleValue ?? 1, path: fields["path"]?.stringValue ?? "document.md",
            lines: first...last, bytes: 0..<text.utf8.count, heading: fields["heading"]?.stringValue ?? "", text: text)
    }
}

private struct FakeIndex: DocumentIndex {
    let path: String
    let answers: FakeAnswers
    let asked: AskedFakes

    func search(_ query: String, limit: Int, prefix: String?) async throws -> [IndexHit] {
        asked.note("index", ["input": .string(query)])
        let hits = try (try answers.answer(query).arrayValue ?? []).map { try FakeIndexes.hit($0, "fakes.index") }
        let chosen = hits.filter { hit in prefix.map { hit.path == $0 || hit.path.hasPrefix($0 + "/") } ?? true }
        return Array(chosen.prefix(limit))
    }

    private func missing(_ what: String) -> MissingFake {
        asked.missing(what, known: answers.known.map { "index:search \($0)" })
    }

    func add(
        _ paths: [String], allowing isAllowed: @Sendable (String) -> Bool,
        onEvent: @Sendable (IndexEvent) async throws -> Void
    ) async throws -> IndexReport { throw missing("index:add") }

    func remove(_ paths: [String]) async throws -> Int { throw missing("index:remove") }
    func documents() async throws -> [IndexedDocument] { throw missing("index:documents") }
    func facts() async throws -> IndexFacts { throw missing("index:info") }
}
