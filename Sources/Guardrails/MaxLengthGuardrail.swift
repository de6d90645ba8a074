// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Finds texts that are too long.
public struct MaxLengthGuardrail: Guardrail {
    public var isReplayable: Bool { true }
    public let name: String
    /// Characters (extended grapheme clusters) that are let pass, 0 or more; of a streamed answer all of it counts.
    public let characters: Int
    /// What becomes of a longer text. ``GuardrailAction/replace`` keeps what fits.
    public let action: GuardrailAction

    public init(characters: Int, action: GuardrailAction = .block, name: String = "max_length") {
        self.name = name
        self.characters = max(0, characters)
        self.action = action
    }

    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        // Bytes are no fewer than characters, and are counted already.
        if subject.before.utf8.count + subject.text.utf8.count <= characters { return .pass }
        let shown = subject.before.count
        let length = shown + subject.text.count
        guard length > characters else { return .pass }
        let finding = GuardrailFinding("\(length) characters, of at most \(characters)", category: "max_length")
        return action.verdict(finding, replacement: String(subject.text.prefix(max(0, characters - shown))))
    }
}
