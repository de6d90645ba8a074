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
    var origin: ToolOrigin? { door.code.origin }

    func call(_ arguments: JSONValue, context: ToolContext) async throws -> ToolOutput {
        let about: JSONValue = ["id": .string(context.callID), "turn": .integer(Int64(context.turn))]
        let answer = try await call("call_tool", .of(.integer(Int64(id)), arguments, about))
        let value = try answer.json(at: 1)
        switch try answer.json(at: 0).stringValue {
        case "text": return .text(value.stringValue ?? "")
        case "failure": return .failure(value.stringValue ?? "")
        default: return .value(value)
        }
    }

    func needsApproval(for arguments: JSONValue) async throws -> Bool {
        guard registered.asksScript else { return definition.needsApproval }
        let answer = try await call("approve_tool", .of(.integer(Int64(id)), arguments))
        return try answer.json(at: 0).boolValue ?? true
    }

    private func call(_ entry: String, _ arguments: LuaMessage) async throws -> LuaMessage {
        do {
            return try await state.call(entry: entry, arguments: arguments, host: door.answer)
        } catch let error as LuaError {
            // It is for the operator: it may quote what the script was working with.
            let shown = error.redacted(by: door.environment.secrets)
            if shown.traceback.isEmpty { throw shown }
            throw LuaToolFailure(error: shown)
        }
    }
}

/// An error in the function of a tool, for the operator: where it was raised, and how that was reached.
private struct LuaToolFailure: Error, CustomStringConvertible {
    let error: LuaError
    var description: String { error.message + "\n" + error.traceback }
}
