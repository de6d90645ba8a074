// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Acts on what ``RunStateMachine`` decides: asks the guardrails, calls the model, runs the tools, reports each event.
struct Runner: Sendable {
    let model: any Model
    let executor: ToolExecutor
    let configuration: RunStateMachine.Configuration
    let guardrails: GuardrailSet
    let clock: any Clock<Duration>
    let ledger: UsageLedger?

    typealias Report = @Sendable (RunEvent) async throws -> Void

    /// Runs to the end and reports exactly one terminal event, the last. A run that is recorded is a step of its line.
    ///
    /// - Throws: ``RunError``; `CancellationError` when the task was cancelled; what `report` throws.
    func run(_ input: [Message], report: @escaping Report) async throws -> RunResult {
        guard let scope = JournalScope.current else { return try await runOnce(input, report) }
        let step = JournalStep(
            "agent.run", name: model.name, request: configuration.journalValue, messages: input)
        return try await scope.group(step, .run) { inner in
            let time = RecordedTime(inner)
            if time == .out { inner.recorder.cut(inner.path) }
            return try await runOnce(input, report, time)
        }
    }

    /// What is known of a run's time limit before it begins.
    private enum RecordedTime {
        /// Nothing: the clock decides.
        case open
        /// The run came to its end in time, and comes to it again, however long it takes here.
        case kept
        /// It was out of time, and will be where its records end.
        case out

        init(_ scope: JournalScope) {
            let stopped = scope.recorded?.outcome?.value["stopped"]
            let isOut = stopped == .string(RunLimits.Kind.seconds.rawValue)
            self = isOut ? .out : scope.comesAgain ? .kept : .open
        }
    }

    private func runOnce(
        _ input: [Message], _ report: @escaping Report, _ time: RecordedTime = .open
    ) async throws -> RunResult {
        let progress = RunProgress(configuration, ledger)
        var result: RunResult
        do {
            result = try await withTimeLimit(progress, time) {
                try await guarded(progress, input) { event in
                    if case .guardrail(let found) = event { progress.note(found) }
                    try await report(event)
                }
            }
        } catch {
            let failure = progress.error(for: error)
            try await report(.failed(failure))
            throw error is CancellationError ? error : failure
        }
        result.guardrails = progress.reports
        try await report(.done(result))
        return result
    }

    /// A run that is known to be out of time is cancelled where its records end.
    private func withTimeLimit(
        _ progress: RunProgress, _ time: RecordedTime, _ operation: @escaping @Sendable () async throws -> RunResult
    ) async throws -> RunResult {
        do {
            return try await withDeadline(time == .kept ? nil : configuration.limits.time, clock: clock, operation)
        } catch  where error is DeadlineError || (time == .out && error is CancellationError && !Task.isCancelled) {
            guard case .finish(let result) = progress.timeRanOut() else { throw DeadlineError() }
            return result
        }
    }

    /// Judges the input, then runs; or both at once where the rules allow it.
    private func guarded(
        _ progress: RunProgress, _ input: [Message], _ report: @escaping Report
    ) async throws -> RunResult {
        let gate = GuardrailGate(rules: guardrails, clock: clock, report: report)
        let check = InputCheck(gate: gate)
        progress.begin(with: input)
        let messages = try await check.pass(input)
        guard check.hasParallelRules else {
            return try await drive(progress, messages, gate, InputClearance(isOpen: true))
        }
        let clearance = InputClearance(isOpen: false)
        let beside = JournalScope.current.map { $0.line() }
        return try await withThrowingTaskGroup(of: RunResult?.self) { group in
            group.addTask {
                try await JournalScope.$current.withValue(beside) { try await check.passInParallel(messages) }
                clearance.decide(passes: true)
                return nil
            }
            group.addTask { try await drive(progress, messages, gate, clearance) }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let finished { return finished }
            }
            throw CancellationError()
        }
    }

    /// What was recorded of the next call of the model, where there is a limit of money to decide about it.
    private var admission: RecordedAdmission? {
        guard configuration.limits.usd != nil || ledger?.limit != nil else { return nil }
        return JournalScope.current?.admission
    }

    private func drive(
        _ progress: RunProgress, _ input: [Message], _ gate: GuardrailGate, _ clearance: InputClearance
    ) async throws -> RunResult {
        var action = progress.advance(admission) { $0.start(with: input) }
        while true {
            try Task.checkCancellation()
            switch action {
            case .waitForMoney:
                try await ledger?.change(since: progress.changes)
                action = progress.advance(admission) { $0.tryAgain() }
            case .callModel(let request):
                let response = try await call(request, progress, gate, clearance)
                action = progress.advance(admission) { $0.modelResponded(response) }
                try await gate.report(.usage(progress.usage))
            case .runTools(let calls):
                let results = try await executor.run(calls, turn: progress.turn, gate, after: progress.messages)
                action = progress.advance(admission) { $0.toolsFinished(results) }
            case .finish(let result): return result
            case .fail(let error): throw error
            }
        }
    }

    private func call(
        _ request: ModelRequest, _ progress: RunProgress, _ gate: GuardrailGate, _ clearance: InputClearance
    ) async throws -> ModelResponse {
        let report = gate.report
        try await report(.turn(progress.turn, mayCallTools: !request.tools.isEmpty))
        progress.beginTurn()
        let answer = AnswerCheck(
            gate, clearance, progress.messages, isStructured: configuration.output != nil,
            filled: { executor.filled($0) }
        ) { text, judgement in
            let partial = progress.note(text, judgement)
            if judgement != .late { try await report(.text(text)) }
            if let partial { try await report(.partial(partial)) }
        }
        let response = try await respond(to: request) { event in
            switch event {
            case .text(let piece): try await answer.receive(piece)
            case .thinking(let piece):
                guard answer.showsThinking else { return }
                try await answer.waitForInput()
                try await report(.thinking(piece))
            case .retrying(let attempt, let delay, let reason):
                try await report(.retrying(attempt: attempt, delay: delay, reason: reason))
            case .progress(let text): try await report(.progress(text))
            }
        }
        for finding in response.guardrails.map(ProviderFinding.all) ?? [] {
            try await report(.guardrail(GuardrailReport(finding, .flagged)))
        }
        do {
            return try await answer.finish(response) { progress.hasText }
        } catch {
            progress.answerRefused(response)
            throw error
        }
    }

    private func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        guard let scope = JournalScope.current else { return try await model.respond(to: request, onEvent: onEvent) }
        let (prices, name) = (configuration.prices, configuration.pricingNames.first ?? model.name)
        let cost: @Sendable (ModelResponse) -> Dollars? = { response in
            response.usage.flatMap { prices[response.pricingName ?? name]?.cost(of: $0) }
        }
        return try await scope.respond(model, to: request, cost: cost, onEvent: onEvent)
    }
}
