// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
public import JSONCore

/// The opening of a conversation that the Mistral API keeps. `nil` leaves a field out.
public struct ConversationRequest: Sendable, Equatable {
    /// A prompt, or a list of entries: `message.input`, `function.result` and others.
    public var inputs: JSONValue
    /// A model, or the id of an agent: one of the two.
    public var model: String?
    public var agentID: String?
    public var instructions: String?
    /// Functions and the API's own tools: `{ "type": "web_search" }`.
    public var tools: [JSONValue]?
    /// `temperature` (0…1 here), `top_p`, `max_tokens`, `tool_choice` (a word only), `response_format`, …
    public var completionArguments: JSONObject?
    /// Whether the API keeps the conversation. Its default is yes.
    public var store: Bool?
    /// Puts the safety prompt before the instructions: conversations have no field for it. An agent's instructions are its
    /// own, so it cannot be asked for together with ``agentID``.
    public var safePrompt: Bool?
    /// The rest by its wire names: `handoff_execution`, `guardrails`, `name`, `description`, `metadata`,
    /// `agent_version`.
    public var extra: JSONObject
    /// Whether pieces are wanted while they arrive.
    public var streams: Bool

    public init(
        _ inputs: JSONValue, model: String? = nil, agentID: String? = nil, instructions: String? = nil,
        tools: [JSONValue]? = nil, completionArguments: JSONObject? = nil, store: Bool? = nil,
        safePrompt: Bool? = nil, extra: JSONObject = [:], streams: Bool = false
    ) {
        self.inputs = inputs
        self.model = model
        self.agentID = agentID
        self.instructions = instructions
        self.tools = tools
        self.completionArguments = completionArguments
        self.store = store
        self.safePrompt = safePrompt
        self.extra = extra
        self.streams = streams
    }

    func fields() throws(ModelError) -> JSONObject {
        guard (model == nil) != (agentID == nil) else {
            throw ModelError(.invalidRequest, "a conversation takes either a model or an agent_id")
        }
        try ConversationRules.check(inputs)
        if let completionArguments { try ConversationRules.check(completionArguments) }
        try GuardrailRules.check(extra)
        var fields: JSONObject = ["inputs": inputs, "stream": .bool(streams)]
        fields["store"] = store.map { .bool($0) }
        fields["instructions"] = try sentInstructions().map { .string($0) }
        fields["tools"] = tools.map { .array($0) }
        fields["completion_args"] = completionArguments.map { .object($0) }
        fields["model"] = model.map { .string($0) }
        fields["agent_id"] = agentID.map { .string($0) }
        for (name, value) in extra { fields[name] = value }
        return fields
    }
}

extension ConversationRequest {
    private func sentInstructions() throws(ModelError) -> String? {
        guard safePrompt == true else { return instructions }
        guard agentID == nil else {
            throw ModelError(
                .invalidRequest,
                "safe_prompt: a conversation with an agent has the agent's instructions; put the safety prompt there")
        }
        return SafetyPrompt.before(instructions)
    }
}

/// What the Mistral API takes in conversations, where it differs from chat completions.
enum ConversationRules {
    private static let arguments = [
        "stop", "presence_penalty", "frequency_penalty", "temperature", "top_p", "max_tokens", "random_seed",
        "prediction", "response_format", "tool_choice", "reasoning_effort",
    ]

    static func check(_ completionArguments: JSONObject) throws(ModelError) {
        if let foreign = completionArguments.keys.first(where: { !arguments.contains($0) }) {
            throw ModelError(
                .invalidRequest,
                "completion_args has no field '\(foreign)'; there are \(arguments.joined(separator: ", "))")
        }
        // 0…1.5 in chat completions, 0…1 here.
        try MistralRule.check(
            "completion_args.temperature", completionArguments["temperature"]?.doubleValue, isIn: 0...1)
        if let choice = completionArguments["tool_choice"], !choice.isNull {
            guard let word = choice.stringValue else {
                throw MistralRule.refusal(
                    "completion_args.tool_choice", "a word: a tool cannot be named here", choice.typeName)
            }
            try MistralRule.check(
                "completion_args.tool_choice", word, isOneOf: ["auto", "none", "any", "required"])
        }
    }

    static func check(_ inputs: JSONValue) throws(ModelError) {
        if inputs.stringValue != nil { return }
        guard let entries = inputs.arrayValue, !entries.isEmpty else {
            throw MistralRule.refusal("inputs", "a prompt or a list of entries", inputs.typeName)
        }
        if let place = entries.firstIndex(where: { $0.objectValue == nil }) {
            throw MistralRule.refusal("inputs[\(place)]", "an entry", entries[place].typeName)
        }
    }
}
