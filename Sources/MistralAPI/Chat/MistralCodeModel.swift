// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import ChatCompletions
public import JSONCore

/// What stands before a gap and, unless the text ends with it, behind it.
public struct FillInRequest: Sendable, Equatable {
    public var prompt: String
    public var suffix: String?
    /// Only `temperature`, `topP`, `maxTokens`, `stop`, `randomSeed` and `metadata`, and of `extra` `min_tokens` and
    /// `prompt_cache_key`.
    public var options: ModelOptions
    public var streams: Bool

    public init(prompt: String, suffix: String? = nil, options: ModelOptions = .init(), streams: Bool = false) {
        self.prompt = prompt
        self.suffix = suffix
        self.options = options
        self.streams = streams
    }
}

/// Fills gaps in code by the Mistral API (`POST /v1/fim/completions`).
public struct MistralCodeModel: Sendable {
    public static let defaultName = "codestral-latest"

    public let name: String
    private let exchange: ChatExchange

    public init(name: String = Self.defaultName, client: MistralClient) {
        self.name = name
        exchange = ChatExchange(client: client.api, path: "fim/completions")
    }

    /// - Parameter onEvent: retries, and the text piece by piece when `streams` is set.
    /// - Returns: the whole response; its message's text is what belongs into the gap.
    /// - Throws: ``ModelError``, or `CancellationError`.
    public func complete(
        _ request: FillInRequest, onEvent: @Sendable (ModelEvent) async throws -> Void = { _ in }
    ) async throws -> ModelResponse {
        let body: [UInt8]
        do {
            body = try wireRequest(for: request).serializedBytes()
        } catch let error as JSONError {
            throw ModelError(.invalidRequest, "the request cannot be written as JSON: \(error)")
        }
        return try await exchange.respond(to: body, streams: request.streams, onEvent: onEvent)
    }

    /// The body that would be sent; nothing is sent.
    ///
    /// - Throws: ``ModelError/Code/invalidRequest`` for what the API would refuse.
    public func wireRequest(for request: FillInRequest) throws(ModelError) -> JSONValue {
        let options = request.options
        try MistralRequestRules.check(options)
        try refuseForeign(options)
        var fields: JSONObject = ["model": .string(name), "prompt": .string(request.prompt)]
        fields["suffix"] = request.suffix.map { .string($0) }
        fields["stream"] = .bool(request.streams)
        fields["temperature"] = options.temperature.map { .number($0) }
        fields["top_p"] = options.topP.map { .number($0) }
        fields["max_tokens"] = options.maxTokens.map { .integer(Int64($0)) }
        fields["stop"] = options.stop.map { .array($0.map { .string($0) }) }
        fields["random_seed"] = options.randomSeed.map { .integer($0) }
        fields["metadata"] = options.metadata.map { .object($0) }
        for (name, value) in options.extra { fields[name] = value }
        return .object(fields)
    }

    private func refuseForeign(_ options: ModelOptions) throws(ModelError) {
        let set: [(String, Bool)] = [
            ("presence_penalty", options.presencePenalty != nil),
            ("frequency_penalty", options.frequencyPenalty != nil),
            ("parallel_tool_calls", options.parallelToolCalls != nil), ("prompt_mode", options.promptMode != nil),
            ("reasoning_effort", options.reasoningEffort != nil), ("safe_prompt", options.safePrompt != nil),
        ]
        let foreign =
            set.first(where: \.1)?.0 ?? options.extra.keys.first { !["min_tokens", "prompt_cache_key"].contains($0) }
        if let foreign {
            throw ModelError(.invalidRequest, "fill-in-the-middle has no field '\(foreign)'; the API would refuse it")
        }
    }
}
