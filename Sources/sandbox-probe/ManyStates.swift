// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import JSONCore
import LuaRuntime

/// Agents with a sandboxed state each, all alive at once.
struct ManyStates {
    let count: Int

    private static let source = """
        local agent = require "agent"
        local s = agent.schema
        local add = agent.tool { name = "add", description = "Adds.", parameters = { a = s.number {}, b = s.number {} },
          effect = "read", run = function(args) return args.a + args.b end }
        return agent.new { model = "mistral:mock", instructions = "Be brief.", tools = { add } }
        """

    func run() async throws {
        let host = RuntimeHost(variables: { $0 == "MISTRAL_API_KEY" ? "none" : nil })
        let environment = host.scriptEnvironment(grants: .none)
        let before = Self.residentBytes()
        let start = ContinuousClock.now
        var scripts: [Script] = []
        for number in 0..<count {
            scripts.append(
                try await Script.run(Array(Self.source.utf8), name: "agent-\(number).lua", in: environment))
        }
        let took = (ContinuousClock.now - start) / .milliseconds(1)
        let bytes = Self.residentBytes() - before
        let each = Double(bytes) / Double(count) / 1024
        print(
            "\(scripts.count) agents, a sandboxed state and a tool each: \(Int(took)) ms, \(bytes >> 20) MB resident, "
                + "\((each * 10).rounded() / 10) KB each")
        await host.shutdown()
    }

    private static func residentBytes() -> Int {
        let words = String(decoding: (try? CorpusRun.read("/proc/self/statm")) ?? [], as: UTF8.self).split(
            separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}
