// SPDX-License-Identifier: Apache-2.0

public import AgentCore
public import JSONCore
package import LuaRuntime

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
    /// The tools that the file returned, by their numbers.
    private let tools: [Int]?

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
        door = Door(environment, mode: .run, code: ScriptCode(source, name: name))
        state = try LuaState(
            limits: environment.limits, modules: Self.modules + (environment.addition?.modules ?? []),
            sandbox: environment.sandbox, output: environment.output)
        door.state = state
        do {
            if let scope = JournalScope.current {
                let seed = LuaMessage.of(.integer(scope.recorder.info.seed))
                _ = try await state.call(entry: "begin_recorded", arguments: seed)
                try await scope.turn()
            }
            let returned = try await state.run(
                chunk: source, name: name, arguments: arguments, host: door.answer,
                onStep: JournalScope.onStep)
            let value = try ReturnedValue(returned)
            if case .tools(let ids) = value { tools = ids } else { tools = nil }
            outcome = try Self.outcome(value, door)
        } catch let error as LuaError {
            let registry = door.registry
            throw ScriptError(
                error, in: name, denial: registry.denial, failedRun: registry.failure, block: registry.block,
                modelError: registry.modelError, secrets: environment.secrets)
        }
    }

    /// Asks whether the tools that the file returned have what they need. An agent is asked when it is made.
    ///
    /// - Throws: ``DeniedError`` with the flags that would grant what is missing.
    public func checkNeeds() throws {
        if let tools { try door.checkNeeds(of: tools) }
    }

    /// Calls an entry of one of the environment's modules.
    ///
    /// - Throws: ``LuaError``; `CancellationError`; what the environment threw.
    package func call(entry: String, _ arguments: LuaMessage = LuaMessage()) async throws -> LuaMessage {
        try await state.call(entry: entry, arguments: arguments, host: door.answer)
    }

    /// Stops whatever runs on the state, for good.
    package func stop() { state.cancel() }

    /// A function of the file as a guardrail.
    func guardrail(_ spec: GuardrailSpec) throws -> any Guardrail {
        try LuaGuardrail(spec, state: state, door: door)
    }

    static let modules = [
        LuaModule(name: "agent", source: PackageResources.agent_lua, onDemand: true),
        LuaModule(name: "agent.guardrails", source: PackageResources.guardrails_lua, onDemand: true),
        LuaModule(name: "agent.schema", source: PackageResources.schema_lua, onDemand: true),
        LuaModule(name: "agent.services", source: PackageResources.services_lua, onDemand: true),
        LuaModule(name: "agent.world", source: PackageResources.world_lua, onDemand: true),
    ]

    private static func outcome(_ returned: ReturnedValue, _ door: Door) throws -> Outcome {
        switch returned {
        case .agent(let id): .agent(try door.agent(try door.registry.agent(id)))
        case .tools(let ids): .tools(try ids.map { try door.luaTool($0) })
        case .value(let value): .value(value)
        }
    }
}

/// What a file returned, before the numbers in it are looked up.
enum ReturnedValue {
    case agent(Int)
    case tools([Int])
    case value(JSONValue?)

    // The fields by which agent.lua marks its tables.
    private static let agentMark = "\u{1}agent"
    private static let toolMark = "\u{1}tool"

    init(_ message: LuaMessage) throws(LuaError) {
        let value = try message.json(at: 0)
        if value[Self.agentMark] != nil {
            self = .agent(Self.id(value))
        } else if value[Self.toolMark] != nil {
            self = .tools([Self.id(value)])
        } else if case .array(let values) = value, !values.isEmpty, values.allSatisfy({ $0[Self.toolMark] != nil }) {
            self = .tools(values.map(Self.id))
        } else {
            self = .value(message.count == 0 || value.isNull ? .none : .some(value))
        }
    }

    private static func id(_ value: JSONValue) -> Int { Int(value["id"]?.integerValue ?? 0) }
}
