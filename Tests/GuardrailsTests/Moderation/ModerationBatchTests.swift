// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Guardrails
import Testing

@Suite struct ModerationBatchTests {
    private let model = FakeModeration(scores: ["violence": 0.9], flags: ["violence"])

    @Test func judgesTurnsInTheirConversationAndToolsAlone() async throws {
        let guardrail = ModerationGuardrail(model: model)
        let call = ToolCall(id: "1", name: "f", arguments: "{}")
        let conversation: [Message] = [
            .system("s"), .user("hi"), .assistant("", toolCalls: [call]),
            .tool(ToolResult(callID: "1", name: "f", content: "bad")), .assistant("hello"),
        ]
        let subjects = [
            GuardrailSubject(.input, "in", conversation: conversation), GuardrailSubject(.toolResult, "bad"),
            GuardrailSubject(.output, "out", conversation: [.user("q")]), GuardrailSubject(.toolCall, "{}"),
        ]
        let verdicts = try await guardrail.check(subjects)
        #expect(verdicts.map { $0 == .pass } == [true, false, true, true])
        #expect(
            model.inputs == [
                .texts(["bad", "{}"]),
                .conversations([
                    [.system("s"), .user("hi"), .assistant("hello"), .user("in")], [.user("q"), .assistant("out")],
                ]),
            ])
    }

    @Test func anEndpointCanBeChosen() async throws {
        _ = try await ModerationGuardrail(model: model, endpoint: .raw).check(GuardrailSubject(.input, "in"))
        _ = try await ModerationGuardrail(model: model, endpoint: .chat).check(GuardrailSubject(.toolResult, "r"))
        #expect(model.inputs == [.texts(["in"]), .conversations([[.user("r")]])])
    }

    @Test func asksNobodyForNothing() async throws {
        let verdicts = try await ModerationGuardrail(model: model).check([GuardrailSubject]())
        #expect(verdicts.isEmpty && model.inputs.isEmpty)
    }

    /// "ba" and "d" are harmless, "bad" is not.
    @Test func seesWhatSpansSentences() async throws {
        let guardrail = ModerationGuardrail(model: model, endpoint: .raw)
        let found = try await guardrail.check(GuardrailSubject(.output, "d", before: "ba"))
        #expect(found.finding?.category == "violence")
        let far = String(repeating: "x", count: ModerationGuardrail.sentenceWindow)
        let gone = try await guardrail.check(GuardrailSubject(.output, "d", before: "bad" + far))
        #expect(gone == .pass, "what has been judged before is not judged again and again")
        #expect(model.inputs.last == .texts([String(far.dropLast()) + "d"]))
    }

    /// Wherever the word stands in a long text, and also across the cut of two pieces.
    @Test(arguments: 7780...8020) func judgesAllOfALongText(place: Int) async throws {
        var text = String(repeating: "x", count: 20_000)
        let start = text.index(text.startIndex, offsetBy: place)
        text.replaceSubrange(start..<text.index(start, offsetBy: 3), with: "bad")
        let guardrail = ModerationGuardrail(model: model)
        let verdicts = try await guardrail.check([
            GuardrailSubject(.toolResult, "fine"), GuardrailSubject(.toolResult, text),
        ])
        #expect(verdicts.map { $0 == .pass } == [true, false])
        #expect(model.inputs.count == 1)
    }

    /// Context is context: what is too long for the service does not keep the turn from being judged.
    @Test func leavesOutContextThatIsTooLong() async throws {
        let long = Message.user(String(repeating: "x", count: 7000))
        let guardrail = ModerationGuardrail(model: model)
        _ = try await guardrail.check(GuardrailSubject(.input, "in", conversation: [long, long, .assistant("ok")]))
        #expect(model.inputs == [.conversations([[long, .assistant("ok"), .user("in")]])])
    }
}
