// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// Asks guardrails, one after another, and acts on what they say.
struct GuardrailGate: Sendable {
    let rules: GuardrailSet
    let clock: any Clock<Duration>
    let report: Runner.Report

    /// Judges `subjects` by the rules of their stage.
    ///
    /// - Returns: the texts in the words in which they may go on.
    /// - Throws: ``RunError`` with ``RunError/Code/guardrail``, whose cause is a ``GuardrailReport``.
    func pass(_ subjects: [GuardrailSubject]) async throws -> [String] {
        guard let stage = subjects.first?.stage else { return [] }
        return try await pass(subjects, by: rules[stage])
    }

    /// The same by other rules.
    ///
    /// - Parameter shownCharacters: how much of an answer has been shown.
    func pass(
        _ subjects: [GuardrailSubject], by rules: [GuardrailRule], shownCharacters: Int? = nil
    ) async throws -> [String] {
        var subjects = subjects
        for rule in rules { try await check(rule, &subjects, shownCharacters) }
        return subjects.map(\.text)
    }

    /// Judges `subjects` by one rule, and puts in place of a text what is to stand there.
    func check(_ rule: GuardrailRule, _ subjects: inout [GuardrailSubject], _ shownCharacters: Int? = nil) async throws
    {
        guard !subjects.isEmpty else { return }
        let verdicts: [GuardrailVerdict]
        do {
            verdicts = try await self.verdicts(of: rule, on: subjects)
        } catch let error as JournalError {
            throw error
        } catch {
            try Task.checkCancellation()
            if error is CancellationError, JournalScope.current?.isStopped == true { throw error }
            // Which text took too long would cost as much again; who miscounts verdicts is not to be trusted with fewer.
            let isOver = (error is DeadlineError || error is UnusableVerdicts) && !rule.failsOpen
            guard subjects.count > 1, !isOver else { return try await fail(rule, subjects[0], error, shownCharacters) }
            return try await checkEach(rule, &subjects, shownCharacters)
        }
        for (place, verdict) in verdicts.enumerated() {
            if let text = try await act(on: verdict, rule, subjects[place], shownCharacters) {
                subjects[place].text = text
            }
        }
    }

    /// What cannot be judged must not take with it the verdicts on others that came in the same batch.
    private func checkEach(
        _ rule: GuardrailRule, _ subjects: inout [GuardrailSubject], _ shownCharacters: Int?
    ) async throws {
        for place in subjects.indices {
            var one = [subjects[place]]
            try await check(rule, &one, shownCharacters)
            subjects[place] = one[0]
        }
    }

    private func verdicts(of rule: GuardrailRule, on subjects: [GuardrailSubject]) async throws -> [GuardrailVerdict] {
        let verdicts = try await recorded(rule, subjects) { isBounded in
            try await withDeadline(isBounded ? rule.timeout : nil, clock: clock) {
                try await rule.guardrail.check(subjects)
            }
        }
        guard verdicts.count == subjects.count else {
            throw UnusableVerdicts(expected: subjects.count, found: verdicts.count)
        }
        return verdicts
    }

    /// Lets a journal keep what nobody can compute again.
    private func recorded(
        _ rule: GuardrailRule, _ subjects: [GuardrailSubject],
        _ ask: (_ isBounded: Bool) async throws -> [GuardrailVerdict]
    ) async throws -> [GuardrailVerdict] {
        guard let scope = JournalScope.current else { return try await ask(true) }
        let step = JournalStep(
            "guardrail", name: rule.guardrail.name,
            request: [
                "stage": .string(subjects[0].stage.rawValue), "texts": .array(subjects.map { .string($0.text) }),
            ])
        // What can be judged again is, up to where it took too long.
        if rule.guardrail.isReplayable { return try await scope.bounded(step, ask) }
        return try await scope.perform(step, .guardrail) { try await ask(true) }
    }

    /// - Returns: what is to stand in place of the text, if something is.
    private func act(
        on verdict: GuardrailVerdict, _ rule: GuardrailRule, _ subject: GuardrailSubject, _ shownCharacters: Int?
    ) async throws -> String? {
        switch verdict {
        case .pass: return nil
        case .flag(let finding):
            try await report(.guardrail(GuardrailReport(.flagged, finding, rule, subject)))
            return nil
        case .replace(let text, let finding) where !(rule.isParallel && subject.stage == .input):
            try await report(.guardrail(GuardrailReport(.replaced, finding, rule, subject)))
            return text
        case .replace(_, let finding), .block(let finding):
            throw await block(GuardrailReport(.blocked, finding, rule, subject, shownCharacters))
        }
    }

    /// The rule could not be asked, or gave no verdict.
    private func fail(
        _ rule: GuardrailRule, _ subject: GuardrailSubject, _ error: any Error, _ shownCharacters: Int?
    ) async throws {
        let why = error is DeadlineError ? "it took longer than \(rule.timeout)" : "\(error)"
        let finding = GuardrailFinding("it could not judge: \(why)")
        guard rule.failsOpen else {
            throw await block(
                GuardrailReport(.blocked, finding, rule, subject, shownCharacters, isFailure: true))
        }
        try await report(.guardrail(GuardrailReport(.unchecked, finding, rule, subject, isFailure: true)))
    }

    private func block(_ blocked: GuardrailReport) async -> RunError {
        // Whoever reads the events may have gone; the block stands.
        try? await report(.guardrail(blocked))
        return RunError(.guardrail, blocked.description, cause: blocked)
    }
}

extension GuardrailReport {
    fileprivate init(
        _ outcome: Outcome, _ finding: GuardrailFinding, _ rule: GuardrailRule, _ subject: GuardrailSubject,
        _ shownCharacters: Int? = nil, isFailure: Bool = false
    ) {
        self.init(
            stage: subject.stage, guardrail: rule.guardrail.name, outcome: outcome, finding: finding,
            owner: rule.owner, isFailure: isFailure, tool: subject.toolCall?.name,
            text: rule.showsText ? subject.text : nil, shownCharacters: shownCharacters)
    }
}

/// A guardrail that gave another number of verdicts than it was asked for.
private struct UnusableVerdicts: Error, CustomStringConvertible {
    let expected: Int
    let found: Int
    var description: String { "expected \(expected) verdicts, found \(found)" }
}
