// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Finds secrets by the forms that services publish, and by the names that they are assigned to.
///
/// The secrets that the host itself was given are found by ``/AgentCore/SecretRedactor``, whatever they look like; this finds those
/// that it has never seen. Time is proportional to the text. Of a streamed answer each sentence is judged with the 16 KiB before it, so
/// that a key of many lines is found to its end.
public struct SecretsGuardrail: Guardrail {
    public var isReplayable: Bool { true }
    public let name: String
    /// What is looked for. By default every kind.
    public let kinds: Set<SecretKind>
    /// What becomes of a find. ``GuardrailAction/replace``, the default, puts the kind in its place: `[secret:github_token]`. JSON
    /// stays JSON.
    public let action: GuardrailAction
    private let judge: PatternJudge<SecretFinder>

    public init(
        kinds: Set<SecretKind> = Set(SecretKind.allCases), action: GuardrailAction = .replace, name: String = "secrets"
    ) {
        self.name = name
        self.kinds = kinds
        self.action = action
        judge = PatternJudge(finder: SecretFinder(kinds), action: action)
    }

    /// - Throws: ``PatternGuardrailError`` when finds cannot be replaced.
    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { try judge.verdict(subject) }

    /// The finds in `text`: bytes of its UTF-8, in order and apart.
    package func finds(in text: String) -> [(kind: SecretKind, range: Range<Int>)] {
        judge.finder.finds(in: text).map { ($0.kind, $0.range) }
    }
}
