// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Evaluation
import JSONCore
import JSONSchemaCore
import Testing

@Suite struct RecordedSubjectTests {
    private func run(_ messages: JSONValue, text: String = "ok") throws -> RecordedReply {
        try #require(RecordedReply(["text": .string(text), "messages": messages], place: "runs.jsonl:1"))
    }

    private func question(_ messages: [Message]) -> EvalCase { EvalCase(id: "c", input: messages, checks: []) }

    private let talk: JSONValue = [
        ["role": "user", "content": "one"], ["role": "assistant", "content": "two"],
        ["role": "user", "content": "three"], ["role": "assistant", "content": "four"],
    ]

    /// A run that began with a conversation counted as one of its first question.
    @Test func aConversationBelongsToTheCaseOfAllItsQuestions() throws {
        let subject = RecordedSubject([try run(talk)], name: "r")
        #expect(subject.count(of: question([.user("one")])) == 0)
        #expect(subject.count(of: question([.user("one"), .assistant("two"), .user("three")])) == 1)
    }

    @Test func callsOfTheConversationBeforeAreNoneOfTheRun() async throws {
        func call(_ name: String) -> JSONValue {
            [
                "role": "assistant",
                "tool_calls": [["id": "a", "function": ["name": .string(name), "arguments": "{}"]]],
            ]
        }
        let messages: JSONValue = [
            ["role": "user", "content": "one"], call("before"), ["role": "assistant", "content": "two"],
            ["role": "user", "content": "three"], call("own"), ["role": "assistant", "content": "four"],
        ]
        let subject = RecordedSubject([try run(messages)], name: "r")
        let answer = try await subject.answer(question([.user("one"), .user("three")]), trial: 0)
        #expect(answer.toolCalls.map(\.name) == ["own"])
    }

    @Test func aRepairIsNoQuestion() async throws {
        let schema = try JSONSchema(["type": "object"])
        let agent = Agent(
            model: ScriptedModel([.text("no"), .text("{}")]), output: .schema(schema, name: "o"))
        let result = try await agent.run("one")
        #expect(result.messages.filter { $0.role == .user }.count == 2)
        let messages = result.messages.map { message -> JSONValue in
            ["role": .string(message.role.rawValue), "content": .string(message.text)]
        }
        #expect(RecordedSubject([try run(.array(messages))], name: "r").count(of: question([.user("one")])) == 1)
    }
}
