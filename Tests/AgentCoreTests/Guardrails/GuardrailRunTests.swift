// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import Synchronization
import Testing

/// Sees what a run shows.
final class EventLog: Sendable {
    private let log = Mutex<[RunEvent]>([])
    func note(_ event: RunEvent) { log.withLock { $0.append(event) } }
    var events: [RunEvent] { log.withLock { $0 } }
    var text: String { events.reduce(into: "") { if case .text(let piece) = $1 { $0 += piece } } }
    var reports: [GuardrailReport] {
        events.compactMap { if case .guardrail(let report) = $0 { report } else { nil } }
    }
    var calls: [ToolCall] { events.compactMap { if case .toolCall(let call) = $0 { call } else { nil } } }
}

/// Blocks texts that hold `word`, and keeps what it was asked.
struct WordGuardrail: Guardrail {
    let name = "word"
    var word = "bad"
    var judgesSentences = true
    var action = GuardrailAction.block
    let asked = Asked()

    final class Asked: Sendable {
        private let list = Mutex<[GuardrailSubject]>([])
        func note(_ subject: GuardrailSubject) { list.withLock { $0.append(subject) } }
        var subjects: [GuardrailSubject] { list.withLock { $0 } }
        var texts: [String] { subjects.map(\.text) }
    }

    func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        asked.note(subject)
        guard subject.text.contains(word) else { return .pass }
        let finding = GuardrailFinding("it has the word", category: "words", score: 0.9, threshold: 0.5)
        return action.verdict(finding, replacement: subject.text.replacing(word, with: "good"))
    }
}

@Suite struct GuardrailRunTests {
    private func run(
        _ agent: Agent, _ messages: [Message] = [.user("hi")], streams: Bool = true
    ) async -> (log: EventLog, result: RunResult?, error: RunError?) {
        let log = EventLog()
        do {
            return (log, try await agent.run(messages, streams: streams) { log.note($0) }, nil)
        } catch {
            return (log, nil, error as? RunError)
        }
    }

    // MARK: - Input

    @Test func blockedInputNeverReachesTheModel() async {
        let model = ScriptedModel([.text("never")])
        let guards = GuardrailSet(input: [GuardrailRule(WordGuardrail(), owner: "policy p.lua")])
        let (log, _, error) = await run(Agent(model: model, guardrails: guards), [.user("a bad thing")])
        #expect(model.requests.isEmpty)
        #expect(error?.code == .guardrail)
        #expect(
            error?.message
                == "the input was blocked by the guardrail \"word\" (category words, score 0.9, threshold 0.5, a rule of policy "
                + "p.lua): it has the word")
        #expect(log.reports.map(\.outcome) == [.blocked])
        #expect(log.reports[0].text == nil)
        #expect(error?.cause as? GuardrailReport == log.reports[0])
    }

    @Test func replacedInputIsWhatTheModelAndTheTranscriptSee() async {
        let model = ScriptedModel([.text("ok")])
        let guards = GuardrailSet(input: [GuardrailRule(WordGuardrail(action: .replace), showsText: true)])
        let (log, result, _) = await run(Agent(model: model, guardrails: guards), [.user("a bad thing")])
        #expect(model.requests[0].messages.map(\.text) == ["a good thing"])
        #expect(result?.messages.map(\.text) == ["a good thing", "ok"])
        #expect(result?.guardrails == log.reports)
        #expect(log.reports[0].text == "a bad thing")
    }

    @Test func judgesWhatIsNewUnlessTheRuleSaysAll() async {
        let history: [Message] = [.user("one bad"), .assistant("bad answer"), .user("two"), .user("three")]
        let (new, all) = (WordGuardrail(), WordGuardrail(word: "never said"))
        let guards = GuardrailSet(input: [GuardrailRule(new), GuardrailRule(all, judgesHistory: true)])
        let (_, result, _) = await run(Agent(model: ScriptedModel([.text("ok")]), guardrails: guards), history)
        #expect(result?.text == "ok")
        #expect(new.asked.texts == ["two", "three"])
        #expect(all.asked.texts == ["one bad", "bad answer", "two", "three"])
        #expect(new.asked.subjects[1].conversation == Array(history[..<3]))
    }

    @Test func laterRulesSeeWhatEarlierOnesLetPass() async {
        let second = WordGuardrail(word: "good", action: .flag)
        let guards = GuardrailSet(input: [
            GuardrailRule(WordGuardrail(action: .replace)), GuardrailRule(second, owner: "task.lua"),
        ])
        let model = ScriptedModel([.text("ok")])
        let (log, _, _) = await run(Agent(model: model, guardrails: guards), [.user("bad")])
        #expect(second.asked.texts == ["good"])
        #expect(log.reports.map(\.outcome) == [.replaced, .flagged])
        #expect(log.reports[1].owner == "task.lua")
    }

    // MARK: - Parallel input

    @Test func parallelInputShowsNothingBeforeItsVerdict() async {
        let asked = AsyncStream<Void>.makeStream()
        let answered = Mutex(false)
        let guardrail = FunctionGuardrail(name: "slow") { _ in
            for await _ in asked.stream { break }
            answered.withLock { $0 = true }
            return .pass
        }
        let model = ScriptedModel([.text(["Hello. ", "Dear you. "])])
        let agent = Agent(
            model: model, guardrails: GuardrailSet(input: [GuardrailRule(guardrail, isParallel: true)]))
        let shownEarly = Mutex(false)
        let result = try? await agent.run([.user("hi")]) { event in
            if case .turn = event { asked.continuation.yield() }
            if case .text = event, !answered.withLock({ $0 }) { shownEarly.withLock { $0 = true } }
        }
        #expect(result?.text == "Hello. Dear you. ")
        #expect(!shownEarly.withLock { $0 })
        #expect(model.requests.count == 1)
    }

    @Test func parallelBlockEndsACallThatHangs() async {
        let model = ScriptedModel([.hang(after: ["Secret words here. ", "More of them. "])])
        let began = AsyncStream<Void>.makeStream()
        let guardrail = FunctionGuardrail(name: "slow") { _ in
            for await _ in began.stream { break }
            return .replace("other", GuardrailFinding("found"))
        }
        let log = EventLog()
        let agent = Agent(
            model: model, guardrails: GuardrailSet(input: [GuardrailRule(guardrail, isParallel: true)]))
        await #expect(throws: RunError.self) {
            try await agent.run([.user("hi")]) { event in
                log.note(event)
                if case .turn = event { began.continuation.yield() }
            }
        }
        #expect(log.text.isEmpty)
        #expect(log.reports.map(\.outcome) == [.blocked])
    }

    @Test func parallelBlockKeepsToolsFromRunning() async {
        let spy = ToolSpy("act")
        let model = ScriptedModel([.call("act"), .text("done")])
        let began = AsyncStream<Void>.makeStream()
        let guardrail = FunctionGuardrail(name: "slow") { _ in
            for await _ in began.stream { break }
            return .block(GuardrailFinding("found"))
        }
        let agent = Agent(
            model: model, tools: [spy], guardrails: GuardrailSet(input: [GuardrailRule(guardrail, isParallel: true)]))
        let failure = await #expect(throws: RunError.self) {
            try await agent.run([.user("hi")]) { event in
                if case .turn = event { began.continuation.yield() }
            }
        }
        #expect(failure?.code == .guardrail)
        #expect(spy.calls.isEmpty)
    }

    // MARK: - Tools

    @Test func blockedCallsAreNeitherShownNorRun() async {
        let spy = ToolSpy("act")
        let model = ScriptedModel([.call("act", #"{"x":"bad"}"#), .text("done")])
        let guardrail = WordGuardrail()
        let guards = GuardrailSet(toolCall: [GuardrailRule(guardrail)])
        let (log, _, error) = await run(Agent(model: model, tools: [spy], guardrails: guards))
        #expect(error?.message.hasPrefix("a call of the tool \"act\" was blocked") == true)
        #expect(spy.calls.isEmpty && log.calls.isEmpty)
        #expect(guardrail.asked.subjects[0].toolCall?.name == "act")
        #expect(error?.usage.totalTokens == 15)
    }

    @Test func replacedArgumentsAreWhatRuns() async {
        let spy = ToolSpy("act")
        let model = ScriptedModel([.call("act", #"{"x":"bad"}"#), .text("done")])
        let guards = GuardrailSet(toolCall: [GuardrailRule(WordGuardrail(action: .replace))])
        let (log, result, _) = await run(Agent(model: model, tools: [spy], guardrails: guards))
        #expect(spy.calls == [["x": "good"]])
        #expect(log.calls.map(\.arguments) == [#"{"x":"good"}"#])
        #expect(result?.messages[1].toolCalls[0].arguments == #"{"x":"good"}"#)
    }

    @Test func resultsAreJudgedBeforeTheModelAndAnybodySeesThem() async {
        let spy = ToolSpy("act") { _ in .text("a bad result") }
        let model = ScriptedModel([
            .calls([ToolCall(id: "", name: "act", arguments: "{}"), ToolCall(id: "", name: "act", arguments: "{}")]),
            .text("done"),
        ])
        let guardrail = WordGuardrail(action: .replace)
        let guards = GuardrailSet(toolResult: [GuardrailRule(guardrail)])
        let (log, result, _) = await run(Agent(model: model, tools: [spy], guardrails: guards))
        #expect(result?.toolCalls.map(\.result.content) == ["a good result", "a good result"])
        #expect(
            model.requests[1].messages.filter { $0.role == .tool }.map(\.text) == ["a good result", "a good result"])
        let shown = log.events.compactMap { if case .toolResult(let result) = $0 { result.content } else { nil } }
        #expect(shown == ["a good result", "a good result"])
        #expect(guardrail.asked.subjects[0].toolCall?.name == "act")
    }

    // MARK: - Failures

    struct Broken: Error, CustomStringConvertible { let description = "the service is down" }

    @Test(arguments: GuardrailStage.allCases) func aGuardrailThatCannotJudgeBlocks(stage: GuardrailStage) async {
        var guards = GuardrailSet()
        guards[stage] = [GuardrailRule(FunctionGuardrail(name: "broken") { _ in throw Broken() })]
        let model = ScriptedModel([.call("act"), .text("One sentence. Another one.")])
        let agent = Agent(model: model, tools: [ToolSpy("act")], guardrails: guards)
        let (log, _, error) = await run(agent)
        #expect(error?.code == .guardrail)
        #expect(error?.message.hasSuffix("it could not judge: the service is down") == true)
        #expect(log.reports.map(\.isFailure) == [true])
        #expect(log.text.isEmpty)

        guards[stage][0].failsOpen = true
        let again = ScriptedModel([.call("act"), .text("One sentence. Another one.")])
        let open = await run(Agent(model: again, tools: [ToolSpy("act")], guardrails: guards))
        #expect(open.result?.text == "One sentence. Another one.")
        #expect(open.log.reports.allSatisfy { $0.outcome == .unchecked && $0.isFailure } && !open.log.reports.isEmpty)
    }

    @Test func aGuardrailThatTakesTooLongBlocks() async {
        let clock = ManualClock()
        let guardrail = FunctionGuardrail(name: "slow") { _ in
            await clock.someoneSleeps()
            clock.advance(by: .seconds(31))
            try await untilCancelled()
            return .pass
        }
        let model = ScriptedModel([.text("never")])
        let agent = Agent(
            model: model, guardrails: GuardrailSet(input: [GuardrailRule(guardrail)]), clock: clock)
        let (_, _, error) = await run(agent)
        #expect(error?.message.hasSuffix("it could not judge: it took longer than 30.0 seconds") == true)
        #expect(model.requests.isEmpty)
    }

    @Test func aGuardrailWithTooFewVerdictsBlocks() async {
        struct Short: Guardrail {
            let name = "short"
            func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { .pass }
            func check(_ subjects: [GuardrailSubject]) async throws -> [GuardrailVerdict] { [.pass] }
        }
        let agent = Agent(
            model: ScriptedModel([.text("never")]), guardrails: GuardrailSet(input: [GuardrailRule(Short())]))
        let (_, _, error) = await run(agent, [.user("one"), .user("two")])
        #expect(error?.message.hasSuffix("it could not judge: expected 2 verdicts, found 1") == true)
    }

    @Test func cancellingARunIsNotABlock() async {
        let model = ScriptedModel([.text("never")])
        let began = AsyncStream<Void>.makeStream()
        let guardrail = FunctionGuardrail(name: "slow") { _ in
            began.continuation.yield()
            try await untilCancelled()
            return .pass
        }
        let agent = Agent(model: model, guardrails: GuardrailSet(input: [GuardrailRule(guardrail)]))
        let task = Task { try await agent.run("hi") }
        for await _ in began.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

@Suite struct ProviderGuardrailTests {
    @Test func whatTheProviderFoundIsReported() async throws {
        let verdicts: JSONValue = [
            "results": [
                [
                    "name": "moderation_llm_v2", "categories": ["law": true, "pii": false],
                    "category_scores": ["law": 0.8, "pii": 0.1],
                ]
            ]
        ]
        let response = ModelResponse(message: .assistant("ok"), guardrails: verdicts)
        let result = try await Agent(model: ScriptedModel([.response(response)])).run("hi")
        #expect(
            result.guardrails == [
                GuardrailReport(
                    stage: .input, guardrail: "moderation_llm_v2", outcome: .flagged,
                    finding: GuardrailFinding("the provider finds law", category: "law", score: 0.8),
                    owner: "the provider")
            ])
    }

    @Test func aBlockOfTheProviderIsABlock() async {
        let findings = [ProviderFinding(guardrail: "moderation_llm_v2", category: "law", score: 0.8, threshold: 0.2)]
        let refusal = ModelError(.guardrail, "blocked", status: 403, findings: findings)
        let error = await #expect(throws: RunError.self) {
            try await Agent(model: ScriptedModel([.failure(refusal)])).run("hi")
        }
        #expect(error?.code == .guardrail)
        #expect(error?.block?.finding.category == "law" && error?.block?.outcome == .blocked)
        #expect((error?.cause as? ModelError)?.status == 403)
    }

    /// `block_on_error`: the provider could not judge, and blocked.
    @Test func aProviderThatCouldNotJudgeSaysSo() async {
        let refusal = ModelError(.guardrail, "Moderation failed", status: 403, providerCode: "3201")
        let error = await #expect(throws: RunError.self) {
            try await Agent(model: ScriptedModel([.failure(refusal)])).run("hi")
        }
        #expect(error?.block?.isFailure == true)
    }
}
