// SPDX-License-Identifier: Apache-2.0

/// What a guardrail found, or why it could not judge: what a person needs to understand a block.
public struct GuardrailReport: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Outcome: String, Sendable {
        /// It passed, and should be known of.
        case flagged
        case replaced
        case blocked
        /// The guardrail could not judge, and its rule lets pass what was not judged.
        case unchecked
    }

    public var stage: GuardrailStage
    /// The name of the guardrail.
    public var guardrail: String
    public var outcome: Outcome
    public var finding: GuardrailFinding
    /// Whose rule it was.
    public var owner: String
    /// Whether the guardrail could not judge; `finding` says why.
    public var isFailure: Bool
    /// The tool, in the stages of tools.
    public var tool: String?
    /// The text that was judged, when the rule says that it may be shown.
    public var text: String?
    /// Characters of the answer that had been shown before it was blocked.
    public var shownCharacters: Int?

    public init(
        stage: GuardrailStage, guardrail: String, outcome: Outcome, finding: GuardrailFinding, owner: String,
        isFailure: Bool = false, tool: String? = nil, text: String? = nil, shownCharacters: Int? = nil
    ) {
        self.stage = stage
        self.guardrail = guardrail
        self.outcome = outcome
        self.finding = finding
        self.owner = owner
        self.isFailure = isFailure
        self.tool = tool
        self.text = text
        self.shownCharacters = shownCharacters
    }

    /// One sentence: what was done to what, by which guardrail, why, and whose rule it was.
    public var description: String {
        let what =
            switch stage {
            case .input: "the input"
            case .output: "the answer"
            case .toolCall: "a call of the tool \"\(tool ?? "")\""
            case .toolResult: "the result of the tool \"\(tool ?? "")\""
            }
        let verb = outcome == .unchecked ? "let pass unchecked" : outcome.rawValue
        return "\(what) was \(verb) by the guardrail \"\(guardrail)\" (\(details)): \(finding.reason)"
    }

    private var details: String {
        var parts: [String] = []
        if let category = finding.category { parts.append("category \(category)") }
        if let score = finding.score { parts.append("score \(Self.shown(score))") }
        if let threshold = finding.threshold { parts.append("threshold \(Self.shown(threshold))") }
        parts.append("a rule of \(owner)")
        if let shownCharacters {
            parts.append(
                shownCharacters == 0
                    ? "nothing of it was shown" : "\(shownCharacters) characters of it were shown before")
        }
        return parts.joined(separator: ", ")
    }

    /// At most three places after the point.
    private static func shown(_ number: Double) -> String {
        guard number.magnitude < 1e9 else { return "\(number)" }
        return "\((number * 1000).rounded() / 1000)"
    }
}
