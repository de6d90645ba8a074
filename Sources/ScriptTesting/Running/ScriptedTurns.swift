// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Synchronization

/// A model that answers by the turns of `t.scripted`, in order.
final class ScriptedTurns: Model {
    enum Turn: Sendable {
        case reply(ScriptedModel.Reply)
        /// A function of the test says, when it sees the request.
        case function(Int)
    }

    let name = "scripted"
    private let decide: @Sendable (Int, JSONValue) async throws -> JSONValue
    private let state: Mutex<State>

    private struct State {
        var turns: [Turn]
        var requests: [ModelRequest] = []
        let count: Int
    }

    /// - Parameters:
    ///   - turns: as test.lua writes them.
    ///   - decide: asks the function of this number what the model answers to a request.
    init(_ turns: JSONValue, decide: @escaping @Sendable (Int, JSONValue) async throws -> JSONValue) throws(Misuse) {
        self.decide = decide
        var read: [Turn] = []
        for (place, turn) in (turns.arrayValue ?? []).enumerated() {
            read.append(try Self.turn(turn, "t.scripted: turn \(place + 1)"))
        }
        state = Mutex(State(turns: read, count: read.count))
    }

    var requests: [ModelRequest] { state.withLock(\.requests) }

    /// What is wrong with how often it was asked; `nil` when it was asked for each turn once.
    var fault: String? {
        state.withLock { state in
            let asked = state.requests.count
            if asked > state.count {
                return "the scripted model has \(Self.counted(state.count, "turn")) and was asked \(asked) times"
            }
            guard asked < state.count else { return nil }
            return
                "the scripted model has \(Self.counted(state.count, "turn")) and was asked \(Self.counted(asked, "time")); "
                + "left over: " + state.turns.map(Self.shown).joined(separator: ", ")
        }
    }

    func respond(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async throws -> Void
    ) async throws -> ModelResponse {
        let turn = state.withLock { state -> Turn? in
            state.requests.append(request)
            return state.turns.isEmpty ? nil : state.turns.removeFirst()
        }
        let reply: ScriptedModel.Reply
        switch turn {
        case .reply(let found): reply = found
        case .function(let id):
            let place = "the turn of a scripted model that is a function"
            guard case .reply(let found) = try Self.turn(try await decide(id, request.testValue), place) else {
                throw Misuse("\(place): expected a turn, found another function")
            }
            reply = found
        case nil: throw ModelError(.invalidRequest, "the scripted model has no turn left")
        }
        return try await ScriptedModel([reply], name: name).respond(to: request, onEvent: onEvent)
    }

    func wireRequest(for request: ModelRequest) throws -> JSONValue { request.testValue }

    // MARK: - Reading

    private static func turn(_ value: JSONValue, _ place: String) throws(Misuse) -> Turn {
        switch value["kind"]?.stringValue {
        case "says":
            let pieces = value["pieces"]?.arrayValue ?? []
            let texts = pieces.compactMap(\.stringValue)
            guard texts.count == pieces.count else {
                throw Misuse("\(place): t.says: expected a text or a list of texts")
            }
            return .reply(.text(texts))
        case "answers":
            do {
                return .reply(.text(try (value["value"] ?? .null).serialized()))
            } catch {
                throw Misuse("\(place): t.answers: \(error)")
            }
        case "calls": return .reply(.calls(try calls(value["calls"]?.arrayValue ?? [], place)))
        case "fails":
            let code = ModelError.Code(rawValue: value["code"]?.stringValue ?? "")
            return .reply(
                .failure(
                    ModelError(code, value["message"]?.stringValue ?? "the scripted model fails: \(code.rawValue)")))
        case "function": return .function(Int(value["id"]?.integerValue ?? 0))
        default: throw Misuse("\(place): expected t.says, t.calls, t.answers or t.fails")
        }
    }

    private static func calls(_ values: [JSONValue], _ place: String) throws(Misuse) -> [ToolCall] {
        var calls: [ToolCall] = []
        for value in values {
            let text: String
            do {
                text = try value["text"]?.stringValue ?? value["arguments"].asArguments.serialized()
            } catch {
                throw Misuse("\(place): t.calls: \(error)")
            }
            calls.append(ToolCall(id: "", name: value["name"]?.stringValue ?? "", arguments: text))
        }
        return calls
    }

    // MARK: - Showing

    private static func counted(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }

    private static func shown(_ turn: Turn) -> String {
        switch turn {
        case .reply(.text(let pieces)): "says \(Shown.text(pieces.joined()))"
        case .reply(.calls(let calls)): "calls " + calls.map(\.name).joined(separator: " and ")
        case .reply(.failure(let error)): "fails (\(error.code.rawValue))"
        default: "a function"
        }
    }
}

extension JSONValue? {
    /// Arguments of a call: an empty table of Lua is an object without members.
    var asArguments: JSONValue {
        switch self {
        case nil, .null: [:]
        case .array(let values) where values.isEmpty: [:]
        case .some(let value): value
        }
    }
}

extension ModelRequest {
    /// The request as tests see it.
    var testValue: JSONValue {
        [
            "messages": .array(messages.map(\.scriptValue)), "tools": .array(tools.map { .string($0.name) }),
            "stream": .bool(streams),
        ]
    }
}
