// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Finds personal data by its forms: check digits, lengths and ranges count, and for what has none the words before it.
///
/// Names, street addresses and what a text tells between its lines are not found; docs/guardrails-ready.md has figures. Time is
/// proportional to the text. Of a streamed answer each sentence is judged with the 256 bytes before it.
public struct PersonalDataGuardrail: Guardrail {
    public var isReplayable: Bool { true }
    public let name: String
    /// What is looked for. By default every kind.
    public let kinds: Set<PersonalDataKind>
    /// What becomes of a find. ``GuardrailAction/replace``, the default, puts the kind in its place: `[email]`. JSON stays JSON.
    public let action: GuardrailAction
    private let judge: PatternJudge<PersonalDataFinder>

    public init(
        kinds: Set<PersonalDataKind> = Set(PersonalDataKind.allCases), action: GuardrailAction = .replace,
        name: String = "pii"
    ) {
        self.name = name
        self.kinds = kinds
        self.action = action
        judge = PatternJudge(finder: PersonalDataFinder(kinds), action: action)
    }

    /// - Throws: ``PatternGuardrailError`` when finds cannot be replaced.
    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict { try judge.verdict(subject) }

    /// The finds in `text`: bytes of its UTF-8, in order and apart.
    package func finds(in text: String) -> [(kind: PersonalDataKind, range: Range<Int>)] {
        judge.finder.finds(in: text).map { ($0.kind, $0.range) }
    }
}
