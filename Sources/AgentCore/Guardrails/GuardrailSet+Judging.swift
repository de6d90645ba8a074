// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What guardrails make of a text outside of a run.
public struct GuardrailJudgement: Sendable, Equatable {
    /// The text in the words in which it may go on; `nil` when it was blocked.
    public var text: String?
    /// What was found, in order.
    public var reports: [GuardrailReport]
}

extension GuardrailSet {
    /// Judges a text by the rules of its stage as a run does, without one.
    ///
    /// - Throws: `CancellationError`. What a rule cannot judge is in the reports, blocked or unchecked as the rule says.
    public func judge(
        _ subject: GuardrailSubject, clock: any Clock<Duration> = ContinuousClock()
    ) async throws -> GuardrailJudgement {
        let reports = Mutex<[GuardrailReport]>([])
        let gate = GuardrailGate(rules: self, clock: clock) { event in
            if case .guardrail(let report) = event { reports.withLock { $0.append(report) } }
        }
        do {
            let text = try await gate.pass([subject]).first
            return GuardrailJudgement(text: text, reports: reports.withLock(\.self))
        } catch let error as RunError where error.code == .guardrail {
            return GuardrailJudgement(text: nil, reports: reports.withLock(\.self))
        }
    }
}
