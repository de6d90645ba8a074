// SPDX-License-Identifier: Apache-2.0

import AgentCore
import Evaluation
import JSONCore
import JSONSchemaCore
import LuaAgents
import LuaRuntime

/// Answers what test.lua asks.
struct TestOperations: Sendable {
    let context: TestContext

    /// - Returns: `nil` for what is an operation of every script.
    func answer(_ request: DoorRequest, _ position: String) async throws -> LuaAnswer? {
        switch request.operation {
        case "test.looking": return .json(.bool(context.test == nil))
        case "test.register": return try register(request, position)
        case "test.run": return try await run(request, position)
        case "test.load": return try await load(request, position)
        case "test.tool": return try await call(request, position)
        case "test.stop": throw TestContext.Stop()
        case "test.skip":
            context.skip(try request.string(0, "reason"))
            throw TestContext.Stop()
        case "test.seen":
            context.see(try request.integer(0, "run"))
            return .nothing
        default:
            guard request.operation.hasPrefix("test.") else { return nil }
            return .json(.bool(try check(request, position)))
        }
    }

    private func register(_ request: DoorRequest, _ position: String) throws -> LuaAnswer {
        let name = try request.string(0, "name")
        guard !name.isEmpty else { throw Misuse("agent.test: a test needs a name") }
        let options = Optional(try request.json(1)).asArguments
        let skip: String? =
            switch options["skip"] {
            case nil, .null, .bool(false): nil
            case .string(let reason): reason
            default: ""
            }
        let timeout = options["timeout"]
        if let timeout, !timeout.isNull {
            guard let seconds = timeout.doubleValue, seconds > 0, seconds <= 1e6 else {
                throw Misuse(
                    "agent.test '\(name)': timeout: expected seconds, more than 0, found \(Shown.value(timeout))")
            }
        }
        try context.register(
            RegisteredTest(
                number: context.nextNumber, name: name, position: position, skip: skip, timeout: timeout?.doubleValue))
        return .nothing
    }

    // MARK: - Runs

    private func run(_ request: DoorRequest, _ position: String) async throws -> LuaAnswer {
        let spec = try TaskSpec(
            task: try request.string(0, "task"), input: try request.json(1), options: try request.json(2))
        let run = try await TaskRunner(context: context, spec: spec, position: position).run()
        return .json(run.value(id: context.add(run)))
    }

    /// Runs a file for its tools.
    private func load(_ request: DoorRequest, _ position: String) async throws -> LuaAnswer {
        let spec = try TaskSpec(
            task: try request.string(0, "file"), options: try request.json(1), call: "t:load")
        let loaded = try await TaskRunner(context: context, spec: spec, position: position).load()
        let tools: [any Tool] =
            switch loaded.outcome {
            case .agent(let agent): agent.tools
            case .tools(let tools): tools
            case .value: throw Misuse("t:load: \(spec.task) returns neither an agent nor tools")
            }
        var message = LuaMessage()
        message.append(Int64(context.add(LoadedTools(tools, asked: loaded.asked))))
        message.append(.array(tools.map { .string($0.definition.name) }))
        return .values(message)
    }

    /// Calls a tool as a model would: validated, with defaults. Nobody is asked for approval.
    private func call(_ request: DoorRequest, _ position: String) async throws -> LuaAnswer {
        let loaded = try context.tools(try request.integer(0, "tool"))
        let tool = try loaded.named(try request.string(1, "name"))
        let answer = try await answer(of: tool, try Self.arguments(try request.json(2), of: tool))
        try context.stopIfMissing(loaded.asked, at: position)
        return answer
    }

    private static func arguments(_ value: JSONValue, of tool: any Tool) throws -> JSONValue {
        let schema = try JSONSchema(tool.definition.parameters, options: .assertingFormats)
        let arguments = schema.filledDefaults(in: Optional(value).asArguments)
        let errors = schema.validate(arguments)
        guard errors.isEmpty else {
            throw Misuse("tool '\(tool.definition.name)': " + errors.map { "\($0)" }.joined(separator: "; "))
        }
        return arguments
    }

    private func answer(of tool: any Tool, _ arguments: JSONValue) async throws -> LuaAnswer {
        do {
            switch try await tool.call(arguments, context: ToolContext(callID: "test", turn: 1)) {
            case .text(let text): return .json(.string(text))
            case .value(let value): return .json(value)
            case .failure(let reason): return .failure(reason)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .raise("\(error)")
        }
    }

    // MARK: - Checks

    private func check(_ request: DoorRequest, _ position: String) throws -> Bool {
        switch request.operation {
        case "test.check":
            let message = try request.json(1).stringValue ?? ""
            return context.check(try request.json(0) == true, message, at: position)
        case "test.equal":
            let pair = try request.json(0)
            let what = try request.string(1, "what")
            let fault = Shown.difference(found: pair["found"] ?? .null, expected: pair["expected"] ?? .null)
            return note(fault.map { what.isEmpty ? $0 : "\(what): \($0)" }, position)
        case "test.contains": return note(Containing.fault(try request.json(0)), position)
        default:
            let id = try request.integer(0, "run")
            let checks = RunChecks(run: try context.run(id))
            if ["test.failed", "test.finished"].contains(request.operation) { context.see(id) }
            return note(try checks.fault(request), position)
        }
    }

    private func note(_ fault: String?, _ position: String) -> Bool {
        context.check(fault == nil, fault ?? "", at: position)
    }
}

/// Whether a value has a part: `t:contains`.
enum Containing {
    /// - Parameter pair: `{ whole, part }`.
    static func fault(_ pair: JSONValue) -> String? {
        let (whole, part) = (pair["whole"] ?? .null, pair["part"] ?? .null)
        if case .array(let elements) = whole, part.arrayValue == nil {
            if elements.contains(where: { $0.has(part) }) { return nil }
            return "expected a list with \(Shown.value(part)), found \(Shown.value(whole))"
        }
        return whole.has(part) ? nil : Shown.difference(found: whole.cut(to: part), expected: part)
    }
}

extension JSONValue {
    /// Of the members of objects, those that `other` has as well: what is left is compared.
    func cut(to other: JSONValue) -> JSONValue {
        switch (self, other) {
        case (.object(let mine), .object(let wanted)):
            .object(JSONObject(mine.compactMap { key, value in wanted[key].map { (key, value.cut(to: $0)) } }))
        case (.array(let mine), .array(let wanted)) where mine.count == wanted.count:
            .array(zip(mine, wanted).map { $0.cut(to: $1) })
        default: self
        }
    }
}
