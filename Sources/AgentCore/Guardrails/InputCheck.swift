// SPDX-License-Identifier: Apache-2.0

import JSONCore

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
        if stage == .input { try await refuseHidden(in: messages, rule) }
        try await gate.check(rule, &subjects)
        for (place, subject) in zip(places, subjects) where messages[place].text != subject.text {
            messages[place].replaceText(by: subject.text)
        }
    }

    /// A chunk of a message that is neither text nor known media could carry words past the rule.
    private func refuseHidden(in messages: [Message], _ rule: GuardrailRule) async throws {
        for message in messages where message.role == .user {
            guard message.content.contains(where: Self.isHidden) else { continue }
            let unreadable = FunctionGuardrail(name: rule.guardrail.name) { _ in throw HiddenText() }
            var same = rule
            same.guardrail = unreadable
            var subjects = [GuardrailSubject(.input, message.text)]
            try await gate.check(same, &subjects)
        }
    }

    private static let media: Set<String> = [
        "image_url", "document_url", "input_audio", "file", "file_url", "reference",
    ]

    private static func isHidden(_ part: ContentPart) -> Bool {
        switch part {
        case .text: false
        case .thinking: true
        case .raw(let chunk): !media.contains(chunk["type"]?.stringValue ?? "")
        }
    }

    /// Where the texts are that a rule for `stage` judges. Of input that is what is new: the user's words behind the last answer, and
    /// an answer that the caller has begun; or all of the conversation, whoever speaks.
    private static func places(in messages: [Message], _ stage: GuardrailStage, all: Bool) -> [Int] {
        // What stands at the end was not said by the model in this conversation: it would not be asked again.
        let last = all ? nil : messages.dropLast().lastIndex { $0.role == .assistant }
        return messages.indices.filter { place in
            guard place > last ?? -1, !messages[place].text.isEmpty else { return false }
            switch messages[place].role {
            case .tool: return stage == .toolResult
            case .user: return stage == .input
            case .assistant: return stage == .input && (all || place == messages.count - 1)
            case .system: return stage == .input && all
            }
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

private struct HiddenText: Error, CustomStringConvertible {
    let description = "a message of the user has a part that is neither text nor known media"
}
