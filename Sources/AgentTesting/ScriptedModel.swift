// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore
import Synchronization

/// A model that answers from a script, in order, and keeps what it was asked.
public final class ScriptedModel: Model {
    /// One answer of the script.
    public enum Reply: Sendable {
        /// Text in these pieces; `["a", "b"]` is streamed as two events.
        case text([String])
        /// Calls of tools, each a name and arguments as JSON text.
        case calls([ToolCall])
        case response(ModelResponse)
        case failure(ModelError)
        /// Waits until the task is cancelled, after these pieces of text.
        case hang(after: [String])

        public static func text(_ text: String) -> Reply { .text([text]) }
        public static func call(_ name: String, _ arguments: String = "{}", id: String = "") -> Reply {
            .calls([ToolCall(id: id, name: name, arguments: arguments)])
        }
    }

    public let name: String
    private let state: Mutex<State>

    private struct State {
        var replies: [Reply]
        var requests: [ModelRequest] = []
    }

    public init(_ replies: [Reply], name: String = "scripted") {
        self.name = name
        state = Mutex(State(replies: replies))
    }

    /// Every request so far, in order.
    public var requests: [ModelRequest] { state.withLock(\.requests) }
    /// How many answers of the script are left.
    public var remaining: Int { state.withLock(\.replies.count) }

    public func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        let reply = state.withLock { state -> Reply? in
            state.requests.append(request)
            return state.replies.isEmpty ? nil : state.replies.removeFirst()
        }
        switch reply {
        case .text(let pieces): return try await answer(pieces, request, onEvent)
        case .calls(let calls):
            return response(Message(role: .assistant, content: [], toolCalls: calls), .toolCalls)
        case .response(let response): return response
        case .failure(let error): throw error
        case .hang(let pieces):
            _ = try await answer(pieces, request, onEvent)
            try await untilCancelled()
            throw CancellationError()
        case nil: throw ModelError(.invalidRequest, "the script of the model has no answer left")
        }
    }

    /// The roles and texts of the messages: a script has no wire.
    public func wireRequest(for request: ModelRequest) throws -> JSONValue {
        .array(request.messages.map { ["role": .string($0.role.rawValue), "content": .string($0.text)] })
    }

    private func answer(
        _ pieces: [String], _ request: ModelRequest, _ onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        if request.streams { for piece in pieces { try await onEvent(.text(piece)) } }
        return response(.assistant(pieces.joined()), .stop)
    }

    private func response(_ message: Message, _ reason: FinishReason) -> ModelResponse {
        ModelResponse(
            id: "scripted", model: name, message: message, finishReason: reason,
            usage: Usage(promptTokens: 10, completionTokens: 5))
    }
}

/// Waits until the current task is cancelled.
public func untilCancelled() async throws {
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    await withTaskCancellationHandler {
        for await _ in stream {}
    } onCancel: {
        continuation.finish()
    }
    try Task.checkCancellation()
}
