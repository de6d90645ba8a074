// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

/// Reads a whole chat completion.
package struct ChatResponseDecoder: Sendable {
    /// Who answered, for the sentences of errors: `the Mistral API`.
    package let service: String

    package init(service: String) { self.service = service }

    /// - Throws: ``ModelError/Code/invalidResponse``, or what an error object in a successful response says.
    package func decode(_ bytes: [UInt8]) throws(ModelError) -> ModelResponse {
        try decode(try JSONAnswer.parse(bytes, service: service))
    }

    package func decode(_ value: JSONValue) throws(ModelError) -> ModelResponse {
        if let error = APIErrorDecoder(service: service).errorObject(value) { throw error }
        guard let choices = value["choices"]?.arrayValue else { throw malformed("no list of choices") }
        guard let choice = choices.first?.objectValue else { throw malformed("an empty list of choices") }
        guard let message = Self.message(of: choice) else { throw malformed("a choice without a message") }
        var content = ContentDecoder()
        _ = content.receive(message)
        var calls = ToolCallAssembler()
        calls.receiveWhole(message["tool_calls"])
        return ModelResponse(
            id: value["id"]?.stringValue ?? "", model: value["model"]?.stringValue ?? "",
            message: Message(role: .assistant, content: content.content, toolCalls: calls.calls),
            finishReason: Self.finishReason(choice["finish_reason"], hasCalls: !calls.isEmpty),
            usage: Self.usage(value["usage"]), tokens: TokenChoiceDecoder.tokens(of: choice),
            guardrails: Self.guardrails(of: value))
    }

    /// What the provider's guardrails said; `nil` when they said nothing.
    package static func guardrails(of value: JSONValue) -> JSONValue? {
        value["guardrails"].flatMap { $0.isNull ? nil : $0 }
    }

    /// `message`; or, where tools ran on the provider's side, the last message of the assistant in `messages`.
    private static func message(of choice: JSONObject) -> JSONObject? {
        if let message = choice["message"]?.objectValue { return message }
        let messages = (choice["messages"]?.arrayValue ?? []).compactMap(\.objectValue)
        return messages.last { ($0["role"]?.stringValue ?? "assistant") == "assistant" }
    }

    /// A reason that is missing follows from the message.
    static func finishReason(_ value: JSONValue?, hasCalls: Bool) -> FinishReason {
        value?.stringValue.map(FinishReason.init(rawValue:)) ?? (hasCalls ? .toolCalls : .stop)
    }

    /// What a response says of its usage, be it of chat or of a service; `nil` when it says nothing.
    package static func usage(_ value: JSONValue?) -> Usage? {
        guard let fields = value?.objectValue else { return nil }
        func count(_ value: JSONValue?) -> Int? { value?.integerValue.flatMap { $0 >= 0 ? Int($0) : nil } }
        // Providers name the same thing in three ways.
        let cached =
            count(fields["prompt_tokens_details"]?["cached_tokens"])
            ?? count(fields["prompt_token_details"]?["cached_tokens"]) ?? count(fields["num_cached_tokens"])
        return Usage(
            promptTokens: count(fields["prompt_tokens"]) ?? 0,
            completionTokens: count(fields["completion_tokens"]) ?? 0,
            totalTokens: count(fields["total_tokens"]), cachedTokens: cached ?? 0,
            audioSeconds: count(fields["prompt_audio_seconds"]) ?? 0)
    }

    private func malformed(_ what: String) -> ModelError {
        ModelError(.invalidResponse, "the answer of \(service) is not a chat completion: it has \(what)")
    }
}
