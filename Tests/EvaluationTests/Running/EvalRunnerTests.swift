// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import Evaluation
import Guardrails
import JSONCore
import Synchronization
import Testing

@Suite struct EvalRunnerTests {
    private func question(_ id: String, _ text: String = "q", _ checks: [EvalCheck] = []) -> EvalCase {
        EvalCase(id: id, input: [.user(text)], checks: checks)
    }

    private func exact(_ text: String) -> EvalCheck { EvalCheck(.exact(text, ignoresCase: false)) }

    /// Answers what a closure says.
    private struct Subject: EvalSubject {
        let name = "subject"
        let answers: @Sendable (EvalCase, Int) async throws -> EvalAnswer
        func answer(_ question: EvalCase, trial: Int) async throws -> EvalAnswer { try await answers(question, trial) }
    }

    @Test func resultsKeepTheOrderOfTheCasesWhateverEndsFirst() async {
        // Each waits for the one behind it: they end from last to first.
        let gates = (0..<4).map { _ in AsyncStream<Never>.makeStream() }
        let subject = Subject { question, _ in
            let number = Int(question.id) ?? 0
            if number + 1 < gates.count { for await _ in gates[number + 1].stream {} }
            gates[number].continuation.finish()
            return EvalAnswer(question.id)
        }
        let order = Mutex<[Int]>([])
        let trials = await EvalRunner(subject).run(
            (0..<4).map { question("\($0)", "q", [exact("\($0)")]) }, trials: [1, 1, 1, 1], width: 4
        ) { trial, _ in order.withLock { $0.append(trial.caseIndex) } }
        #expect(order.withLock(\.self) == [3, 2, 1, 0])
        #expect(trials.map(\.caseIndex) == [0, 1, 2, 3])
        #expect(trials.allSatisfy { $0.outcome == .passed })
    }

    @Test func noMoreThanWidthRunAtOnce() async {
        let running = Mutex((now: 0, most: 0))
        let subject = Subject { _, _ in
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            await Task.yield()
            running.withLock { $0.now -= 1 }
            return EvalAnswer("")
        }
        let cases = (0..<40).map { question("\($0)") }
        let trials = await EvalRunner(subject).run(cases, trials: cases.map { _ in 2 }, width: 3)
        #expect(trials.count == 80)
        #expect(running.withLock(\.most) <= 3)
    }

    @Test func whatWentWrongIsNeitherRightNorWrong() async {
        let subject = Subject { question, _ in
            if question.id == "bad" { throw ModelError(.timeout, "too slow") }
            return EvalAnswer("yes")
        }
        let cases = [question("good", "q", [exact("yes")]), question("bad", "q", [exact("yes")])]
        let trials = await EvalRunner(subject).run(cases, trials: [1, 1], width: 2)
        let report = EvalReport(subject: "s", cases: cases, trials: trials, planned: 2)
        #expect(report.errors == 1 && report.errorsByKind.map(\.kind) == ["timeout"])
        #expect(report.accuracy == Rate(1, of: 1))
        #expect(report.results[1].isRight == nil)
    }

    @Test func cancellingReturnsWhatWasJudged() async {
        let (started, isStarted) = AsyncStream<Never>.makeStream()
        let subject = Subject { question, _ in
            if question.id == "hangs" {
                isStarted.finish()
                try await untilCancelled()
            }
            return EvalAnswer("")
        }
        let cases = [question("quick"), question("hangs"), question("never")]
        let task = Task { await EvalRunner(subject).run(cases, trials: [1, 1, 1], width: 1) }
        for await _ in started {}
        task.cancel()
        let trials = await task.value
        #expect(trials.map(\.caseIndex) == [0])
        #expect(EvalReport(subject: "s", cases: cases, trials: trials, planned: 3).isPartial)
    }

    @Test func anAgentsRunBecomesAnAnswer() async throws {
        let tool = ToolSpy("look")
        let model = ScriptedModel([.call("look", #"{"a":1}"#), .text("done")])
        let subject = AgentSubject(Agent(model: model, tools: [tool]), name: "a")
        let answer = try await subject.answer(question("x"), trial: 0)
        #expect(answer.text == "done")
        #expect(answer.toolCalls.map(\.name) == ["look"])
        #expect(answer.usage.totalTokens == 30)
    }

    @Test func theSeedCountsOnWithEachTry() async throws {
        let model = ScriptedModel([.text("a"), .text("b")])
        let subject = AgentSubject(Agent(model: model), name: "a", seed: 7)
        _ = try await subject.answer(question("x"), trial: 0)
        _ = try await subject.answer(question("x"), trial: 3)
        #expect(model.requests.map(\.options.randomSeed) == [7, 10])
    }

    @Test func anAnswerWithoutItsFormIsWrongAndNoError() async throws {
        let model = ScriptedModel([.text("no"), .text("still no")])
        let cases = [question("x", "q", [EvalCheck(.json(1, pointer: JSONPointer(), isSubset: false))])]
        let agent = Agent(model: model, output: .jsonObject)
        let trials = await EvalRunner(AgentSubject(agent, name: "a")).run(cases, trials: [1], width: 1)
        #expect(trials[0].outcome == .failed && trials[0].answer?.invalid != nil)
    }

    @Test func aRunThatALimitEndedIsNotJudged() async throws {
        let model = ScriptedModel([.call("look"), .text("so far")])
        let tool = ToolSpy("look")
        let agent = Agent(model: model, tools: [tool], limits: RunLimits(turns: 2, toolCalls: 0))
        let trials = await EvalRunner(AgentSubject(agent, name: "a")).run([question("x")], trials: [1], width: 1)
        #expect(trials[0].failure?.kind == .limit, "\(trials)")
    }

    @Test func aBlockByTheProviderIsAnAnswer() async throws {
        let model = ScriptedModel([.failure(ModelError(.guardrail, "blocked: violence"))])
        let answer = try await AgentSubject(Agent(model: model), name: "a").answer(question("x"), trial: 0)
        #expect(answer.blocked == "blocked: violence" && answer.isRefused)
    }
}

extension EvalAnswer {
    fileprivate var isRefused: Bool { blocked != nil }
}

@Suite struct GuardrailRulesTests {
    /// Throws, always.
    private struct Broken: Guardrail {
        let name = "broken"
        func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { throw ModelError(.server, "down") }
    }

    /// Never ends by itself.
    private struct Slow: Guardrail {
        let name = "slow"
        func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
            try await untilCancelled()
            return .pass
        }
    }

    private func verdict(_ rules: [GuardrailRule], _ text: String) async throws -> EvalAnswer {
        try await GuardrailRules(rules, stage: .input, name: "g").answer(
            EvalCase(id: "x", input: [.user(text)]), trial: 0)
    }

    @Test func theStrictestVerdictCounts() async throws {
        let flag = GuardrailRule(MaxLengthGuardrail(characters: 2, action: .flag, name: "flag"))
        let block = GuardrailRule(MaxLengthGuardrail(characters: 4, name: "block"))
        #expect(try await verdict([flag, block], "a").verdict?.action == "pass")
        #expect(try await verdict([flag, block], "abc").verdict?.action == "flag")
        let blocked = try await verdict([flag, block], "abcde").verdict
        #expect(blocked?.action == "block" && blocked?.guardrail == "block" && blocked?.label == .block)
    }

    @Test func theNextGuardrailJudgesWhatTheOneBeforeLetPass() async throws {
        let cut = GuardrailRule(MaxLengthGuardrail(characters: 3, action: .replace, name: "cut"))
        let block = GuardrailRule(MaxLengthGuardrail(characters: 4, name: "block"))
        let answer = try await verdict([cut, block], "abcdefgh")
        #expect(answer.verdict?.action == "replace" && answer.text == "abc")
    }

    @Test func oneThatCannotJudgeIsAnError() async {
        let cases = [EvalCase(id: "x", input: [.user("a")], label: .allow, checks: [EvalCheck(.verdict(.allow))])]
        for rule in [
            GuardrailRule(Broken(), failsOpen: true), GuardrailRule(Slow(), timeout: .milliseconds(1)),
        ] {
            let trials = await EvalRunner(GuardrailRules([rule], stage: .input, name: "g")).run(
                cases, trials: [1], width: 1)
            #expect(trials[0].failure?.kind == .guardrail, "\(trials)")
            #expect(
                trials[0].failure?.message.hasPrefix("the guardrail \"\(rule.guardrail.name)\" could not judge") == true
            )
        }
    }
}
