// SPDX-License-Identifier: Apache-2.0

public import AgentCore

/// Finds text that speaks to the model instead of being its data: in results of tools, documents and input.
///
/// These are heuristics: signals with weights, of seven languages and of the ways to hide them. They find the plain attempts, and
/// somebody who knows them can write around them; docs/guardrails-ready.md has figures. What keeps an agent from harm are the
/// grants and approvals of its tools.
public struct PromptInjectionGuardrail: Guardrail {
    public var isReplayable: Bool { true }
    /// What is found, strongest first as the category of a finding.
    public enum Signal: String, Sendable, CaseIterable {
        /// Asks to drop what was said before: "ignore all previous instructions".
        case override
        /// Gives the model another role: "you are now …".
        case role
        /// Asks for the instructions of the system.
        case systemPrompt = "system_prompt"
        /// Marks of chat templates, and lines that pretend to be another speaker's.
        case markers
        /// Asks to keep something from the user.
        case concealment
        /// Speaks to a model by name and tells it what it must do.
        case addressed
        /// Asks to send the conversation or secrets somewhere.
        case exfiltration
        /// Text that people do not see: tag characters, zero-width ones, comments, hidden styles.
        case hiddenText = "hidden_text"
        /// One of the others in base64 or rot13.
        case encoded
    }

    public static let defaultThreshold = 0.5

    public let name: String
    /// The score from which on a text is found, 0…1. By default 0.5: a plain sentence of one kind, or two weak signs.
    public let threshold: Double
    /// What becomes of a text. ``GuardrailAction/replace``, the default, puts a sentence for the model in the place of all of it.
    public let action: GuardrailAction

    public init(
        threshold: Double = defaultThreshold, action: GuardrailAction = .replace, name: String = "prompt_injection"
    ) {
        self.name = name
        self.threshold = min(max(threshold, 0), 1)
        self.action = action
    }

    /// Signs add up over the whole text.
    public var judgesSentences: Bool { false }

    public func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict {
        let score = InjectionScore(of: subject.before + subject.text)
        guard let strongest = score.strongest, score.total >= threshold else { return .pass }
        let others = score.signals.filter { $0 != strongest }.map(\.rawValue)
        let finding = GuardrailFinding(
            "text that gives the model instructions: \(([strongest.rawValue] + others).joined(separator: ", "))",
            category: strongest.rawValue, score: score.total, threshold: threshold)
        return action.verdict(finding, replacement: Self.withheld(strongest, subject.stage))
    }

    private static func withheld(_ signal: Signal, _ stage: GuardrailStage) -> String {
        let what =
            switch stage {
            case .toolResult: "result of this tool"
            case .toolCall: "call"
            case .input: "message"
            case .output: "answer"
            }
        // A call's arguments stay JSON.
        let words = "[The \(what) was withheld: it holds text that tries to direct the model (\(signal.rawValue)).]"
        return stage == .toolCall ? "{\"withheld\":\"\(words)\"}" : words
    }
}
