// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Glibc
import LuaRuntime

/// Puts scripts that were written to break out, or to never end, into the sandbox, and measures what the sandbox costs.
@main struct SandboxProbe {
    /// `--isolated` puts every script into a worker process. Its patience is long, so that on a loaded machine an ending is the
    /// script's own.
    static let sandbox: Sandbox =
        CommandLine.arguments.contains("--isolated")
        ? .isolated(in: LuaWorkerPool(patience: .seconds(10))) : .inProcess

    static func main() async throws {
        var arguments = CommandLine.arguments.dropFirst().filter { $0 != "--isolated" }
        let command = arguments.isEmpty ? "" : arguments.removeFirst()
        let sandbox: Sandbox = arguments.contains("--isolate") ? .isolated : .inProcess
        arguments.removeAll { $0 == "--isolate" }
        switch command {
        case "corpus": try await CorpusRun(folder: arguments[0], ids: arguments.dropFirst(), in: sandbox).run()
        case "kernel": try await KernelRun(file: arguments[0], sandbox: sandbox).run()
        case "stops": try await StopLatency(count: Int(arguments[0]) ?? 100, sandbox: sandbox).run()
        case "states": try await ManyStates(count: Int(arguments[0]) ?? 10_000).run()
        default:
            write(
                "usage: sandbox-probe [--isolated] corpus FOLDER [ID…] | kernel FILE | stops COUNT | states COUNT\n",
                to: STDERR_FILENO)
            exit(2)
        }
    }
}

/// Unbuffered, so that a line is out before the next case can end the process.
func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
}
