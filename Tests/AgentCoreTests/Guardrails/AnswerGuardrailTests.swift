// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import JSONSchemaCore
import Testing

@Suite struct AnswerGuardrailTests {
    private let answer = "One is fine. Two is fine \"too\". Three is a bad one. Four never comes."

    private func run(
        _ reply: ScriptedModel.Reply, _ guards: GuardrailSet, output: OutputFormat? = nil, streams: Bool = true
    ) async -> (log: EventLog, result: RunResult?, error: RunError?) {
        let log = EventLog()
        let agent = Agent(model: ScriptedModel([reply]), output: output, guardrails: guards)
        do {
            return (log, try await agent.run([.user("hi")], streams: streams) { log.note($0) }, nil)
        } catch {
            return (log, nil, error as? RunError)
        }
    }

    private func pieces(_ text: String, cutAt place: Int) -> [String] {
        let scalars = Array(text.unicodeScalars)
        return [scalars[..<place], scalars[place...]].map { String(String.UnicodeScalarView($0)) }
    }

    @Test func nothingOfABlockedSentenceIsShownHoweverItComes() async {
        let guards = GuardrailSet(output: [GuardrailRule(WordGuardrail())])
        for place in 0...answer.unicodeScalars.count {
            let (log, _, error) = await run(.text(pieces(answer, cutAt: place)), guards)
            #expect(log.text == "One is fine. Two is fine \"too\". ")
            #expect(error?.code == .guardrail)
            #expect(error?.message.contains("32 characters of it were shown before") == true)
        }
        let (log, _, _) = await run(.text(answer.map { String($0) }), guards)
        #expect(log.text == "One is fine. Two is fine \"too\". ")
    }

    @Test func eachSentenceIsJudgedWithWhatCameBefore() async {
        let guardrail = WordGuardrail(word: "Three is a bad", action: .replace)
        let (log, result, _) = await run(
            .text(answer.map { String($0) }), GuardrailSet(output: [GuardrailRule(guardrail)]))
        #expect(log.text == answer.replacing("Three is a bad", with: "good"))
        #expect(result?.text == log.text)
        #expect(result?.messages.last?.text == log.text)
        #expect(guardrail.asked.texts.count == 4)
        #expect(guardrail.asked.subjects[3].before == "One is fine. Two is fine \"too\". good one. ")
    }

    @Test(arguments: [
        (GuardrailSet.Delay.sentences(1), "One is fine. Two is fine \"too\". "), (.sentences(2), "One is fine. "),
        (.sentences(3), ""), (.whole, ""),
    ])
    func theDelayKeepsBackMore(delay: GuardrailSet.Delay, shown: String) async {
        let guards = GuardrailSet(output: [GuardrailRule(WordGuardrail())], delay: delay)
        let blocked = await run(.text(answer.map { String($0) }), guards)
        #expect(blocked.log.text == shown)
        let fine = await run(.text("All is fine. So it is. The end.".map { String($0) }), guards)
        #expect(fine.log.text == "All is fine. So it is. The end.")
    }

    /// Who sets the delay to 0 wants text at once, and is told what was shown too early.
    @Test func withoutDelayTextIsShownBeforeItIsJudged() async {
        let guards = GuardrailSet(output: [GuardrailRule(WordGuardrail())], delay: .sentences(0))
        let (log, _, error) = await run(.text(answer.map { String($0) }), guards)
        #expect(log.text == "One is fine. Two is fine \"too\". Three is a bad one. ")
        #expect(error?.message.contains("52 characters of it were shown before") == true)
    }

    @Test func oneRuleForTheWholeHoldsAllBack() async {
        let whole = WordGuardrail(word: "absent", judgesSentences: false)
        let early = WordGuardrail(word: "absent")
        let guards = GuardrailSet(output: [GuardrailRule(whole), GuardrailRule(early)])
        let (log, result, _) = await run(.text(answer.map { String($0) }), guards)
        #expect(result?.text == answer)
        #expect(whole.asked.texts == [answer])
        #expect(early.asked.texts.count == 4)
        let texts = log.events.filter { if case .text = $0 { true } else { false } }
        #expect(texts.count == 1)
    }

    @Test func anAnswerThatIsNotStreamedIsJudgedAsOne() async {
        let guardrail = WordGuardrail()
        let (log, _, error) = await run(
            .text(answer), GuardrailSet(output: [GuardrailRule(guardrail)]), streams: false)
        #expect(guardrail.asked.texts == [answer])
        #expect(log.text.isEmpty)
        #expect(error?.message.contains("nothing of it was shown") == true)
    }

    @Test func structuredOutputIsJudgedAsOneAndHeldToItsSchemaAfterwards() async throws {
        let schema = try JSONSchema(["type": "object", "required": ["a"]])
        let guardrail = WordGuardrail(action: .replace)
        let guards = GuardrailSet(output: [GuardrailRule(guardrail)])
        let json = #"{"a": "One is bad. Two is fine."}"#
        let (log, result, _) = await run(
            .text(json.map { String($0) }), guards, output: .schema(schema, name: "o"))
        #expect(guardrail.asked.texts == [json])
        #expect(result?.output == ["a": "One is good. Two is fine."])
        #expect(log.text == #"{"a": "One is good. Two is fine."}"#)
    }

    @Test func whatTheModelThinksIsJudgedWhenItIsWhole() async {
        let message = Message(role: .assistant, content: [.thinking("a bad thought", raw: nil), .text("fine words")])
        let guards = GuardrailSet(output: [GuardrailRule(WordGuardrail(action: .replace))])
        let (log, result, _) = await run(.response(ModelResponse(message: message)), guards)
        #expect(result?.messages.last?.content == [.thinking("a good thought", raw: nil), .text("fine words")])
        let thoughts = log.events.filter { if case .thinking = $0 { true } else { false } }
        #expect(thoughts.isEmpty)
    }

    @Test func whatWasPaidForIsCountedWhenItIsBlocked() async {
        let guards = GuardrailSet(output: [GuardrailRule(WordGuardrail(judgesSentences: false))])
        let (_, _, error) = await run(.text(answer), guards)
        #expect(error?.usage.totalTokens == 15)
    }
}
