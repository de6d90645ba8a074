// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

@main
enum Main {
    static func main() async {
        exit(await run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    private static func run(_ arguments: [String]) async -> ExitStatus {
        do {
            return try await interruptible(try AgentCommand.parseAsRoot(BareFlags.expand(arguments)))
        } catch let status as ExitStatus {
            return status
        } catch {
            return report(error)
        }
    }

    /// Help goes to stdout with 0; wrong usage to stderr with 2; the rest is said in one line.
    private static func report(_ error: any Error) -> ExitStatus {
        let code = AgentCommand.exitCode(for: error)
        if code == .success {
            Console.out(AgentCommand.fullMessage(for: error) + "\n")
            return .done
        }
        if code == .validationFailure {
            Console.err(AgentCommand.fullMessage(for: error) + "\n")
            return .usage
        }
        let (status, message) = ExitStatus.of(error)
        if !message.isEmpty { Console.err("agent: \(Printable.escaped(message))\n") }
        return status
    }
}

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Runs agents and tools written in Lua.",
        discussion: """
            Exit codes: 0 done · 1 script error · 2 wrong usage · 3 configuration or credentials · 4 output failed its \
            schema · 5 a limit was reached · 6 waits for an approval · 7 denied · 8 provider or network · 130, 143 \
            interrupted, terminated.
            """,
        version: AgentVersion.current,
        subcommands: [RunCommand.self, AskCommand.self, ChatCommand.self, CheckCommand.self, DoctorCommand.self])
}

enum AgentVersion {
    static let current = "0.1.0"
}

/// Lets `--allow-net` stand alone: the parser knows options only with a value, so it becomes `--allow-net=*`.
enum BareFlags {
    private static let optional: Set<String> = [
        "--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-exec",
    ]

    static func expand(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.enumerated().map { place, argument in
            place < end && optional.contains(argument) ? argument + "=*" : argument
        }
    }
}
