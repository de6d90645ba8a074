// SPDX-License-Identifier: Apache-2.0

import JSONCore
import Synchronization

/// Stands between the answer of one model call and everybody who sees it: text is shown once it has been judged, and the calls
/// it asks for are judged before anybody knows of them.
final class AnswerCheck: Sendable {
    /// How text that is shown and its verdict come together.
    enum Judgement: Sendable {
        /// It has passed, and is shown now.
        case passed
        /// It is shown before its verdict.
        case pending
        /// It was shown before, perhaps in other words, and has passed.
        case late
    }

    private let gate: GuardrailGate
    private let clearance: InputClearance
    private let conversation: [Message]
    private let show: @Sendable (String, Judgement) async throws -> Void
    /// A call with the arguments that its tool would get: defaults filled in.
    private let filled: @Sendable (ToolCall) -> ToolCall
    /// Rules that can judge the answer while it comes.
    private let early: [GuardrailRule]
    /// Rules that need all of it.
    private let late: [GuardrailRule]
    private let release: Mutex<AnswerRelease>

    /// - Parameters:
    ///   - isStructured: whether the answer is a JSON value, which has no sentences.
    ///   - filled: a call as its tool would get it, which is what is judged.
    ///   - show: is given what may be seen.
    init(
        _ gate: GuardrailGate, _ clearance: InputClearance, _ conversation: [Message], isStructured: Bool,
        filled: @escaping @Sendable (ToolCall) -> ToolCall,
        show: @escaping @Sendable (String, Judgement) async throws -> Void
    ) {
        self.gate = gate
        self.clearance = clearance
        self.conversation = conversation
        self.show = show
        self.filled = filled
        early = gate.rules.output.filter { !isStructured && $0.guardrail.judgesSentences }
        late = gate.rules.output.filter { isStructured || !$0.guardrail.judgesSentences }
        release = Mutex(AnswerRelease(late.isEmpty ? gate.rules.delay : .whole))
    }

    /// Whether what the model thinks may be shown while it thinks: it is judged when it is whole.
    var showsThinking: Bool { gate.rules.output.isEmpty }

    /// Waits until the input has passed.
    func waitForInput() async throws { try await clearance.wait() }

    /// Takes up a piece of the answer, and shows what of it may be seen.
    func receive(_ piece: String) async throws {
        guard !gate.rules.output.isEmpty else { return try await reveal(piece) }
        let (sentences, isUnguarded) = release.withLock { ($0.receive(piece), $0.isUnguarded) }
        if isUnguarded { try await reveal(piece, .pending) }
        for sentence in sentences { try await judge(sentence) }
    }

    private func judge(_ sentence: String) async throws {
        let (before, shown) = release.withLock { ($0.passed, $0.shownCharacters) }
        let text = try await judged(sentence, before: before, by: early, shown: shown)
        let (ready, isUnguarded) = release.withLock { ($0.pass(text), $0.isUnguarded) }
        try await isUnguarded ? reveal(text, .late) : reveal(ready)
    }

    /// - Returns: the response in the words in which it may be seen.
    /// - Parameter isShown: whether text of the answer has been shown already.
    func finish(_ response: ModelResponse, isShown: () -> Bool) async throws -> ModelResponse {
        var response = response
        try await clearance.wait()
        if !gate.rules.output.isEmpty {
            try await judgeThinking(&response.message)
            try await judgeChunks(&response.message)
            let text = response.message.text
            let passed = try await finished(text, isFinal: response.message.toolCalls.isEmpty)
            if passed != text { response.message.replaceText(by: passed) }
        }
        if !isShown(), !response.message.text.isEmpty { try await reveal(response.message.text) }
        try await judgeCalls(&response.message)
        return response
    }

    /// Judges what is left of the answer, whose whole text is `text`.
    private func finished(_ text: String, isFinal: Bool) async throws -> String {
        // What was not streamed, or streamed in other words, is judged as one.
        guard release.withLock({ $0.received == text }) else {
            let shown = release.withLock(\.shownCharacters)
            return try await judged(text, by: text.isEmpty ? late : gate.rules.output, shown: shown, isFinal: isFinal)
        }
        let last = release.withLock { $0.end() }
        if !last.isEmpty { try await judge(last) }
        let (passed, shown) = release.withLock { ($0.passed, $0.shownCharacters) }
        // An empty answer is an answer: one that must be JSON must not be it.
        guard !late.isEmpty, isFinal || !passed.isEmpty else {
            try await reveal(release.withLock { $0.finish() })
            return passed
        }
        return try await judged(passed, by: late, shown: shown, isFinal: isFinal)
    }

    private func judgeThinking(_ message: inout Message) async throws {
        for (place, part) in message.content.enumerated() {
            guard case .thinking(let text, _) = part, !text.isEmpty else { continue }
            let shown = release.withLock(\.shownCharacters)
            let passed = try await judged(text, by: gate.rules.output, shown: shown, isFinal: false)
            if passed != text { message.content[place] = .thinking(passed, raw: nil) }
        }
    }

    /// Chunks that are not text, by their JSON; one that does not pass as it is is left out.
    private func judgeChunks(_ message: inout Message) async throws {
        var kept: [ContentPart] = []
        for part in message.content {
            guard case .raw(let chunk) = part, let text = try? chunk.serialized() else {
                kept.append(part)
                continue
            }
            let shown = release.withLock(\.shownCharacters)
            let passed = try await judged(text, by: gate.rules.output, shown: shown, isFinal: false)
            if passed == text { kept.append(part) }
        }
        message.content = kept
    }

    private func judgeCalls(_ message: inout Message) async throws {
        guard !gate.rules.toolCall.isEmpty else { return }
        let calls = message.toolCalls.map(filled)
        let passed = try await gate.pass(
            calls.map { GuardrailSubject(.toolCall, $0.arguments, conversation: conversation, toolCall: $0) })
        for (place, arguments) in passed.enumerated() where arguments != calls[place].arguments {
            message.toolCalls[place].arguments = arguments
        }
    }

    private func judged(
        _ text: String, before: String = "", by rules: [GuardrailRule], shown: Int, isFinal: Bool = true
    ) async throws -> String {
        let subject = GuardrailSubject(
            .output, text, before: before, conversation: conversation, isFinal: isFinal)
        return try await gate.pass([subject], by: rules, shownCharacters: shown).first ?? text
    }

    private func reveal(_ text: String, _ judgement: Judgement = .passed) async throws {
        guard !text.isEmpty else { return }
        try await clearance.wait()
        try await show(text, judgement)
    }
}
