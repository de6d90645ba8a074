// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore

/// A conversation as the model is to read it: its own turns in the form that the grammar makes it write, results of tools
/// as messages of the user. The system text stays the same from turn to turn, so that the engine's prompt cache holds.
struct FormConversation {
    private(set) var messages: [Message] = []
    private var instructions: [String] = []
    private var calls: [String: ToolCall] = [:]
    private var question = ""
    private var results = ""
    private var hasFailure = false

    /// The instructions, and everything else.
    static func withTools(
        _ conversation: [Message], answerName: String, key: String
    ) -> (instructions: String, messages: [Message]) {
        var form = FormConversation()
        for message in conversation { form.add(message, answerName, key) }
        form.flush()
        return (form.instructions.filter { !$0.isEmpty }.joined(separator: "\n\n"), form.messages)
    }

    private mutating func add(_ message: Message, _ answerName: String, _ key: String) {
        if message.role == .tool { return addResult(message) }
        flush()
        switch message.role {
        case .system: instructions.append(message.text)
        case .assistant where !message.toolCalls.isEmpty:
            for call in message.toolCalls { calls[call.id] = call }
            messages.append(.assistant(Self.text(of: message.toolCalls)))
        case .assistant: messages.append(.assistant(Self.answer(message.text, answerName, key)))
        default:
            question = message.text
            messages.append(.user(message.text))
        }
    }

    private mutating func addResult(_ message: Message) {
        let call = message.toolCallID.flatMap { calls[$0] }
        hasFailure = hasFailure || message.isError
        results += FormTexts.result(
            of: call?.name ?? message.name ?? "tool", arguments: call.map(Self.namedValues) ?? "",
            content: message.text,
            isError: message.isError)
    }

    private mutating func flush() {
        guard !results.isEmpty else { return }
        let request = hasFailure ? FormTexts.afterErrors : FormTexts.afterResults
        messages.append(.user(FormTexts.beforeResults(question: question) + results + request))
        (results, hasFailure) = ("", false)
    }

    private static func answer(_ text: String, _ answerName: String, _ key: String) -> String {
        var value = JSONValue.string(text)
        if key == "value", let parsed = try? JSONValue(parsing: text) { value = parsed }
        return FormTexts.answer(answerName, key: key, value)
    }

    private static func text(of calls: [ToolCall]) -> String {
        let items = calls.map { call in
            "{\"tool\":\(ToolSignature.compact(.string(call.name))),\"arguments\":\(ToolSignature.compact(call.parsedArguments))}"
        }
        return "[" + items.joined(separator: ",") + "]"
    }

    /// The arguments for a reader: `city: Oslo, days: 3`. Quotation marks here would end up in the model's JSON.
    private static func namedValues(_ call: ToolCall) -> String {
        (call.parsedArguments.objectValue ?? [:]).map { name, value in
            "\(name): \(value.stringValue ?? ToolSignature.compact(value))"
        }.joined(separator: ", ")
    }

    /// The same for a turn without tools: results in plain words, calls left out.
    static func plain(_ conversation: [Message]) -> [Message] {
        var out: [Message] = []
        var names: [String: String] = [:]
        var results = ""
        for message in conversation {
            if message.role == .tool {
                let name = message.toolCallID.flatMap { names[$0] } ?? message.name ?? "a tool"
                results += "Result of \(name): \(message.text)\n"
                continue
            }
            for call in message.toolCalls { names[call.id] = call.name }
            if message.role == .assistant && !message.toolCalls.isEmpty && message.text.isEmpty { continue }
            var text = message.text
            if !results.isEmpty && message.role == .user {
                text = results + "\n" + text
                results = ""
            }
            out.append(Message(role: message.role, content: [.text(text)]))
        }
        if !results.isEmpty { out.append(.user(results + FormTexts.plainAfterResults)) }
        return out
    }
}

extension ToolCall {
    /// The arguments as a value; an empty object for anything that is not JSON.
    var parsedArguments: JSONValue { (try? JSONValue(parsing: arguments)) ?? .object([:]) }
}
