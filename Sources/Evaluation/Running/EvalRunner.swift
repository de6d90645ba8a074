// SPDX-License-Identifier: Apache-2.0

import AgentCore

/// Runs cases, several at a time, and holds the answers to their checks.
public struct EvalRunner: Sendable {
    private let subject: any EvalSubject
    private let judge: RubricJudge?
    private let clock: any Clock<Duration>

    /// - Parameter judge: for checks that a model judges; without one those cases cannot be judged.
    public init(_ subject: any EvalSubject, judge: RubricJudge? = nil, clock: any Clock<Duration> = ContinuousClock()) {
        self.subject = subject
        self.judge = judge
        self.clock = clock
    }

    /// Runs all tries. Cancelling the task ends those under way; what was judged until then is returned.
    ///
    /// - Parameters:
    ///   - trials: how often each case is tried.
    ///   - width: tries under way at the same time, 1 or more.
    ///   - onTrial: is told of each as it ends, with how many have ended.
    /// - Returns: the tries in the order of the cases, whatever the order they ended in.
    public func run(
        _ cases: [EvalCase], trials: [Int], width: Int,
        onTrial: @escaping @Sendable (EvalTrial, Int) -> Void = { _, _ in }
    ) async -> [EvalTrial] {
        let plan = zip(cases.indices, trials).flatMap { index, count in (0..<count).map { (index, $0) } }
        var done: [EvalTrial] = []
        await withTaskGroup(of: EvalTrial?.self) { group in
            var rest = plan[...]
            for _ in 0..<max(1, width) { add(&rest, cases, &group) }
            while let trial = await group.next() {
                if let trial {
                    done.append(trial)
                    onTrial(trial, done.count)
                }
                add(&rest, cases, &group)
            }
        }
        return done.sorted { ($0.caseIndex, $0.number) < ($1.caseIndex, $1.number) }
    }

    private func add(_ rest: inout ArraySlice<(Int, Int)>, _ cases: [EvalCase], _ group: inout TaskGroup<EvalTrial?>) {
        guard !Task.isCancelled, let (index, number) = rest.popFirst() else { return }
        let question = cases[index]
        group.addTask { await run(question, index, number) }
    }

    /// - Returns: `nil` when the task was cancelled before the end.
    private func run(_ question: EvalCase, _ index: Int, _ number: Int) async -> EvalTrial? {
        var trial = EvalTrial(caseIndex: index, number: number)
        do {
            var answer = try await timed { try await subject.answer(question, trial: number) }
            if subject is RecordedSubject { answer.seconds = nil }
            trial.answer = answer
            for check in question.checks { trial.grades.append(try await grade(check, answer, question, &trial)) }
        } catch {
            if error is CancellationError || Task.isCancelled { return nil }
            trial.failure = EvalFailure(error)
        }
        return trial
    }

    private func timed(_ body: () async throws -> EvalAnswer) async throws -> EvalAnswer {
        var answer: EvalAnswer?
        let time = try await clock.measure { answer = try await body() }
        answer?.seconds = time / .seconds(1)
        guard let answer else { throw EvalFailure(.host, "no answer") }
        return answer
    }

    private func grade(_ check: EvalCheck, _ answer: EvalAnswer, _ question: EvalCase, _ trial: inout EvalTrial)
        async throws -> EvalGrade
    {
        if let grade = check.grade(answer) { return grade }
        guard case .judge(let rubric) = check.kind, let judge else {
            throw EvalFailure(.judge, "there is no judge")
        }
        if let invalid = answer.invalid {
            return EvalGrade(check.name, passed: false, isAdvisory: check.isAdvisory, reason: invalid)
        }
        let verdict = try await judge.judge(answer, of: question, by: rubric)
        trial.judgeUsage += verdict.usage
        trial.judgeCost = trial.judgeCost.flatMap { sum in verdict.cost.map { sum + $0 } }
        return EvalGrade(
            check.name, passed: verdict.passed, isAdvisory: check.isAdvisory,
            reason: "\(verdict.verdict): \(verdict.reason)")
    }
}
