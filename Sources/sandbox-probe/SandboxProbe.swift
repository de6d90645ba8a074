// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Puts scripts that were written to break out, or to never end, into the sandbox, and measures what the sandbox costs.
@main struct SandboxProbe {
    static func main() async throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        let command = arguments.isEmpty ? "" : arguments.removeFirst()
        switch command {
        case "corpus": try await CorpusRun(folder: arguments[0], ids: arguments.dropFirst()).run()
        case "kernel": try await KernelRun(file: arguments[0]).run()
        case "stops": try await StopLatency(count: Int(arguments[0]) ?? 100).run()
        case "states": try await ManyStates(count: Int(arguments[0]) ?? 10_000).run()
        default:
            write(
                "usage: sandbox-probe corpus FOLDER [ID…] | kernel FILE | stops COUNT | states COUNT\n",
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
