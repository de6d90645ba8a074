// SPDX-License-Identifier: Apache-2.0

/// A closure as a guardrail.
public struct FunctionGuardrail: Guardrail {
    public let name: String
    public let judgesSentences: Bool
    private let body: @Sendable (GuardrailSubject) async throws -> GuardrailVerdict

    /// - Parameters:
    ///   - judgesSentences: false when an answer can only be judged as a whole; it is then held back until its end.
    ///   - body: honours cancellation, which comes when its time is up.
    public init(
        name: String, judgesSentences: Bool = true,
        _ body: @escaping @Sendable (GuardrailSubject) async throws -> GuardrailVerdict
    ) {
        self.name = name
        self.judgesSentences = judgesSentences
        self.body = body
    }

    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { try await body(subject) }
}
