// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaAgents
import Synchronization

/// What answers a service in a test: an answer for each thing that is asked, and one by the name `*` for all else.
struct FakeAnswers: Sendable {
    /// The name of the fake: `embed`.
    let name: String
    private let answers: JSONObject
    private let asked: AskedFakes

    /// - Parameter check: throws what is wrong with an answer; it is told where it stands. A failure is none of its business.
    init(
        _ name: String, _ value: JSONValue, _ asked: AskedFakes,
        check: (JSONValue, _ place: String) throws(Misuse) -> Void
    ) throws(Misuse) {
        self.name = name
        self.asked = asked
        guard let answers = Optional(value).asArguments.objectValue else {
            throw Misuse("t:run: fakes.\(name): expected a table by what is asked, found \(value.typeName)")
        }
        for (key, value) in answers where value != false && !Self.isFailure(value) {
            try check(value, "t:run: fakes.\(name)['\(key)']")
        }
        self.answers = answers
    }

    var known: [String] { answers.map(\.key).sorted() }

    /// The answer by the first of `keys` that has one.
    ///
    /// - Throws: ``MissingFake``; ``ModelError`` where the test says that it fails.
    func answer(_ keys: String...) throws -> JSONValue {
        guard let value = (keys + ["*"]).lazy.compactMap({ answers[$0] }).first else {
            throw asked.missing("fakes.\(name): \(Shown.value(.string(keys.first ?? "")))", known: known)
        }
        if value == false { throw ModelError(.unavailable, "the fake of \(name) fails") }
        guard Self.isFailure(value) else { return value }
        throw ModelError(
            ModelError.Code(rawValue: value["code"]?.stringValue ?? ""),
            value["message"]?.stringValue ?? "the fake of \(name) fails")
    }

    /// What `t.fails` makes.
    private static func isFailure(_ value: JSONValue) -> Bool {
        value["\u{1}turn"] == true && value["kind"] == "fails"
    }
}

/// What fakes were asked, in order, and what none of them answers.
final class AskedFakes: Sendable {
    private struct State {
        var all: [JSONValue] = []
        var missing: MissingFake?
    }

    private let state = Mutex(State())

    var all: [JSONValue] { state.withLock(\.all) }
    /// What was asked first that has no fake. Whoever makes something else of the error (`pcall`, a tool, a guardrail): it fails the test.
    var missing: MissingFake? { state.withLock(\.missing) }

    func note(_ service: String, _ fields: JSONObject) {
        var entry: JSONObject = ["service": .string(service)]
        for (name, value) in fields { entry[name] = value }
        let noted = JSONValue.object(entry)
        state.withLock { $0.all.append(noted) }
    }

    /// The error of something that has no fake, which is noted here.
    ///
    /// - Parameters:
    ///   - what: what was asked, in a few words.
    ///   - known: what there are fakes for.
    func missing(_ what: String, known: [String]) -> MissingFake {
        let missing = MissingFake(what, known: known)
        state.withLock { $0.missing = $0.missing ?? missing }
        return missing
    }
}
