// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Many runs at once in one process against a server on loopback: each calls a Lua tool, then answers.
enum ConcurrentRunsBench {
    static func run(server: String, runs: Int) async throws {
        let transport = AsyncHTTPClientTransport()
        let model = try MistralModel(name: "mock", apiKey: "none", serverURL: server, transport: transport)
        let source = """
            local agent = require "agent"
            return agent.tool { name = "double", parameters = { n = agent.schema.integer {} }, effect = "read",
              run = function(args) return { n = args.n * 2 } end }
            """
        let script = try await Script.run(
            Array(source.utf8), name: "bench.lua", in: ScriptEnvironment(models: NoModels()))
        guard case .tools(let tools) = script.outcome else { return }
        let agent = Agent(model: model, tools: tools)
        var finished = 0
        var toolCalls = 0
        let time = try await measure {
            try await withThrowingTaskGroup(of: RunResult.self) { group in
                for _ in 0..<runs { group.addTask { try await agent.run("double 21") } }
                for try await result in group {
                    finished += 1
                    toolCalls += result.toolCalls.filter { !$0.result.isError }.count
                }
            }
        }
        print(
            "\(runs) concurrent runs: \(finished) finished, \(toolCalls) tool calls, \(runs - finished) lost; wall "
                + "\(rounded(time.wall)) s, CPU \(rounded(time.cpu)) s, peak RSS \(rounded(Resources.now.peakMegabytes, 1)) MB"
        )
        await transport.shutdown()
    }
}
