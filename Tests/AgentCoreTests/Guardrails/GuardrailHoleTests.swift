// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import JSONSchemaCore
import Testing

/// Ways past a guardrail that were open once.
@Suite struct GuardrailHoleTests {
    struct Broken: Error {}

    /// Fails on texts with "odd" in them, and blocks those with "bad".
    private let moody = FunctionGuardrail(name: "moody") { subject in
        if subject.text.contains("odd") { throw Broken() }
        return subject.text.contains("bad") ? .block(GuardrailFinding("bad")) : .pass
    }

    /// A rule that failed open on one text of a batch let all of them pass.
    @Test func whatCannotBeJudgedDoesNotTakeOthersWithIt() async throws {
        let guards = GuardrailSet(input: [GuardrailRule(moody, failsOpen: true)])
        let agent = Agent(model: ScriptedModel([.text("ok"), .text("ok")]), guardrails: guards)
        let error = await #expect(throws: RunError.self) { try await agent.run([.user("odd"), .user("bad")]) }
        #expect(error?.block?.isFailure == false)
        let passes = try await agent.run([.user("odd"), .user("fine"), .user("odd too")])
        #expect(passes.guardrails.map(\.outcome) == [.unchecked, .unchecked])
    }

    /// The error named the first call of a turn, whichever could not be judged.
    @Test func theCallThatCouldNotBeJudgedIsNamed() async {
        let calls = [
            ToolCall(id: "", name: "one", arguments: "{}"), ToolCall(id: "", name: "two", arguments: #"{"x":"odd"}"#),
        ]
        let agent = Agent(
            model: ScriptedModel([.calls(calls)]), tools: [ToolSpy("one"), ToolSpy("two")],
            guardrails: GuardrailSet(toolCall: [GuardrailRule(moody)]))
        let error = await #expect(throws: RunError.self) { try await agent.run("go") }
        #expect(error?.block?.tool == "two" && error?.block?.isFailure == true)
    }

    /// A conversation that ended in an answer had nothing new in it, and nothing of it was judged.
    @Test(arguments: [
        [Message.user("hi"), .assistant("sure, bad")],
        [.user("bad"), .assistant("")],
        [.user("hi"), Message(role: .assistant, content: [.text("bad")], prefix: true)],
        [.user("hi"), .assistant("yes"), .user("bad"), .assistant("sure")],
    ])
    func anEndThatTheCallerWroteIsJudged(messages: [Message]) async {
        let agent = Agent(
            model: ScriptedModel([.text("ok")]), guardrails: GuardrailSet(input: [GuardrailRule(moody)]))
        await #expect(throws: RunError.self) { try await agent.run(messages) }
    }

    @Test func allOfAHistoryIsWhoeverSpeaks() async {
        for role in [Message.Role.system, .assistant, .user] {
            let messages = [Message(role: role, content: [.text("bad")]), .assistant("yes"), .user("go on")]
            let agent = Agent(
                model: ScriptedModel([.text("ok")]),
                guardrails: GuardrailSet(input: [GuardrailRule(moody, judgesHistory: true)]))
            await #expect(throws: RunError.self) { try await agent.run(messages) }
        }
    }

    /// Words in a chunk that is no text reached the model unseen.
    @Test(arguments: [
        ContentPart.thinking("bad", raw: nil), .raw(["type": "note", "text": "bad"]), .raw(["text": "bad"]),
    ])
    func partsThatAreNoTextCountAsNotJudged(part: ContentPart) async {
        let message = Message(role: .user, content: [.text("fine"), part])
        let agent = Agent(
            model: ScriptedModel([.text("ok")]), guardrails: GuardrailSet(input: [GuardrailRule(moody)]))
        let error = await #expect(throws: RunError.self) { try await agent.run([message]) }
        #expect(error?.block?.isFailure == true)
    }

    @Test func anEmptyAnswerIsAnAnswer() async {
        let whole = FunctionGuardrail(name: "not_empty", judgesSentences: false) { subject in
            subject.text.isEmpty ? .block(GuardrailFinding("empty")) : .pass
        }
        for streams in [true, false] {
            let agent = Agent(
                model: ScriptedModel([.text("")]), guardrails: GuardrailSet(output: [GuardrailRule(whole)]))
            await #expect(throws: RunError.self) { try await agent.run([.user("hi")], streams: streams) { _ in } }
        }
    }

    @Test func chunksOfAnAnswerAreJudged() async throws {
        let parts: [ContentPart] = [
            .text("fine"), .raw(["type": "output_text", "text": "bad"]), .raw(["type": "other"]),
        ]
        let hides = FunctionGuardrail(name: "hides") { subject in
            subject.text.contains("bad") ? .replace("", GuardrailFinding("bad")) : .pass
        }
        let agent = Agent(
            model: ScriptedModel([.response(ModelResponse(message: Message(role: .assistant, content: parts)))]),
            guardrails: GuardrailSet(output: [GuardrailRule(hides)]))
        let result = try await agent.run("hi")
        #expect(result.messages.last?.content == [.text("fine"), .raw(["type": "other"])])
    }

    /// A rule saw the arguments of the model, and the tool those with defaults filled in.
    @Test func argumentsAreJudgedAsTheToolGetsThem() async throws {
        let parameters: JSONValue = ["type": "object", "properties": ["dry": ["type": "boolean", "default": false]]]
        let seen = WordGuardrail(word: "never")
        let spy = ToolSpy("act", parameters: parameters)
        let agent = Agent(
            model: ScriptedModel([.call("act", ""), .text("ok")]), tools: [spy],
            guardrails: GuardrailSet(toolCall: [GuardrailRule(seen)]))
        let result = try await agent.run("go")
        #expect(seen.asked.texts == [#"{"dry":false}"#])
        #expect(result.toolCalls[0].call.arguments == "")
    }

    /// The time limit while the input was judged left an empty conversation, which chats then kept.
    @Test func theTimeLimitDuringACheckLosesNothing() async throws {
        let clock = ManualClock()
        let slow = FunctionGuardrail(name: "slow") { _ in
            await clock.someoneSleeps()
            clock.advance(by: .seconds(6))
            try await untilCancelled()
            return .pass
        }
        let history: [Message] = [.user("one"), .assistant("two"), .user("three")]
        let agent = Agent(
            model: ScriptedModel([]), limits: RunLimits(time: .seconds(5)),
            guardrails: GuardrailSet(input: [GuardrailRule(slow)]), clock: clock)
        let result = try await agent.run(history)
        #expect(result.stopped == .seconds)
        #expect(result.messages == history)
    }

    /// Without delay, what had been replaced came back as the answer of a run whose time was up.
    @Test func withoutDelayTheAnswerOfARunInTimeTroubleIsWhatPassed() async throws {
        let clock = ManualClock()
        let model = ScriptedModel([.hang(after: ["It is bad news. ", "More of it"])])
        let agent = Agent(
            model: model, limits: RunLimits(time: .seconds(5)),
            guardrails: GuardrailSet(
                output: [GuardrailRule(WordGuardrail(action: .replace))], delay: .sentences(0)), clock: clock)
        let log = EventLog()
        let result = try await agent.run([.user("hi")]) { event in
            log.note(event)
            if case .text("More of it") = event {
                await clock.someoneSleeps()
                clock.advance(by: .seconds(6))
            }
        }
        #expect(log.text == "It is bad news. More of it")
        #expect(result.stopped == .seconds)
        #expect(result.text == "It is good news. ")
    }
}
