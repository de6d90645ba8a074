// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// Where scripts run, and what they may use up there.
struct SandboxOptions: ParsableArguments {
    @Flag(help: "Run each script in a process of its own that has no files, no network and no other processes.")
    var isolate = false
    @Option(
        help: ArgumentHelp(
            "CPU time that one call into a script may take; 0: no limit.", valueName: "seconds"))
    var luaCpu: Double = 10
    @Option(help: ArgumentHelp("Memory that a script may hold, at most 65536.", valueName: "MiB"))
    var luaMemory: Int = 64

    func validate() throws {
        guard (0...1e9).contains(luaCpu) else {
            throw ValidationError("--lua-cpu: expected 0 to 1000000000 seconds, found \(luaCpu)")
        }
        guard (1...65536).contains(luaMemory) else {
            throw ValidationError("--lua-memory: expected 1 to 65536 MiB, found \(luaMemory)")
        }
    }

    // No worker is kept ready: a command knows its scripts, and starts what it needs.
    private static let isolated = Sandbox.isolated(in: LuaWorkerPool(warm: 0))

    func apply(to environment: inout ScriptEnvironment) {
        environment.sandbox = isolate ? Self.isolated : .inProcess
        environment.limits.memoryBytes = luaMemory << 20
        environment.limits.computeTime = luaCpu == 0 ? nil : .seconds(luaCpu)
    }

    /// What the person at the command line can do about a limit that ended a script.
    static func advice(on code: LuaError.Code) -> String {
        switch code {
        case .timeout: "; allow more with --lua-cpu=SECONDS"
        case .memory: "; allow more with --lua-memory=MIB"
        default: ""
        }
    }
}
