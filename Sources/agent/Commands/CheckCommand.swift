// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", _superCommandName: "agent", abstract: "Loads a file without running its agent.",
        discussion: """
            Shows its tools, their effects, their schemas and the grants they need, and which of those \
            the flags given here leave out. Nothing is read, sent or asked.
            """)

    @OptionGroup var grants: GrantOptions
    @Flag(help: "Print one JSON object.") var json = false
    @OptionGroup var walls: SandboxOptions
    @Argument(help: "The Lua file.") var file: String

    func run() async throws {
        let script = try ScriptFile(file)
        let host = RuntimeHost(variables: environmentVariable, secrets: Console.secrets)
        var environment = host.scriptEnvironment(grants: grants.grants)
        walls.apply(to: &environment)
        let found = try await ScriptInspection.inspect(script.source, name: script.path, in: environment)
        Console.out(json ? try found.json.serialized() + "\n" : describe(found))
    }

    private func describe(_ found: ScriptInspection) -> String {
        var lines = ["\(file): " + Self.sentence(found)]
        for tool in found.tools {
            let definition = tool.definition
            lines.append(
                "  tool \(definition.name) (\(definition.effect.rawValue)): \(Printable.short(definition.description))")
            lines += Self.parameters(definition.parameters).map { "    " + $0 }
            lines += (tool.needs?.flags ?? []).map { "    needs \(Printable.escaped($0))" }
        }
        lines += found.agents.flatMap(Self.coverage) + found.agents.flatMap(Self.guardrails)
        let missing = found.missing.flags
        if !missing.isEmpty {
            let isTools = found.kind == .tools
            let line = grants.commandLine(
                isTools ? "ask" : "run", adding: missing, isTools ? ["-t", file] : [file])
            lines.append("  not granted: \(Printable.escaped(missing.joined(separator: " ")))")
            lines.append("  if you trust it with that, run: \(Printable.escaped(line))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What of each schema the agent's model enforces, and what is checked after.
    private static func coverage(_ agent: ScriptInspection.FoundAgent) -> [String] {
        let schemas =
            agent.tools.map { ("arguments of \($0.name)", $0.arguments) }
            + (agent.output.map { [("output", $0)] } ?? [])
        guard !schemas.isEmpty else { return [] }
        let model = agent.model ?? "no model: \(Printable.short(agent.modelProblem ?? ""))"
        return schemas.flatMap { name, coverage in
            ["  \(name) (\(model)):"] + coverage.lines.map { "    " + $0 }
        }
    }

    private static func guardrails(_ agent: ScriptInspection.FoundAgent) -> [String] {
        agent.guardrails.map {
            "  guardrails of \($0.stage.rawValue): \(Printable.short($0.names.joined(separator: ", ")))"
        }
            + (agent.guardrailProblem.map { ["  guardrails cannot be had: \(Printable.short($0))"] } ?? [])
    }

    private static func sentence(_ found: ScriptInspection) -> String {
        let tools = "\(found.tools.count) tool" + (found.tools.count == 1 ? "" : "s")
        return switch found.kind {
        case .agent: "an agent with \(tools)"
        case .tools: tools
        case .value: "a script that returns a value, with \(tools)"
        case .worksItself(let operation, let position):
            "does its work itself (\(operation) at \(position)), with \(tools) made before"
        }
    }

    private static func parameters(_ schema: JSONValue) -> [String] {
        let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        return (schema["properties"]?.objectValue ?? [:]).map { name, field in
            let kind =
                field["type"]?.stringValue
                ?? (field["enum"] != nil ? "one of \((try? field["enum"]?.serialized()) ?? "")" : "any")
            let about = field["description"]?.stringValue.map { ": \(Printable.short($0))" } ?? ""
            return "\(name) (\(kind)\(required.contains(name) ? "" : ", optional"))\(about)"
        }
    }
}

extension ScriptInspection {
    var json: JSONValue {
        let kindName =
            switch kind {
            case .agent: "agent"
            case .tools: "tools"
            case .value: "value"
            case .worksItself: "works_itself"
            }
        var fields: JSONObject = [
            "kind": .string(kindName), "agents": .array(agents.map(\.json)), "tools": .array(tools.map(\.json)),
        ]
        if !missing.isEmpty { fields["missing_flags"] = .array(missing.flags.map { .string($0) }) }
        return .object(fields)
    }
}

extension ScriptInspection.FoundTool {
    fileprivate var json: JSONValue {
        var fields: JSONObject = [
            "name": .string(definition.name), "description": .string(definition.description),
            "effect": .string(definition.effect.rawValue), "parameters": definition.parameters,
            "declares_needs": .bool(needs != nil), "needs": .object(needs?.json ?? [:]),
        ]
        if !missing.isEmpty { fields["missing"] = .object(missing.json) }
        return .object(fields)
    }
}

extension ScriptInspection.FoundAgent {
    fileprivate var json: JSONValue {
        var fields: JSONObject = [:]
        if let model { fields["model"] = .string(model) }
        if let modelProblem { fields["model_problem"] = .string(modelProblem) }
        if let output { fields["output"] = output.json }
        if !guardrails.isEmpty {
            fields["guardrails"] = .object(
                JSONObject(guardrails.map { ($0.stage.rawValue, JSONValue.array($0.names.map { .string($0) })) }))
        }
        if let guardrailProblem { fields["guardrail_problem"] = .string(guardrailProblem) }
        fields["tools"] = .object(JSONObject(tools.map { ($0.name, $0.arguments.json) }))
        return .object(fields)
    }
}

extension SchemaCoverage {
    fileprivate var json: JSONValue {
        .array(
            keywords.map { keyword in
                [
                    "keyword": .string(keyword.name), "location": .string(keyword.location.description),
                    "enforced": .bool(keyword.isEnforced),
                ]
            })
    }
}
