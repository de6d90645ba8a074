// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import LuaRuntime

/// A Lua function as a tool: each call is a coroutine of its own on the script's state.
struct LuaTool: Tool {
    private let id: Int
    private let registered: ScriptRegistry.RegisteredTool
    private let state: LuaState
    private let door: Door

    init(id: Int, registered: ScriptRegistry.RegisteredTool, state: LuaState, door: Door) {
        self.id = id
        self.registered = registered
        self.state = state
        self.door = door
    }

    var definition: ToolDefinition { registered.definition }
    /// Its function is run again when a run is resumed; what it asks is answered by the journal.
    var isReplayable: Bool { true }
    var origin: ToolOrigin? { door.code.origin }

    func call(_ arguments: JSONValue, context: ToolContext) async throws -> ToolOutput {
        if registered.isDeferred { return try await deferred(arguments, context) }
        let about: JSONValue = ["id": .string(context.callID), "turn": .integer(Int64(context.turn))]
        return try Self.output(try await call("call_tool", .of(.integer(Int64(id)), arguments, about)))
    }

    /// The result that came from outside, recorded; without one the run waits for it.
    private func deferred(_ arguments: JSONValue, _ context: ToolContext) async throws -> ToolOutput {
        let name = definition.name
        guard let scope = JournalScope.current else {
            throw RunError(.configuration, "tool \"\(name)\": a deferred tool needs a journal, and this run keeps none")
        }
        let step = JournalStep(
            "deferred", name: name, request: ["call": .string(context.callID), "arguments": arguments])
        let results = door.environment.deferredResults
        let value = try await scope.perform(step, .deferred) {
            guard let result = results(context.callID) else {
                throw RunError(
                    .deferred,
                    "paused: call \(context.callID) of the deferred tool \"\(name)\" waits for its result; "
                        + "give it with: agent resume --result \(context.callID)=JSON")
            }
            return result
        }
        return value.stringValue.map { .text($0) } ?? .value(value)
    }

    private static func output(_ answer: LuaMessage) throws -> ToolOutput {
        let value = try answer.json(at: 1)
        switch try answer.json(at: 0).stringValue {
        case "text": return .text(value.stringValue ?? "")
        case "failure": return .failure(value.stringValue ?? "")
        default: return .value(value)
        }
    }

    func needsApproval(for arguments: JSONValue) async throws -> Bool {
        guard registered.asksScript else { return definition.needsApproval }
        let answer = try await JournalScope.beside {
            try await call("approve_tool", .of(.integer(Int64(id)), arguments))
        }
        return try answer.json(at: 0).boolValue ?? true
    }

    func onceKey(for arguments: JSONValue) async throws -> String? {
        guard registered.hasKey else { return nil }
        let answer = try await JournalScope.beside { try await call("once_tool", .of(.integer(Int64(id)), arguments)) }
        return try answer.json(at: 0).stringValue
    }

    func recover(_ arguments: JSONValue, key: String) async throws -> ToolRecovery {
        guard registered.recovers else { return .unknown }
        let answer = try await call("recover_tool", .of(.integer(Int64(id)), arguments, .string(key)))
        return try answer.json(at: 0).stringValue == "none" ? .notDone : .done(try Self.output(answer))
    }

    /// A call that the script itself makes of a tool whose calls have keys.
    func callOnce(_ arguments: JSONValue) async throws -> LuaAnswer {
        do {
            switch try await CheckedCall(self, arguments).run() {
            case .text(let text): return .json(.string(text))
            case .value(let value): return .json(value)
            case .failure(let reason): return .failure(reason)
            }
        } catch let fault as ToolFault {
            return .raise(fault.description)
        } catch let error as RunError where error.code == .configuration {
            return .raise(error.description)
        }
    }

    private func call(_ entry: String, _ arguments: LuaMessage) async throws -> LuaMessage {
        do {
            return try await door.enter(state, entry, arguments)
        } catch let error as LuaError {
            // It is for the operator: it may quote what the script was working with.
            let shown = error.redacted(by: door.environment.secrets)
            if shown.traceback.isEmpty { throw shown }
            throw LuaToolFailure(error: shown)
        }
    }
}

extension JournalForm<JSONValue> {
    fileprivate static var deferred: JournalForm { JournalForm(encode: { JournalAnswer($0) }, decode: { $0 }) }
}

/// An error in the function of a tool, for the operator: where it was raised, and how that was reached.
private struct LuaToolFailure: Error, CustomStringConvertible {
    let error: LuaError
    var description: String { error.message + "\n" + error.traceback }
}
