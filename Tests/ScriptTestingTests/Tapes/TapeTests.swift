// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Foundation
import JSONCore
import Synchronization
import Testing

/// Tapes of anything that is recorded: what is asked comes back, and nothing else does.
@Suite final class TapeTests {
    private static let form = JournalForm<JSONValue>(encode: { JournalAnswer($0) }, decode: { $0 })
    private let asked = Mutex<[String]>([])

    /// Asks the world for the weather of `cities`, which is counted.
    private func look(_ cities: [String], unit: String = "celsius") async throws -> [JSONValue] {
        var answers: [JSONValue] = []
        for city in cities {
            let scope = try #require(JournalScope.current)
            let step = JournalStep(
                "http", name: "api.example.test", request: ["city": .string(city), "unit": .string(unit)])
            answers.append(
                try await scope.perform(step, Self.form) {
                    asked.withLock { $0.append(city) }
                    return ["city": .string(city)]
                })
        }
        return answers
    }

    private func tape(_ cities: [String] = ["Oslo", "Cairo"]) async throws -> Tape {
        let tape = try await Tape.record { try await look(cities) }.tape
        asked.withLock { $0 = [] }
        return tape
    }

    /// Why a replay of `tape` fails.
    private func miss(_ tape: Tape, _ body: () async throws -> [JSONValue]) async -> String {
        do {
            _ = try await tape.replay(body)
            return "no miss"
        } catch {
            return "\(error)"
        }
    }

    @Test func whatWasRecordedComesBackAndNothingIsAsked() async throws {
        let tape = try await tape()
        let answers = try await tape.replay { try await look(["Oslo", "Cairo"]) }
        #expect(answers == [["city": "Oslo"], ["city": "Cairo"]])
        #expect(asked.withLock { $0 } == [])
    }

    @Test func aTapeIsAFile() async throws {
        let folder = try TestFolder()
        let tape = try await tape()
        try tape.write(to: folder.path + "/sub/deep/one.jsonl")
        #expect(try Tape(path: folder.path + "/sub/deep/one.jsonl") == tape)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/sub/deep") == ["one.jsonl"])
    }

    @Test(arguments: [
        ("", "expected a recorded run, found nothing"), ("{", "x.jsonl:1"), ("[]", "x.jsonl:1"),
        ("\u{FF}", "x.jsonl:1"),
    ])
    func whatIsNoTapeIsRefused(text: String, says: String) throws {
        let folder = try TestFolder(["x.jsonl": text])
        let error = #expect(throws: JournalError.self) { try Tape(path: folder.path + "/x.jsonl") }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
        #expect(error?.code == .format)
    }

    @Test func aTapeThatIsNotThereIsNamed() {
        let error = #expect(throws: JournalError.self) { try Tape(path: "/no/such/tape.jsonl") }
        #expect(error?.code == .notFound)
        #expect(error?.description == "/no/such/tape.jsonl: No such file or directory")
    }

    @Test func aCutTapeIsReadOrRefusedAndNeverAnswersWrongly() async throws {
        let folder = try TestFolder()
        let whole = try await tape()
        let bytes = Array((try whole.run.jsonLines.joined(separator: "\n") + "\n").utf8)
        for count in bytes.indices {
            try Data(bytes[..<count]).write(to: URL(fileURLWithPath: folder.path + "/cut.jsonl"))
            guard let cut = try? Tape(path: folder.path + "/cut.jsonl") else { continue }
            let said = await miss(cut) { try await look(["Oslo", "Cairo"]) }
            // Without the last line, the order of turns, there is nothing that one line of execution would miss.
            if cut.run.records != whole.run.records { #expect(said != "no miss", "\(count)") }
            #expect(asked.withLock { $0 } == [])
        }
    }

    // MARK: - Agents

    @Test func anAgentIsReplayedWithoutItsModelAndTools() async throws {
        let tool = ToolSpy("echo")
        let model = ScriptedModel([.call("echo", #"{"n":1}"#, id: "a"), .text(["It is ", "done."])])
        let agent = Agent(model: model, tools: [tool])
        let (result, tape) = try await Tape.record { try await agent.run("Do it.") }
        var other = agent
        let silent = ScriptedModel([])
        other.model = silent
        let replayed = try await tape.replay { [other] in try await other.run("Do it.") }
        #expect(replayed.text == "It is done.")
        #expect(replayed.messages == result.messages)
        #expect(replayed.usage == result.usage)
        #expect(silent.requests.isEmpty)
        #expect(tool.calls.count == 1)
        let miss = await #expect(throws: TapeMiss.self) {
            try await tape.replay { [other] in try await other.run("Do something else.") }
        }
        #expect(
            miss?.description.contains(#"/messages/0/content: recorded "Do it.", now "Do something else.""#) == true,
            "\(String(describing: miss))")
    }

    // MARK: - Misses

    @Test func aMissShowsTheNearestRecordingAndIsNeverAsked() async throws {
        let tape = try await tape()
        let said = await miss(tape) { try await look(["Oslo", "Bergen"]) }
        #expect(
            said == """
                the run asks for http api.example.test {"city":"Bergen","unit":"celsius"}, which is not on the tape
                  the nearest is record 1 (http api.example.test): /request/city: recorded "Oslo", now "Bergen"
                """)
        #expect(asked.withLock { $0 } == [])
    }

    @Test func theNearestIsTheOneWithTheMostInCommon() async throws {
        let tape = try await Tape.record {
            _ = try await look(["Oslo"], unit: "kelvin")
            return try await look(["Cairo"], unit: "celsius")
        }.tape
        let said = await miss(tape) { try await look(["Cairo"], unit: "kelvin") }
        #expect(
            said.hasSuffix(#"record 1 (http api.example.test): /request/city: recorded "Oslo", now "Cairo""#), "\(said)"
        )
    }

    @Test func whatIsAskedAtAnotherPlaceIsSaidToBeTheSame() async throws {
        let tape = try await tape(["Oslo", "Cairo"])
        let said = await miss(tape) { try await look(["Cairo", "Oslo"]) }
        #expect(
            said.contains("record 2 (http api.example.test): the same, but it was asked at another place of the run"),
            "\(said)")
    }

    @Test func anotherKindOfRequestIsNamed() async throws {
        let tape = try await tape()
        let said = await miss(tape) {
            let scope = try #require(JournalScope.current)
            return [try await scope.perform(JournalStep("fs.read", name: "a.txt"), Self.form) { 1 }]
        }
        #expect(said == "the run asks for fs.read a.txt, which is not on the tape; there is no fs.read on it")
    }

    @Test func beyondItsEndATapeHasNothing() async throws {
        let tape = try await tape(["Oslo"])
        let said = await miss(tape) { try await look(["Oslo", "Oslo"]) }
        #expect(said.contains("the same, but it was asked at another place"), "\(said)")
    }

    @Test func aTapeThatIsNotUsedUpFails() async throws {
        let tape = try await tape()
        let said = await miss(tape) { try await look(["Oslo"]) }
        #expect(said.hasPrefix("the tape is not used up: record 2 (http api.example.test"), "\(said)")
    }

    @Test func longTextsAreShownWhereTheyDiffer() async throws {
        let long = String(repeating: "a", count: 400)
        let tape = try await tape([long + "X"])
        let said = await miss(tape) { try await look([long + "Y"]) }
        let same = String(repeating: "a", count: 30)
        #expect(said.hasSuffix(#"/request/city: recorded …"\#(same)X", now …"\#(same)Y""#), "\(said)")
    }

    @Test func secretsAreNotOnATape() async throws {
        let secrets = SecretRedactor()
        secrets.note("very-secret-word")
        let tape = try await Tape.record(secrets: secrets) { try await look(["very-secret-word"]) }.tape
        let text = try tape.run.jsonLines.joined()
        #expect(text.contains("very-secret-word") == false)
    }
}
