// SPDX-License-Identifier: Apache-2.0

import AgentCore
import ChatCompletions
import HTTPCore
import HTTPTypes
import JSONCore
import Synchronization

/// The embedded model. The loop sees ordinary tool calls and streamed text; the form beneath is ``ToolForm``.
struct LocalModel: Model {
    let name: String
    let engine: LocalEngine
    let transport: any HTTPTransport

    /// The engine reads one prompt at a time, and its head comes with the first token: a request that waits behind
    /// others, or a long prompt on a slow machine, takes many minutes. An engine that dies closes its connections; the
    /// hour is for one that hangs.
    private static let timeouts = HTTPTimeouts(connect: .seconds(3600), firstByte: .seconds(3600), idle: .seconds(600))
    /// An engine that is gone is replaced, not asked again and again.
    private static let retry = RetryPolicy(attempts: 2, firstDelay: .milliseconds(100))
    /// A new connection for each request: the engine promises to keep them, and closes them after each stream.
    private static let headers: HTTPFields = [.connection: "close"]

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        try refuseMedia(request)
        try ChatRequestEncoder.refuseGuardrails(of: request, name)
        var without: Set<String> = []
        var usage = Usage()
        while true {
            var (response, calls) = try await askEngine(
                ToolForm(request, without: without), streams: request.streams, onEvent)
            if let used = response.usage { usage += used }
            response.usage = usage
            let fresh = calls.filter { !request.messages.holdsCall($0) }
            // A small model may ask for what it has already been told: once more, without the tools it harps on.
            if fresh.isEmpty && !calls.isEmpty && !calls.allSatisfy({ without.contains($0.name) }) {
                without.formUnion(calls.map(\.name))
                continue
            }
            response.message.toolCalls = fresh
            if !fresh.isEmpty { response.finishReason = .toolCalls }
            return response
        }
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue {
        try refuseMedia(request)
        try ChatRequestEncoder.refuseGuardrails(of: request, name)
        let server = try ChatCompletionsModel(
            name: "local", baseURL: "http://localhost/v1", apiKey: nil, transport: transport, dialect: .embedded)
        return try server.wireRequest(for: ToolForm(request).request)
    }

    func enforcedKeywords(of schema: JSONValue) -> Set<JSONPointer> { GrammarCoverage(of: schema).keywords }

    var reportsTokens: Bool { true }
    var contextTokens: Int? { engine.contextTokens }

    /// Asks the engine, and once more when it went away before it said anything.
    private func askEngine(
        _ form: ToolForm, streams: Bool, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> (ModelResponse, [ToolCall]) {
        let hasSpoken = Atomic(false)
        let listen: @Sendable (ModelEvent) async throws -> Void = { event in
            if case .text = event {
                hasSpoken.store(true, ordering: .relaxed)
                if !streams { return }
            }
            try await onEvent(event)
        }
        do {
            return try await ask(try await server(onEvent), form, listen)
        } catch let error as ModelError where [.transport, .invalidResponse].contains(error.code) {
            guard !hasSpoken.load(ordering: .relaxed), await engine.isGone() else { throw error }
            return try await ask(try await server(onEvent), form, listen)
        } catch var error as ModelError where error.code == .contextTooLong {
            error.message += "; AGENT_LOCAL_CONTEXT sets the local model's"
            throw error
        }
    }

    /// Asks the engine once; the response holds the answer, the calls are returned apart.
    private func ask(
        _ server: ChatCompletionsModel, _ form: ToolForm, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> (ModelResponse, [ToolCall]) {
        guard let decoder = form.decoder else {
            return (try await server.respond(to: form.request, onEvent: onEvent), [])
        }
        let stream = FormStream(decoder)
        var response = try await server.respond(to: form.request) { event in
            guard case .text(let piece) = event else { return try await onEvent(event) }
            let text = stream.feed(piece)
            if !text.isEmpty { try await onEvent(.text(text)) }
        }
        if response.finishReason.isTruncation { return (response.keeping(stream.text), []) }
        switch try stream.finish() {
        case .text(let text): return (response.keeping(text), [])
        // What was streamed is the value's own text.
        case .value(let value):
            return (response.keeping(stream.text.isEmpty ? try value.serialized() : stream.text), [])
        case .calls(let calls):
            response.message.content = []
            return (
                response,
                try calls.map { ToolCall(id: "", name: $0.name, arguments: try $0.arguments.serialized()) }
            )
        }
    }

    private func server(_ onEvent: @Sendable (ModelEvent) async throws -> Void) async throws -> ChatCompletionsModel {
        let endpoint = try await engine.ready(progress: onEvent)
        return try ChatCompletionsModel(
            name: "local", baseURL: "http://localhost/v1", apiKey: nil, transport: transport,
            headers: Self.headers, socketPath: endpoint.socketPath, retry: Self.retry, timeouts: Self.timeouts,
            dialect: .embedded)
    }

    private func refuseMedia(_ request: ModelRequest) throws {
        for message in request.messages {
            for part in message.content {
                guard case .raw(let chunk) = part else { continue }
                let kind = chunk["type"]?.stringValue ?? "unknown"
                throw ModelError(.invalidRequest, "the local model reads text only, not a chunk of type \"\(kind)\"")
            }
        }
    }
}

extension ModelResponse {
    fileprivate func keeping(_ text: String) -> ModelResponse {
        var copy = self
        copy.message.content = text.isEmpty ? [] : [.text(text)]
        return copy
    }
}

extension [Message] {
    /// Whether `call` was made, with the same arguments, since the user last spoke.
    func holdsCall(_ call: ToolCall) -> Bool {
        let start = lastIndex { $0.role == .user } ?? startIndex
        return self[start...].contains { message in
            message.toolCalls.contains { $0.name == call.name && $0.parsedArguments == call.parsedArguments }
        }
    }
}
