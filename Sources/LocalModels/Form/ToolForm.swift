// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import JSONCore

/// Asks a small local model for tool calls and answers: one JSON grammar per turn.
///
/// With tools the model writes one JSON array, calls of one tool or one answer:
/// `[{"tool":"get_weather","arguments":{"city":"Oslo"}}]` or `[{"tool":"answer","arguments":{"text":"Cold."}}]`. A pure
/// function from the loop's request to the engine's; measured far better at calling and at staying silent than the
/// engine's own `tools` mode, and always valid by the schema.
struct ToolForm {
    /// Tokens to generate when the request names no number.
    static let defaultMaxTokens = 1024

    /// What the engine is asked.
    let request: ModelRequest
    /// Reads the reply; `nil` when the reply is the text itself.
    let decoder: FormDecoder?

    /// - Parameter without: tools that the grammar leaves out while the prompt stays the same, as a way out of a loop.
    ///   With all of them named only the answer is left, whatever the tool choice says.
    init(_ request: ModelRequest, without: Set<String> = []) {
        var request = request
        if request.options.safePrompt == true { request.messages.addSafetyPrompt() }
        let output = Self.outputSchema(request.responseFormat)
        let usesTools = !request.tools.isEmpty && request.toolChoice != .none
        var messages: [Message]
        var format = ResponseFormat.text
        if usesTools {
            let (formed, schema) = Self.withTools(request, output, without)
            (messages, format) = (formed, Self.format(schema))
        } else {
            messages = Self.plain(request.messages, output)
            if let output { format = Self.format(GrammarSchema.understood(output)) }
        }
        let key = output == nil ? "text" : "value"
        decoder = usesTools ? FormDecoder(answerName: FormTexts.answerName(request.tools), key: key) : nil
        // Always a stream: the engine does not see that the client of a whole answer has gone, and works on.
        self.request = ModelRequest(
            messages: messages.map { $0.breakingTemplateMarks() }, responseFormat: format,
            options: Self.options(request.options), streams: true)
    }

    private static func options(_ given: ModelOptions) -> ModelOptions {
        var options = given
        options.temperature = given.temperature ?? 0
        options.maxTokens = given.maxTokens ?? defaultMaxTokens
        // It is in the messages.
        options.safePrompt = nil
        // Of the hosted APIs only. Whether calls may be parallel is in the grammar.
        options.promptMode = nil
        options.reasoningEffort = nil
        options.metadata = nil
        options.parallelToolCalls = nil
        options.extra["cache_prompt"] = true
        return options
    }

    private static func format(_ schema: JSONValue) -> ResponseFormat {
        .jsonSchema(name: "reply", schema: schema, strict: true)
    }

    private static func outputSchema(_ format: ResponseFormat) -> JSONValue? {
        switch format {
        case .text: nil
        case .jsonObject: anyObject
        case .jsonSchema(_, let schema, _): schema
        }
    }

    private static let anyObject: JSONValue = ["type": "object"]

    private static func plain(_ messages: [Message], _ output: JSONValue?) -> [Message] {
        let formed = FormConversation.plain(messages)
        var system = formed.filter { $0.role == .system }.map(\.text)
        if let output, output != anyObject {
            system.append(FormTexts.outputHead + ToolSignature.compact(output))
        } else if output != nil, !messages.mentionJSON {
            system.append(OutputInstruction.jsonObject)
        }
        let head = system.filter { !$0.isEmpty }.joined(separator: "\n\n")
        return (head.isEmpty ? [] : [.system(head)]) + formed.filter { $0.role != .system }
    }

    private static func withTools(
        _ request: ModelRequest, _ output: JSONValue?, _ without: Set<String>
    ) -> (messages: [Message], schema: JSONValue) {
        let tools = request.tools
        let (answerName, key) = (FormTexts.answerName(tools), output == nil ? "text" : "value")
        let (instructions, rest) = FormConversation.withTools(request.messages, answerName: answerName, key: key)
        var text = FormTexts.toolsHead + tools.map(ToolSignature.text).joined()
        text += FormTexts.answerTool(answerName, key: key, type: output.map { ToolSignature.type($0) } ?? "string")
        text += FormTexts.rules + FormTexts.callExamples
        text += output.map { FormTexts.answerShape + ToolSignature.compact($0) } ?? FormTexts.answerExamples(answerName)
        let system = [instructions, text].filter { !$0.isEmpty }.joined(separator: "\n\n")

        let choice = allowed(tools, request.toolChoice, without)
        let schema = GrammarSchema.reply(
            tools: choice.tools, answerName: answerName, output: output, withAnswer: choice.answer,
            calls: request.options.parallelToolCalls == false ? 1 : GrammarSchema.maximumCalls)
        return ([.system(system)] + rest, schema)
    }

    private static func allowed(
        _ tools: [ToolDefinition], _ choice: ToolChoice, _ without: Set<String>
    ) -> (tools: [ToolDefinition], answer: Bool) {
        let wanted =
            switch choice {
            case .auto, .any, .none: tools
            case .named(let name): tools.filter { $0.name == name }
            }
        let left = wanted.filter { !without.contains($0.name) }
        return (left, choice == .auto || left.isEmpty)
    }
}
