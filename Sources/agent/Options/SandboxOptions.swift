// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// Where scripts run.
struct SandboxOptions: ParsableArguments {
    @Flag(help: "Run each script in a process of its own that has no files, no network and no other processes.")
    var isolate = false

    // No worker is kept ready: a command knows its scripts, and starts what it needs.
    private static let isolated = Sandbox.isolated(in: LuaWorkerPool(warm: 0))

    var sandbox: Sandbox { isolate ? Self.isolated : .inProcess }
}
