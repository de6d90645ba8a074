// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import JSONSchemaCore
import LuaRuntime

/// What a file is and asks for, found without letting it do anything.
public struct ScriptInspection: Sendable {
    /// A tool that the file registers.
    public struct FoundTool: Sendable {
        public let definition: ToolDefinition
        /// What the tool says it needs, and is held to; `nil` when it does not say, and may do what the run may.
        public let needs: ToolNeeds?
        /// What of that the environment does not grant.
        public let missing: ToolNeeds
    }

    /// What the file returned in the end.
    public enum Kind: Sendable, Equatable {
        case agent
        case tools
        case value
        /// It does its work itself: it came to an effect (`agent.run`, `http`, …) at `position`.
        case worksItself(operation: String, position: String)
    }

    /// An agent that the file makes.
    public struct FoundAgent: Sendable {
        /// The name of its model; `nil` when there is no such model, or no key for it, which `modelProblem` says.
        public let model: String?
        public let modelProblem: String?
        /// For structured output: what the model enforces of its schema.
        public let output: SchemaCoverage?
        /// The same for the arguments of its tools, by their names.
        public let tools: [(name: String, arguments: SchemaCoverage)]
        /// The names of its own guardrails by stage.
        public let guardrails: [(stage: GuardrailStage, names: [String])]
        /// Why they could not be made here; `nil` when they can.
        public let guardrailProblem: String?
    }

    public let kind: Kind
    public let tools: [FoundTool]
    public let agents: [FoundAgent]

    /// What the tools need together and the environment does not grant.
    public var missing: ToolNeeds { tools.reduce(ToolNeeds(Grants())) { $0.union($1.missing) } }

    /// Runs the top of `source` up to its first effect: tools and agents are made, schemas compiled, nothing is read,
    /// sent or asked.
    ///
    /// - Throws: ``ScriptError`` with file and line.
    public static func inspect(
        _ source: [UInt8], name: String, in environment: ScriptEnvironment
    ) async throws -> ScriptInspection {
        let door = Door(environment, mode: .inspect)
        let state = try LuaState(
            limits: environment.limits, modules: Script.modules, sandbox: environment.sandbox, output: { _ in })
        door.state = state
        // Functions of the file are looked for until the end.
        defer { withExtendedLifetime(state) {} }
        let kind = try await kind(of: source, name: name, state, door)
        let registry = door.registry
        let tools = try (1...max(1, registry.toolCount)).prefix(registry.toolCount).map { id in
            let tool = try registry.tool(id)
            let missing = door.capabilities.missing(tool.needs ?? ToolNeeds(Grants()))
            return FoundTool(definition: tool.definition, needs: tool.needs, missing: missing)
        }
        let agents = try (1...max(1, registry.agentCount)).prefix(registry.agentCount).map { id in
            try describe(try registry.agent(id), door)
        }
        return ScriptInspection(kind: kind, tools: tools, agents: agents)
    }

    private static func describe(_ spec: AgentSpec, _ door: Door) throws -> FoundAgent {
        var problem: String?
        var model: (any Model)?
        do {
            model = try door.environment.models.model(for: door.environment.overrides.apply(to: spec).model)
        } catch let error as ModelError {
            problem = error.description
        }
        let coverage = { (schema: JSONSchema) in
            SchemaCoverage(of: schema, enforced: model?.enforcedKeywords(of: schema.document) ?? [])
        }
        var output: SchemaCoverage?
        if case .schema(let schema, _) = spec.output { output = coverage(schema) }
        let tools = try spec.toolIDs.map { try door.registry.tool($0) }
        var guardrailProblem: String?
        do {
            _ = try door.environment.guardrails(with: spec.guardrails)
        } catch {
            guardrailProblem = "\(error)"
        }
        return FoundAgent(
            model: model?.name, modelProblem: problem, output: output,
            tools: tools.map { ($0.definition.name, coverage($0.schema)) },
            guardrails: spec.guardrails?.summary ?? [], guardrailProblem: guardrailProblem)
    }

    private static func kind(
        of source: [UInt8], name: String, _ state: LuaState, _ door: Door
    ) async throws -> Kind {
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
