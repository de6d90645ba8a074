// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// A tool call through the whole bridge: arguments text → parsed → validated → Lua → result text.
enum ToolCallBench {
    static func run(calls: Int) async throws {
        let source = """
            local agent = require "agent"
            local s = agent.schema
            return agent.tool {
              name = "get_weather", effect = "read",
              parameters = { city = s.string {}, unit = s.enum { "celsius", "fahrenheit", default = "celsius" } },
              run = function(args) return { city = args.city, celsius = -4, unit = args.unit } end,
            }
            """
        let script = try await Script.run(
            Array(source.utf8), name: "bench.lua", in: ScriptEnvironment(models: NoModels()))
        guard case .tools(let tools) = script.outcome, let tool = tools.first else { return }
        let schema = try JSONSchema(tool.definition.parameters)
        var bytes = 0
        var best = 0.0
        for _ in 0..<5 {
            let time = try await measure {
                for index in 0..<(calls / 5) {
                    bytes += try await call(tool, schema, #"{"city":"Oslo","unit":"celsius"}"#, index).utf8.count
                }
            }
            best = max(best, Double(calls / 5) / time.cpu)
        }
        print(
            "tool call through the bridge: \(Int(best)) calls/s of one core (best of 5; \(bytes / calls) bytes of result)"
        )
    }

    private static func call(_ tool: any Tool, _ schema: JSONSchema, _ text: String, _ index: Int) async throws
        -> String
    {
        let arguments = schema.filledDefaults(in: try JSONValue(parsing: text))
        guard schema.isValid(arguments) else { return "" }
        guard case .value(let value) = try await tool.call(arguments, context: ToolContext(callID: "c", turn: index))
        else {
            return ""
        }
        return try value.serialized()
    }
}

/// For scripts that call no model.
struct NoModels: ModelProvider {
    func model(for reference: JSONValue?) throws -> any Model {
        throw ModelError(.configuration, "there is no model here")
    }
}
