// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// The calls that the probe knows, by name.
struct ProbeCalls {
    let host: RuntimeHost
    let variable: @Sendable (String) -> String?

    struct UnknownCall: Error, CustomStringConvertible {
        let name: String
        var description: String { "there is no call '\(name)'" }
    }

    func make(_ name: String, _ arguments: [JSONValue]) async throws -> JSONValue {
        switch name {
        case "chat": try await chat(arguments, streams: false)
        case "chat_stream": try await chat(arguments, streams: true)
        case "fim": try await fillIn(arguments)
        default: try await AgentCalls(client: try client()).make(name, arguments)
        }
    }

    /// - Parameter arguments: the model's name, what stands before the gap, what stands behind it or null, and options.
    private func fillIn(_ arguments: [JSONValue]) async throws -> JSONValue {
        guard arguments.count == 4, let name = arguments[0].stringValue, let prompt = arguments[1].stringValue else {
            throw ModelError(.invalidRequest, "fim: expected a model, a prompt, a suffix and options")
        }
        var options = ModelOptions()
        for (field, value) in arguments[3].objectValue ?? [:] {
            switch field {
            case "temperature": options.temperature = value.doubleValue
            case "top_p": options.topP = value.doubleValue
            case "max_tokens": options.maxTokens = value.integerValue.map { Int($0) }
            case "stop": options.stop = value.arrayValue?.compactMap(\.stringValue)
            case "random_seed": options.randomSeed = value.integerValue
            case "metadata": options.metadata = value.objectValue
            default: options.extra[field] = value
            }
        }
        let model = MistralCodeModel(name: name, client: try client())
        let request = FillInRequest(prompt: prompt, suffix: arguments[2].stringValue, options: options)
        return try await model.complete(request).probeValue
    }

    private func client() throws -> MistralClient {
        try MistralClient(
            apiKey: variable("MISTRAL_API_KEY") ?? "", serverURL: variable("MISTRAL_SERVER_URL"),
            transport: host.transport)
    }

    /// - Parameter arguments: the model's name and the prompt.
    private func chat(_ arguments: [JSONValue], streams: Bool) async throws -> JSONValue {
        let model = try host.models.model(for: arguments.first)
        let prompt = arguments.last?.stringValue ?? ""
        let response = try await model.respond(
            to: ModelRequest(messages: [.user(prompt)], streams: streams), onEvent: { _ in })
        return response.probeValue
    }
}

extension ModelResponse {
    /// All that the client made of a chat completion.
    var probeValue: JSONValue {
        var fields: JSONObject = [
            "id": .string(id), "model": .string(model), "finish_reason": .string(finishReason.rawValue),
            "text": .string(message.text), "chunks": .array(message.content.compactMap(\.rawChunk)),
            "thoughts": .string(message.content.compactMap(\.thought).joined()),
        ]
        fields["tool_calls"] = .array(
            message.toolCalls.map {
                ["id": .string($0.id), "name": .string($0.name), "arguments": .string($0.arguments)]
            })
        if let usage {
            fields["usage"] = [
                "prompt_tokens": .integer(Int64(usage.promptTokens)),
                "completion_tokens": .integer(Int64(usage.completionTokens)),
                "total_tokens": .integer(Int64(usage.totalTokens)),
            ]
        }
        return .object(fields)
    }
}

extension ContentPart {
    fileprivate var rawChunk: JSONValue? { if case .raw(let chunk) = self { chunk } else { nil } }
    fileprivate var thought: String? { if case .thinking(let text, _) = self { text } else { nil } }
}
