// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc

/// Measurements inside one process. `scripts/bench` runs them beside peers and physical limits.
@main
enum AgentBench {
    // Off the main actor: a hop from its thread to another costs more than most of what is measured.
    static func main() async throws {
        try await Task.detached { try await run() }.value
    }

    private static func run() async throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "tool-calls": try await ToolCallBench.run(calls: Int(arguments.dropFirst(2).first ?? "") ?? 300_000)
        case "concurrent-runs":
            try await ConcurrentRunsBench.run(
                server: arguments[2], runs: Int(arguments.dropFirst(3).first ?? "") ?? 1000)
        case "guardrails":
            try await GuardrailBench.run(
                sentences: Int(arguments.dropFirst(2).first ?? "") ?? 2000)
        case "local-speed": try await LocalSpeedBench.run()
        default:
            print("usage: agent-bench tool-calls [N] | guardrails [N] | concurrent-runs SERVER_URL [N] | local-speed")
            exit(2)
        }
    }
}

/// What the process has used so far.
struct Resources {
    /// Seconds of CPU, user and system.
    let cpu: Double
    /// Largest resident size, MB.
    let peakMegabytes: Double

    static var now: Resources {
        var usage = rusage()
        getrusage(Int32(0), &usage)  // 0 is RUSAGE_SELF; Glibc imports the constant as another type.
        let seconds = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
        return Resources(cpu: seconds, peakMegabytes: Double(usage.ru_maxrss) / 1024)
    }
}

/// Runs `body` and tells its wall and CPU seconds.
func measure(_ body: () async throws -> Void) async rethrows -> (wall: Double, cpu: Double) {
    let (start, before) = (ContinuousClock.now, Resources.now)
    try await body()
    let wall = ContinuousClock.now - start
    return (
        Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18, Resources.now.cpu - before.cpu
    )
}

func rounded(_ value: Double, _ digits: Int = 2) -> String {
    let scale = (0..<digits).reduce(1.0) { result, _ in result * 10 }
    return "\((value * scale).rounded() / scale)"
}
