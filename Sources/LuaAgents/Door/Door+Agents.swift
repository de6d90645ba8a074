// SPDX-License-Identifier: Apache-2.0

import AgentCore
import JSONCore
import JSONSchemaCore
import LuaRuntime

extension Door {
    // MARK: - Tools

    func newTool(_ request: DoorRequest) throws -> LuaAnswer {
        let spec = try request.json(0)
        let tool = try Self.tool(from: spec)
        return .json(.integer(Int64(registry.add(tool))))
    }

    private static func tool(from spec: JSONValue) throws -> ScriptRegistry.RegisteredTool {
        let name = spec["name"]?.stringValue ?? ""
        let place = "agent.tool '\(name)'"
        guard name.isToolName else { throw Misuse("\(place): name: expected 1 to 64 of A-Z, a-z, 0-9, '_' and '-'") }
        let parameters = spec["parameters"] ?? ["type": "object", "properties": [:]]
        let word = spec["effect"]?.stringValue ?? "write"
        guard let effect = ToolDefinition.Effect(rawValue: word) else {
            throw Misuse("\(place): effect: expected \"read\", \"write\" or \"final\", found \"\(word)\"")
        }
        let timeout = try spec["timeout"].map { value throws(Misuse) in
            Duration.seconds(try SpecField("\(place): timeout", value).number(in: 0.001...1e6))
        }
        let definition = ToolDefinition(
            name: name, description: spec["description"]?.stringValue ?? "", parameters: parameters, effect: effect,
            needsApproval: spec["approve"]?.boolValue, timeout: timeout,
            strict: spec["strict"]?.boolValue ?? false)
        return ScriptRegistry.RegisteredTool(
            definition: definition, schema: try SpecField("\(place): parameters", parameters).schema(),
            asksScript: spec["approve"]?.stringValue == "ask", hasKey: spec["once"]?.boolValue ?? false,
            recovers: spec["recover"]?.boolValue ?? false, isDeferred: spec["deferred"]?.boolValue ?? false,
            needs: try spec["needs"].map { value throws(Misuse) in try ToolNeeds(value, place) })
    }

    func validateArguments(_ request: DoorRequest) throws -> LuaAnswer {
        let tool = try registry.tool(Int(try request.integer(0, "tool")))
        let arguments = tool.schema.filledDefaults(in: try request.json(1))
        let errors = tool.schema.validate(arguments)
        guard errors.isEmpty else {
            throw Misuse("tool '\(tool.definition.name)': " + errors.map { "\($0)" }.joined(separator: "; "))
        }
        return .json(arguments)
    }

    func libraryTool(_ request: DoorRequest) throws -> LuaAnswer {
        let name = try request.string(0, "name")
        guard let found = environment.library(name) else {
            throw Misuse(
                "there is no tool '\(name)' in the tool library (it has: \(BuiltinTools.names.joined(separator: ", ")))"
            )
        }
        code.add(found.source)
        var message = LuaMessage()
        message.append(found.source)
        message.append(found.name)
        return .values(message)
    }

    // MARK: - Agents

    func newAgent(_ request: DoorRequest) throws -> LuaAnswer {
        let spec = try AgentSpec(try request.json(0)) { field throws(Misuse) in try guardrails(field) }
        var names: Set<String> = []
        for id in spec.toolIDs {
            let name = try registry.tool(id).definition.name
            guard names.insert(name).inserted else {
                throw Misuse("agent.new: tools: two tools have the name \"\(name)\"")
            }
        }
        if case .named(let name) = spec.toolChoice, !names.contains(name) {
            throw Misuse("agent.new: tool_choice names \"\(name)\", which is not one of the agent's tools")
        }
        return .json(.integer(Int64(registry.add(spec))))
    }

    func runAgent(_ request: DoorRequest) async throws -> LuaAnswer {
        let (agent, messages) = try prepare(request)
        do {
            let observe = environment.observe
            let secrets = environment.secrets
            // Whoever wants pieces asks for a stream, so each text is whole.
            let result = try await agent.run(messages, streams: false) { await observe($0.redacted(by: secrets)) }
            registry.noteFailure(nil)
            return .json(result.scriptValue)
        } catch let error as RunError {
            // What the host throws is not the script's to handle, and neither is a call that waits for a person.
            if error.code == .host, let cause = error.cause { throw cause }
            if error.code == .approval || error.code == .deferred { throw error }
            let report = error.block
            registry.noteFailure(error.description, block: report)
            return .failure(error.description, details: report.map { .object($0.scriptFields) })
        }
    }

    func openStream(_ request: DoorRequest) throws -> LuaAnswer {
        let (agent, messages) = try prepare(request)
        // It goes on beside the script.
        let line = JournalScope.current.map { $0.line() }
        line?.mayBeLeft()
        let stream = JournalScope.$current.withValue(line) { EventStream(agent.stream(messages), line: line) }
        return .json(.integer(Int64(registry.add(stream))))
    }

    func nextEvent(_ request: DoorRequest) async throws -> LuaAnswer {
        let id = Int(try request.integer(0, "stream"))
        guard let stream = registry.stream(id), let event = await stream.next() else {
            registry.removeStream(id)
            return .nothing
        }
        for shown in await stream.redacted(event, by: environment.secrets) { await environment.observe(shown) }
        if case .done = event { registry.noteFailure(nil) }
        if case .failed(let error) = event {
            if error.code == .approval || error.code == .deferred { throw error }
            if let report = error.block {
                registry.noteFailure(error.description, block: report)
            }
        }
        return .json(event.scriptValue)
    }

    func closeStream(_ id: Int64) -> LuaAnswer {
        if let line = registry.stream(Int(id))?.line { line.abandon(line.path) }
        registry.removeStream(Int(id))
        return .nothing
    }

    private func prepare(_ request: DoorRequest) throws -> (Agent, [Message]) {
        let spec = try registry.agent(Int(try request.integer(0, "agent")))
        let messages = try Message.conversation(try request.json(1))
        do {
            return (try agent(spec), messages)
        } catch let error as ModelError {
            registry.noteModelError(error)
            throw Misuse(error.description)
        }
    }

    /// The agent that `spec` describes, with the host's overrides.
    ///
    /// - Throws: ``DeniedError`` when its tools need what is not granted, or the script's own model would go where the script may
    ///   not; ``ModelError`` when there is a limit of money and the model has no price.
    func agent(_ spec: AgentSpec) throws -> Agent {
        try checkNeeds(of: spec.toolIDs)
        try checkModel(spec.model)
        let model =
            spec.model == nil || environment.overrides.replacesModel
            ? try environment.models.model(for: environment.overrides.model)
            : try environment.models.model(for: spec.model) {
                guarded($0, "agent.new: model", servers: operatorServers)
            }
        let spec = environment.overrides.apply(to: spec)
        let agent = Agent(
            model: model, instructions: spec.instructions,
            tools: try spec.toolIDs.map { try luaTool($0) }, toolChoice: spec.toolChoice, output: spec.output,
            options: spec.options, limits: spec.limits, approvals: environment.approvals,
            approver: environment.approver, guardrails: try environment.guardrails(with: spec.guardrails),
            ledger: environment.ledger)
        try agent.checkPrices()
        return agent
    }

    /// A tool that could only fail is told of before a model is paid for.
    func checkNeeds(of tools: [Int]) throws {
        var all = ToolNeeds(Grants())
        var names: [String] = []
        for tool in try tools.map({ try registry.tool($0) }) {
            let missing = capabilities.missing(tool.needs ?? ToolNeeds(Grants()))
            guard !missing.isEmpty else { continue }
            names.append(tool.definition.name)
            all = all.union(missing)
        }
        guard let first = names.first else { return }
        let who = names.count == 1 ? "the tool '\(first)' needs" : "the tools \(names.joined(separator: ", ")) need"
        throw DeniedError("\(who) what is not granted", flags: all.flags)
    }

    func luaTool(_ id: Int) throws -> LuaTool {
        guard let state else { throw Misuse("the script has ended") }
        let tool = try registry.tool(id)
        return LuaTool(id: id, registered: tool, state: state, door: narrowed(to: tool))
    }

    /// A call that a script itself makes of a tool that declares its needs: held to them like a call of a model.
    func callTool(_ request: DoorRequest) async throws -> LuaAnswer {
        let id = try request.integer(0, "tool")
        let tool = try registry.tool(Int(id))
        guard let state else { throw Misuse("the script has ended") }
        let arguments = try request.json(1)
        let narrow = narrowed(to: tool)
        if tool.hasKey || tool.isDeferred {
            return try await LuaTool(id: Int(id), registered: tool, state: state, door: narrow).callOnce(arguments)
        }
        let about: JSONValue = ["id": "direct", "turn": 0]
        let step = JournalStep(
            "tool.call", name: tool.definition.name, effect: tool.definition.effect, request: arguments)
        let answer = try await JournalScope.within(step, .door) {
            do {
                let message = LuaMessage.of(.integer(id), arguments, about)
                return DoorAnswer(.values(try await narrow.enter(state, "call_tool_directly", message)))
            } catch let error as LuaError where error.code == .runtime {
                return DoorAnswer(.raise(error.message))
            }
        }
        return answer.answer
    }
}
