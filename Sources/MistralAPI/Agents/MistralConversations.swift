// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import HTTPTypes
public import JSONCore

/// Conversations that the Mistral API keeps (`/v1/conversations`), with the API's own tools: web search, code, documents.
///
/// All calls throw ``ModelError``, or `CancellationError`. One that adds something is not sent again when its answer got
/// lost.
public struct MistralConversations: Sendable {
    private let client: MistralClient
    private let lists: MistralPlatform

    public init(client: MistralClient) {
        self.client = client
        lists = MistralPlatform(client: client)
    }

    /// - Parameter onText: the answer piece by piece when the request streams.
    public func start(
        _ request: ConversationRequest, onText: (String) async throws -> Void = { _ in }
    ) async throws -> ConversationTurn {
        try await send("conversations", try request.fields(), streams: request.streams, onText)
    }

    /// Goes on with a conversation.
    ///
    /// - Parameters:
    ///   - inputs: a prompt, or entries such as `function.result { tool_call_id, result }`.
    ///   - arguments: `completion_args`.
    ///   - extra: `store`, `handoff_execution`, `tool_confirmations`, `guardrails`.
    public func append(
        to id: String, _ inputs: JSONValue, arguments: JSONObject? = nil, extra: JSONObject = [:],
        streams: Bool = false,
        onText: (String) async throws -> Void = { _ in }
    ) async throws -> ConversationTurn {
        let fields = try continuation(inputs, arguments, extra, streams: streams)
        return try await send(path(id), fields, streams: streams, onText)
    }

    /// Goes on from an earlier entry, in a conversation of its own.
    public func restart(
        _ id: String, fromEntry entryID: String, _ inputs: JSONValue, arguments: JSONObject? = nil,
        extra: JSONObject = [:], streams: Bool = false, onText: (String) async throws -> Void = { _ in }
    ) async throws -> ConversationTurn {
        var fields = try continuation(inputs, arguments, extra, streams: streams)
        fields["from_entry_id"] = .string(entryID)
        return try await send(path(id) + "/restart", fields, streams: streams, onText)
    }

    public func list() async throws -> [JSONValue] { try await lists.pages(of: "conversations", query: []) }
    public func get(_ id: String) async throws -> JSONValue { try await client.send(.get, path(id)) }
    /// All entries.
    public func history(_ id: String) async throws -> JSONValue { try await client.send(.get, path(id) + "/history") }
    /// Messages only.
    public func messages(_ id: String) async throws -> JSONValue { try await client.send(.get, path(id) + "/messages") }

    private func path(_ id: String) throws(ModelError) -> String {
        "conversations/\(try lists.segment(id))"
    }

    private func continuation(
        _ inputs: JSONValue, _ arguments: JSONObject?, _ extra: JSONObject, streams: Bool
    ) throws(ModelError) -> JSONObject {
        try ConversationRules.check(inputs)
        if let arguments { try ConversationRules.check(arguments) }
        try GuardrailRules.check(extra)
        var fields: JSONObject = ["inputs": inputs, "stream": .bool(streams)]
        fields["completion_args"] = arguments.map { .object($0) }
        for (name, value) in extra { fields[name] = value }
        return fields
    }

    private func send(
        _ path: String, _ fields: JSONObject, streams: Bool, _ onText: (String) async throws -> Void
    ) async throws -> ConversationTurn {
        let call = APIClient.Call(
            path: path, content: try .json(fields), accept: streams ? "text/event-stream" : "application/json",
            isRepeatable: false)
        let service = client.api.service
        return try await client.api.send(call) { response, body in
            let type = response.headerFields[.contentType]?.lowercased() ?? ""
            if streams, !type.hasPrefix("application/json") { return try await readStream(body, onText) }
            return try ConversationTurn(
                try JSONAnswer.parse(try await client.api.readAll(body), service: service), service: service)
        }
    }

    private func readStream(
        _ body: HTTPBody, _ onText: (String) async throws -> Void
    ) async throws -> ConversationTurn {
        var reader = ConversationStreamReader(service: client.api.service)
        var pieces = body.makeAsyncIterator()
        do {
            while !reader.isDone, let piece = try await pieces.next() {
                for text in try reader.receive(piece) { try await onText(text) }
            }
            if !reader.isDone, let text = try reader.finish() { try await onText(text) }
        } catch let error as HTTPTransportError where !reader.text.isEmpty {
            throw ModelError(
                error.code == .timeout ? .timeout : .cut, "the answer of \(client.api.service) was cut off: \(error)",
                partialText: reader.text)
        }
        return try reader.turn()
    }
}
