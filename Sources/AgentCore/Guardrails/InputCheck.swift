// SPDX-License-Identifier: Apache-2.0

/// Holds the messages that a run begins with to the rules for input, and results of tools among them to those for tool results.
struct InputCheck: Sendable {
    let gate: GuardrailGate

    /// Judges by all rules but those that run beside the model.
    ///
    /// - Returns: the messages in the words in which they may go on.
    func pass(_ messages: [Message]) async throws -> [Message] {
        var messages = messages
        for rule in gate.rules.toolResult { try await check(rule, .toolResult, &messages) }
        for rule in gate.rules.input where !rule.isParallel { try await check(rule, .input, &messages) }
        return messages
    }

    /// Judges by the rules that run beside the model.
    func passInParallel(_ messages: [Message]) async throws {
        var messages = messages
        for rule in gate.rules.input where rule.isParallel { try await check(rule, .input, &messages) }
    }

    var hasParallelRules: Bool { gate.rules.input.contains(where: \.isParallel) }

    private func check(_ rule: GuardrailRule, _ stage: GuardrailStage, _ messages: inout [Message]) async throws {
        let places = Self.places(in: messages, stage, all: rule.judgesHistory)
        var subjects = places.map { place in
            GuardrailSubject(
                stage, messages[place].text, conversation: Array(messages[..<place]),
                toolCall: stage == .toolResult ? Self.call(answeredBy: messages[place], in: messages) : nil,
                isError: messages[place].isError)
        }
        try await gate.check(rule, &subjects)
        for (place, subject) in zip(places, subjects) where messages[place].text != subject.text {
            messages[place].replaceText(by: subject.text)
        }
    }

    /// Where the texts are that a rule for `stage` judges: behind the last answer, or all.
    private static func places(in messages: [Message], _ stage: GuardrailStage, all: Bool) -> [Int] {
        // An answer that is to be continued was given by the caller, not by the model.
        let last = all ? nil : messages.lastIndex { $0.role == .assistant && !$0.prefix }
        let role: Message.Role = stage == .toolResult ? .tool : .user
        return messages.indices.filter { place in
            place > last ?? -1 && messages[place].role == role && !messages[place].text.isEmpty
        }
    }

    private static func call(answeredBy message: Message, in messages: [Message]) -> ToolCall? {
        let id = message.toolCallID
        return messages.lazy.flatMap(\.toolCalls).first { $0.id == id && id != nil }
            ?? message.name.map { ToolCall(id: id ?? "", name: $0, arguments: "") }
    }
}

extension Message {
    /// Puts `text` in place of all text of the message; thinking and media stay.
    mutating func replaceText(by text: String) {
        var isPlaced = false
        content = content.compactMap { part in
            guard case .text = part else { return part }
            defer { isPlaced = true }
            return isPlaced ? nil : .text(text)
        }
        if !isPlaced { content.append(.text(text)) }
    }
}
