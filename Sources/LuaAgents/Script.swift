// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore
public import LuaRuntime

/// A Lua file that has been run: what it returned, and the tools it made, ready to be called.
///
/// The Lua state lives as long as the script or one of its tools and agents.
public final class Script: Sendable {
    /// What a file returned.
    public enum Outcome: Sendable {
        /// `return agent.new { … }`.
        case agent(Agent)
        /// `return agent.tool { … }`, or a list of tools.
        case tools([any Tool])
        /// Anything else; `nil` when it returned nothing.
        case value(JSONValue?)
    }

    public let outcome: Outcome
    private let state: LuaState
    private let door: Door

    /// Runs `source` to its end.
    ///
    /// - Parameters:
    ///   - name: what errors call the file, and `arg[0]`.
    ///   - arguments: `arg[1]` and on.
    /// - Throws: ``LuaError`` with file and line; `CancellationError` when the task was cancelled.
    public static func run(
        _ source: [UInt8], name: String, arguments: [String] = [], in environment: ScriptEnvironment
    ) async throws -> Script {
        try await Script(source, name: name, arguments: arguments, environment: environment)
    }

    private init(
        _ source: [UInt8], name: String, arguments: [String], environment: ScriptEnvironment
    ) async throws {
        door = Door(environment, mode: .run)
        state = try LuaState(limits: environment.limits, modules: Self.modules, output: environment.output)
        door.state = state
        do {
            let returned = try await state.run(chunk: source, name: name, arguments: arguments, host: door.answer)
            let description = try await state.call(entry: "describe", arguments: returned, host: door.answer)
            outcome = try Self.outcome(description, door)
        } catch let error as LuaError {
            throw ScriptError(error, denial: door.registry.denial, failedRun: door.registry.failure)
        }
    }

    static let modules = [
        LuaModule(name: "agent.schema", source: PackageResources.schema_lua),
        LuaModule(name: "agent", source: PackageResources.agent_lua),
    ]

    private static func outcome(_ description: LuaMessage, _ door: Door) throws -> Outcome {
        let value = try description.json(at: 1)
        switch try description.json(at: 0).stringValue {
        case "agent": return .agent(try door.agent(try door.registry.agent(Int(value.integerValue ?? 0))))
        case "tools": return .tools(try (value.arrayValue ?? []).map { try door.luaTool(Int($0.integerValue ?? 0)) })
        default: return .value(description.count < 2 || value.isNull ? nil : value)
        }
    }
}
