// SPDX-License-Identifier: Apache-2.0

public import JSONCore

/// Everything a model needs to answer once.
public struct ModelRequest: Sendable, Equatable {
    public var messages: [Message]
    public var tools: [ToolDefinition]
    public var toolChoice: ToolChoice
    public var responseFormat: ResponseFormat
    public var options: ModelOptions
    /// Whether pieces are wanted while they arrive.
    public var streams: Bool

    public init(
        messages: [Message], tools: [ToolDefinition] = [], toolChoice: ToolChoice = .auto,
        responseFormat: ResponseFormat = .text, options: ModelOptions = .init(), streams: Bool = false
    ) {
        self.messages = messages
        self.tools = tools
        self.toolChoice = toolChoice
        self.responseFormat = responseFormat
        self.options = options
        self.streams = streams
    }
}

/// Whether the model may, must or must not call tools.
public enum ToolChoice: Sendable, Equatable {
    /// The model decides.
    case auto
    /// No call.
    case none
    /// At least one call, of any tool (`any` and `required` on the wire).
    case any
    /// A call of this tool.
    case named(String)
}

/// The form that the final answer must have.
public enum ResponseFormat: Sendable, Equatable {
    case text
    /// Any JSON object.
    case jsonObject
    /// An instance of `schema`; `name` matches `^[A-Za-z0-9_-]{1,64}$`.
    case jsonSchema(name: String, schema: JSONValue, strict: Bool)
}

/// Sampling and the rest of the chat request. `nil` leaves a field out, so that the provider's default holds.
/// Ranges are those of the Mistral API's chat completion request.
public struct ModelOptions: Sendable, Equatable {
    /// 0…1.5.
    public var temperature: Double?
    /// Over 0, at most 1.
    public var topP: Double?
    /// Tokens to generate, 0 or more.
    public var maxTokens: Int?
    /// Texts that end the answer.
    public var stop: [String]?
    /// 0 or more.
    public var randomSeed: Int64?
    /// −2…2.
    public var presencePenalty: Double?
    /// −2…2.
    public var frequencyPenalty: Double?
    public var parallelToolCalls: Bool?
    /// `reasoning` on models that have it.
    public var promptMode: String?
    /// `none`, `minimal`, `low`, `medium`, `high` or `xhigh`; models take only some.
    public var reasoningEffort: String?
    /// Puts the Mistral API's safety prompt first.
    public var safePrompt: Bool?
    public var metadata: JSONObject?
    /// Fields of the wire that have no property here (`n`, `prediction`, `guardrails`, `service_tier`, …), as they are.
    public var extra: JSONObject

    public init(
        temperature: Double? = nil, topP: Double? = nil, maxTokens: Int? = nil, stop: [String]? = nil,
        randomSeed: Int64? = nil, presencePenalty: Double? = nil, frequencyPenalty: Double? = nil,
        parallelToolCalls: Bool? = nil, promptMode: String? = nil, reasoningEffort: String? = nil,
        safePrompt: Bool? = nil, metadata: JSONObject? = nil, extra: JSONObject = [:]
    ) {
        self.temperature = temperature
        self.topP = topP
        self.maxTokens = maxTokens
        self.stop = stop
        self.randomSeed = randomSeed
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.parallelToolCalls = parallelToolCalls
        self.promptMode = promptMode
        self.reasoningEffort = reasoningEffort
        self.safePrompt = safePrompt
        self.metadata = metadata
        self.extra = extra
    }
}
