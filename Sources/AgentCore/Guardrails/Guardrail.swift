// SPDX-License-Identifier: Apache-2.0

/// Something that judges what goes into a run and what comes out of it.
///
/// What it throws counts as a failure to judge, which blocks unless its ``GuardrailRule`` says otherwise.
public protocol Guardrail: Sendable {
    /// The name that events and errors show, such as `moderation`.
    var name: String { get }

    /// Whether an answer can be judged sentence by sentence while it arrives, each with what came before it. By default true.
    /// One guardrail that needs the whole answer holds all of it back until its end.
    var judgesSentences: Bool { get }

    /// Whether asking it again gives the same verdict, so that a recorded run need not keep it: it only computes, or what it asks
    /// is recorded by itself. By default false.
    var isReplayable: Bool { get }

    /// Judges one text.
    func check(_ subject: GuardrailSubject) async throws -> GuardrailVerdict

    /// Judges several texts at once, for services that take a batch. By default one after another.
    ///
    /// - Returns: one verdict for each subject, in their order.
    func check(_ subjects: [GuardrailSubject]) async throws -> [GuardrailVerdict]
}

extension Guardrail {
    public var judgesSentences: Bool { true }
    public var isReplayable: Bool { false }

    public func check(_ subjects: [GuardrailSubject]) async throws -> [GuardrailVerdict] {
        var verdicts: [GuardrailVerdict] = []
        for subject in subjects { verdicts.append(try await check(subject)) }
        return verdicts
    }
}

/// Where in a run a guardrail stands.
public enum GuardrailStage: String, Sendable, CaseIterable {
    /// Before the model sees what the user said.
    case input
    /// Before anybody sees what the model says.
    case output
    /// Before a call that the model asked for is shown, approved and run.
    case toolCall = "tool_call"
    /// Before the model sees what came of a call.
    case toolResult = "tool_result"
}

/// What is to be judged, with what is known around it.
public struct GuardrailSubject: Sendable, Equatable {
    public var stage: GuardrailStage
    /// What is judged, and alone may be replaced: a message of the user, an answer or a sentence of it, the arguments of a call as
    /// JSON text, or the result of a call as the model would get it.
    public var text: String
    /// Of a sentence, the answer up to it.
    public var before: String
    /// The conversation up to the text.
    public var conversation: [Message]
    /// The call, in the stages of tools.
    public var toolCall: ToolCall?
    /// Whether a tool's result says what went wrong.
    public var isError: Bool
    /// Whether an answer ends its run. One that asks for tools does not, and neither do thoughts: what only an answer must be,
    /// such as JSON, they need not be.
    public var isFinal: Bool

    public init(
        _ stage: GuardrailStage, _ text: String, before: String = "", conversation: [Message] = [],
        toolCall: ToolCall? = nil, isError: Bool = false, isFinal: Bool = true
    ) {
        self.stage = stage
        self.text = text
        self.before = before
        self.conversation = conversation
        self.toolCall = toolCall
        self.isError = isError
        self.isFinal = isFinal
    }
}

/// What a guardrail says of a text.
public enum GuardrailVerdict: Sendable, Equatable {
    case pass
    /// It passes, and the finding is reported.
    case flag(GuardrailFinding)
    /// The run goes on with this text instead.
    case replace(String, GuardrailFinding)
    /// The run ends.
    case block(GuardrailFinding)

    public var finding: GuardrailFinding? {
        switch self {
        case .pass: nil
        case .flag(let finding), .replace(_, let finding), .block(let finding): finding
        }
    }
}

/// What was found in a text. Its words never quote the text.
public struct GuardrailFinding: Sendable, Equatable {
    /// One sentence for a person: what was found, not where and not by whom.
    public var reason: String
    /// The category by the name of whoever judged: an open set.
    public var category: String?
    /// How sure the judgement is, 0…1.
    public var score: Double?
    /// The score from which on something is found.
    public var threshold: Double?

    public init(_ reason: String, category: String? = nil, score: Double? = nil, threshold: Double? = nil) {
        self.reason = reason
        self.category = category
        self.score = score
        self.threshold = threshold
    }
}

/// What a finding leads to, for guardrails that leave it to their settings.
public enum GuardrailAction: String, Sendable, CaseIterable {
    case block, replace, flag

    /// The verdict of a text with `finding`.
    ///
    /// - Parameter replacement: what stands in place of the text, when that is what is to happen.
    public func verdict(_ finding: GuardrailFinding, replacement: @autoclosure () -> String) -> GuardrailVerdict {
        switch self {
        case .block: .block(finding)
        case .replace: .replace(replacement(), finding)
        case .flag: .flag(finding)
        }
    }
}
