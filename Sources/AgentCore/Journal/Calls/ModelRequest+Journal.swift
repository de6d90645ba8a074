// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension ModelRequest {
    /// The request without its messages, which records keep apart; tools by their names, whose definitions are in the run's record.
    var journalValue: JSONValue {
        var fields = options.journalFields
        if !tools.isEmpty { fields["tools"] = .array(tools.map { .string($0.name) }) }
        if toolChoice != .auto { fields["tool_choice"] = .string(toolChoice.journalWord) }
        switch responseFormat {
        case .text: break
        case .jsonObject: fields["response_format"] = "json_object"
        case .jsonSchema(let name, let schema, let strict):
            fields["response_format"] = ["name": .string(name), "schema": schema, "strict": .bool(strict)]
        }
        return .object(fields)
    }
}

extension ToolChoice {
    var journalWord: String {
        switch self {
        case .auto: "auto"
        case .none: "none"
        case .any: "any"
        case .named(let name): "named:" + name
        }
    }
}

extension ModelOptions {
    var journalFields: JSONObject {
        var fields = JSONObject()
        fields["temperature"] = temperature.map { .number($0) }
        fields["top_p"] = topP.map { .number($0) }
        fields["max_tokens"] = maxTokens.map { .integer(Int64($0)) }
        fields["stop"] = stop.map { .array($0.map { .string($0) }) }
        fields["random_seed"] = randomSeed.map { .integer($0) }
        fields["presence_penalty"] = presencePenalty.map { .number($0) }
        fields["frequency_penalty"] = frequencyPenalty.map { .number($0) }
        fields["parallel_tool_calls"] = parallelToolCalls.map { .bool($0) }
        fields["prompt_mode"] = promptMode.map { .string($0) }
        fields["reasoning_effort"] = reasoningEffort.map { .string($0) }
        fields["safe_prompt"] = safePrompt.map { .bool($0) }
        fields["metadata"] = metadata.map { .object($0) }
        for (name, value) in extra { fields[name] = value }
        return fields
    }
}

extension ToolDefinition {
    var journalValue: JSONValue {
        [
            "name": .string(name), "description": .string(description), "parameters": parameters,
            "effect": .string(effect.rawValue),
        ]
    }
}
