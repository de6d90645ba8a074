// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

/// Makes the body of a chat completion request.
package struct ChatRequestEncoder: Sendable {
    package let model: String
    package let dialect: ChatDialect

    package init(model: String, dialect: ChatDialect) {
        self.model = model
        self.dialect = dialect
    }

    /// - Throws: ``ModelError/Code/invalidRequest`` for what no server could answer: a choice of tools without tools, a
    ///   named tool that is not among them, a field set twice, a number that is not finite.
    package func body(of request: ModelRequest) throws(ModelError) -> [UInt8] {
        do {
            return try JSONValue.object(fields(of: request)).serializedBytes()
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError(.invalidRequest, "the request cannot be written as JSON: \(error)")
        }
    }

    package func fields(of request: ModelRequest) throws(ModelError) -> JSONObject {
        if !dialect.hasMistralFields { try Self.refuseGuardrails(of: request, model) }
        var fields: JSONObject = ["model": .string(model)]
        fields["messages"] = .array(messages(of: request))
        fields["stream"] = .bool(request.streams)
        if request.streams, dialect.asksForStreamUsage { fields["stream_options"] = ["include_usage": true] }
        try addOptions(request.options, hasTools: !request.tools.isEmpty, to: &fields)
        try addTools(of: request, to: &fields)
        if let format = responseFormat(request.responseFormat) { fields["response_format"] = format }
        for (name, value) in request.options.extra {
            guard fields.appendIfNew(name, value) else {
                throw ModelError(.invalidRequest, "the field '\(name)' of options.extra is set by the request already")
            }
        }
        return fields
    }

    /// Only the Mistral API judges what it is sent by the field `guardrails`; elsewhere nobody would.
    ///
    /// - Throws: ``ModelError/Code/invalidRequest`` when `request` has the field.
    package static func refuseGuardrails(of request: ModelRequest, _ model: String) throws(ModelError) {
        guard let value = request.options.extra["guardrails"], !value.isNull else { return }
        throw ModelError(
            .invalidRequest,
            "/guardrails: this field is judged by the Mistral API, which \(model) is not asked by; use guardrails of the agent "
                + "instead, such as \"moderation\" or \"self_reflection\"")
    }

    private func messages(of request: ModelRequest) -> [JSONValue] {
        var messages = request.messages
        if request.options.safePrompt == true {
            if dialect.hasMistralFields { messages.removeSafetyPrompt() } else { messages.addSafetyPrompt() }
        }
        if let instruction = outputInstruction(request) { messages.addToSystem(instruction) }
        let encoder = ChatMessageEncoder(dialect: dialect)
        return messages.map { encoder.encode($0) }
    }

    /// What the model is told of the form of its answer, where nobody else tells it.
    private func outputInstruction(_ request: ModelRequest) -> String? {
        switch request.responseFormat {
        case .text: nil
        case .jsonObject: request.messages.mentionJSON ? nil : OutputInstruction.jsonObject
        case .jsonSchema(_, let schema, _): dialect.putsSchemaInPrompt ? nil : OutputInstruction.following(schema)
        }
    }

    private func addOptions(
        _ options: ModelOptions, hasTools: Bool, to fields: inout JSONObject
    ) throws(ModelError) {
        fields["temperature"] = options.temperature.map { .number($0) }
        fields["top_p"] = options.topP.map { .number($0) }
        fields[dialect.maxTokensField] = options.maxTokens.map { .integer(Int64($0)) }
        fields["stop"] = options.stop.map { .array($0.map { .string($0) }) }
        fields[dialect.seedField] = options.randomSeed.map { .integer($0) }
        fields["presence_penalty"] = options.presencePenalty.map { .number($0) }
        fields["frequency_penalty"] = options.frequencyPenalty.map { .number($0) }
        // OpenAI refuses the field where there are no tools.
        if hasTools { fields["parallel_tool_calls"] = options.parallelToolCalls.map { .bool($0) } }
        fields["reasoning_effort"] = options.reasoningEffort.map { .string($0) }
        fields["metadata"] = options.metadata.map { .object($0) }
        guard dialect.hasMistralFields else {
            if options.promptMode == nil { return }
            throw ModelError(
                .invalidRequest, "prompt_mode is a field of the Mistral API, which \(model) is not asked by")
        }
        fields["prompt_mode"] = options.promptMode.map { .string($0) }
        fields["safe_prompt"] = options.safePrompt.map { .bool($0) }
    }

    private func addTools(of request: ModelRequest, to fields: inout JSONObject) throws(ModelError) {
        if case .named(let name) = request.toolChoice, !request.tools.contains(where: { $0.name == name }) {
            throw ModelError(.invalidRequest, "the tool '\(name)' that must be called is not among the tools")
        }
        guard !request.tools.isEmpty else {
            if request.toolChoice == .any {
                throw ModelError(.invalidRequest, "a tool must be called, but the request has no tools")
            }
            return
        }
        fields["tools"] = .array(request.tools.map(Self.tool))
        switch request.toolChoice {
        case .auto: break
        case .none: fields["tool_choice"] = "none"
        case .any: fields["tool_choice"] = .string(dialect.anyToolWord)
        case .named(let name):
            fields["tool_choice"] = ["type": "function", "function": ["name": .string(name)]]
        }
    }

    private static func tool(_ definition: ToolDefinition) -> JSONValue {
        var function: JSONObject = ["name": .string(definition.name)]
        if !definition.description.isEmpty { function["description"] = .string(definition.description) }
        function["parameters"] = definition.parameters
        if definition.strict { function["strict"] = true }
        return ["type": "function", "function": .object(function)]
    }

    private func responseFormat(_ format: ResponseFormat) -> JSONValue? {
        switch format {
        case .text: return nil
        case .jsonObject: return ["type": "json_object"]
        case .jsonSchema(let name, let schema, let strict):
            return [
                "type": "json_schema",
                "json_schema": [
                    "name": .string(name), "schema": schema,
                    "strict": .bool(strict && (dialect.hasMistralFields || StrictSchema.holds(schema))),
                ],
            ]
        }
    }
}
