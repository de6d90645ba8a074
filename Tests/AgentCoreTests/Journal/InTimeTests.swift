// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import Testing

/// What was in time when it was recorded is replayed in full by a machine that is slower.
@Suite struct InTimeTests {
    /// A guardrail that takes longer than anybody has, on a clock that somebody moves.
    private struct SlowGuardrail: Guardrail {
        let name = "slow"
        let isReplayable = true
        let clock: ManualClock
        let time: Duration

        func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
            // Whoever measures the time begins first, and says first that it is up.
            for _ in 0..<1000 { await Task.yield() }
            clock.advance(by: time)
            for _ in 0..<1000 { await Task.yield() }
            try Task.checkCancellation()
            return .replace(subject.text.uppercased(), GuardrailFinding("small letters"))
        }
    }

    /// A run whose guardrail takes `time`.
    private func run(_ recorder: RunRecorder, taking time: Duration, _ limits: RunLimits) async throws -> String {
        let clock = ManualClock()
        var agent = Agent(model: ScriptedModel(recorder.mode == .replay ? [] : [.text("hi")]), clock: clock)
        agent.limits = limits
        agent.guardrails = GuardrailSet(
            output: [GuardrailRule(SlowGuardrail(clock: clock, time: time), timeout: .seconds(10))])
        let ready = agent
        return try await recorder.root().run { try await ready.run("hello").text }
    }

    private func replayed(_ limits: RunLimits) async throws -> (first: String, again: String) {
        let journal = MemoryJournal(RunInfo(id: "a"))
        let first = try await run(RunRecorder(RunInfo(id: "a"), journal: journal), taking: .zero, limits)
        let recorder = RunRecorder(
            RunInfo(id: "a"), journal: journal, recording: journal.recorded, mode: .replay)
        let again = try await run(recorder, taking: .seconds(100), limits)
        try recorder.checkComplete()
        return (first, again)
    }

    @Test func aGuardrailMayTakeItsTime() async throws {
        let (first, again) = try await replayed(RunLimits())
        #expect(first == "HI")
        #expect(again == first)
    }

    @Test func aRunMayTakeItsTime() async throws {
        let (first, again) = try await replayed(RunLimits(time: .seconds(50)))
        #expect(first == "HI")
        #expect(again == first)
    }

    /// An answer that held a secret is asked again in a resumed run, and what is made of it is new.
    @Test(arguments: [RunLimits(), RunLimits(time: .seconds(50))])
    func whatIsAskedAgainHasItsLimits(limits: RunLimits) async throws {
        let journal = MemoryJournal(RunInfo(id: "a"))
        _ = try await run(RunRecorder(RunInfo(id: "a"), journal: journal), taking: .zero, limits)
        var known = journal.recorded
        let model = try #require(known.records.firstIndex { $0.operation == "model" })
        known.records[model].outcome?.isRedacted = true
        let recorder = RunRecorder(RunInfo(id: "a"), journal: journal, recording: known, mode: .resume)
        await #expect(throws: JournalError.self) { try await run(recorder, taking: .seconds(100), limits) }
    }
}
