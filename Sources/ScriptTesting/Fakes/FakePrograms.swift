// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaAgents
import Synchronization

/// The programs of a run whose test says what they print: by the whole command (`git log -1`) or by the program alone (`git`).
struct FakePrograms: Sendable {
    private let answers: JSONObject
    private let asked: AskedFakes

    init(_ value: JSONValue, _ asked: AskedFakes) throws(Misuse) {
        let place = "t:run: fakes.exec"
        guard let answers = Optional(value).asArguments.objectValue else {
            throw Misuse("\(place): expected a table by commands, found \(value.typeName)")
        }
        for (command, value) in answers {
            guard !command.isEmpty else { throw Misuse("\(place): expected a program or a command, found nothing") }
            _ = try Self.ending(value, "\(place)['\(command)']")
        }
        self.answers = answers
        self.asked = asked
    }

    /// The programs, as grants name them.
    var names: [String] { Set(answers.keys.compactMap { $0.split(separator: " ").first.map(String.init) }).sorted() }

    /// - Returns: `nil` for a program that is not there.
    /// - Throws: ``MissingFake``.
    func run(_ words: [String], _ input: [UInt8]) throws -> FakeWorld.ProgramEnding? {
        let command = words.joined(separator: " ")
        asked.note(
            "exec",
            [
                "input": .string(command), "words": .array(words.map { .string($0) }),
                "stdin": .string(String(decoding: input, as: UTF8.self)),
            ])
        guard let value = answers[command] ?? answers[words[0]] else {
            throw asked.missing("agent.exec '\(command)'", known: answers.map(\.key).sorted())
        }
        return try Self.ending(value, "fakes.exec")
    }

    private static func ending(_ value: JSONValue, _ place: String) throws(Misuse) -> FakeWorld.ProgramEnding? {
        switch value {
        case .bool(false): return nil
        case .string(let text): return .init(status: 0, output: Array(text.utf8), errors: [])
        case .object(let fields):
            var ending = FakeWorld.ProgramEnding(status: 0, output: [], errors: [])
            for (name, value) in fields {
                switch (name, value.integerValue, value.stringValue) {
                case ("status", let status?, _) where (0...255).contains(status): ending.status = Int(status)
                case ("stdout", _, let text?): ending.output = Array(text.utf8)
                case ("stderr", _, let text?): ending.errors = Array(text.utf8)
                default:
                    throw Misuse("\(place): expected { status, stdout, stderr }, found \(name) = \(Shown.value(value))")
                }
            }
            return ending
        default:
            throw Misuse("\(place): expected what it prints, or { status, stdout, stderr }, found \(value.typeName)")
        }
    }
}
