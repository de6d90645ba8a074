// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore
import LuaRuntime

/// What a file is and asks for, found without letting it do anything.
public struct ScriptInspection: Sendable {
    /// A tool that the file registers.
    public struct FoundTool: Sendable {
        public let definition: ToolDefinition
        /// The grants that the tool says it needs: lists by `net`, `read`, `write`, `env`, `exec`.
        public let needs: JSONObject
    }

    /// What the file returned in the end.
    public enum Kind: Sendable, Equatable {
        case agent
        case tools
        case value
        /// It does its work itself: it came to an effect (`agent.run`, `http`, …) at `position`.
        case worksItself(operation: String, position: String)
    }

    public let kind: Kind
    public let tools: [FoundTool]
    public let agents: Int

    /// Runs the top of `source` up to its first effect: tools and agents are made, schemas compiled, nothing is read,
    /// sent or asked.
    ///
    /// - Throws: ``ScriptError`` with file and line.
    public static func inspect(
        _ source: [UInt8], name: String, in environment: ScriptEnvironment
    ) async throws -> ScriptInspection {
        let door = Door(environment, mode: .inspect)
        let kind = try await kind(of: source, name: name, door)
        let registry = door.registry
        let tools = try (1...max(1, registry.toolCount)).prefix(registry.toolCount).map { id in
            let tool = try registry.tool(id)
            return FoundTool(definition: tool.definition, needs: tool.needs)
        }
        return ScriptInspection(kind: kind, tools: tools, agents: registry.agentCount)
    }

    private static func kind(of source: [UInt8], name: String, _ door: Door) async throws -> Kind {
        let state = try LuaState(limits: door.environment.limits, modules: Script.modules, output: { _ in })
        door.state = state
        do {
            let returned = try await state.run(chunk: source, name: name, arguments: [], host: door.answer)
            switch try ReturnedValue(returned) {
            case .agent: return .agent
            case .tools: return .tools
            case .value: return .value
            }
        } catch let stop as StoppedAtEffect {
            return .worksItself(operation: DoorRequest.shown(stop.operation), position: stop.position)
        } catch let error as LuaError {
            throw ScriptError(error, in: name)
        }
    }
}
