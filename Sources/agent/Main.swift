// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import Glibc

@main
enum Main {
    static func main() async {
        Console.openMissingStreams()
        let status = await run(Array(CommandLine.arguments.dropFirst()))
        Console.finishOut()
        exit(status.rawValue)
    }

    // Off the main actor: each call from its thread into a Lua state would wake another thread.
    @concurrent private static func run(_ arguments: [String]) async -> ExitStatus {
        // The parser of one command is built in half the time of the parser of all: a third of a short run.
        let command = arguments.first.flatMap { AgentCommand.named($0) }
        let rest = command == nil ? arguments : Array(arguments.dropFirst())
        let parser: any ParsableCommand.Type = command ?? AgentCommand.self
        do {
            return try await interruptible(try parser.parseAsRoot(BareFlags.expand(rest)))
        } catch let status as ExitStatus {
            return status
        } catch {
            return report(error, parser)
        }
    }

    /// Help goes to stdout with 0; wrong usage to stderr with 2; the rest is said in one line.
    private static func report(_ error: any Error, _ parser: any ParsableCommand.Type) -> ExitStatus {
        let code = parser.exitCode(for: error)
        if code == .success {
            Console.out(parser.fullMessage(for: error) + "\n")
            return .done
        }
        if code == .validationFailure {
            Console.err(parser.fullMessage(for: error) + "\n")
            return .usage
        }
        let (status, message) = ExitStatus.of(error)
        if !message.isEmpty { Console.err("agent: \(Printable.escaped(Console.secrets.redact(message)))\n") }
        return status
    }
}

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Runs agents and tools written in Lua.",
        discussion: """
            Exit codes: 0 done · 1 script error · 2 wrong usage · 3 configuration or credentials · 4 output failed its \
            schema · 5 a limit was reached · 6 waits for an approval · 7 denied · 8 provider or network · 9 a replay is not what was \
            recorded · 130, 143 \
            interrupted, terminated.
            """,
        version: AgentVersion.current,
        subcommands: commands)

    private static let commands: [any ParsableCommand.Type] = [
        RunCommand.self, AskCommand.self, ChatCommand.self, CheckCommand.self, ValidateCommand.self,
        DoctorCommand.self, EmbedCommand.self, OCRCommand.self, TranscribeCommand.self, ModerateCommand.self,
        ModelsCommand.self, FilesCommand.self, BatchCommand.self, DatasetCommand.self, IndexCommand.self,
        EvalCommand.self, ApprovalsCommand.self, TestCommand.self, ResumeCommand.self, ReplayCommand.self,
        RunsCommand.self, ShowCommand.self,
    ]

    static func named(_ name: String) -> (any ParsableCommand.Type)? {
        commands.first { $0.configuration.commandName == name }
    }
}

enum AgentVersion {
    static let current = "0.1.0"
}

/// Lets `--allow-net` stand alone: the parser knows options only with a value, so it becomes `--allow-net=*`.
enum BareFlags {
    private static let optional: Set<String> = [
        "--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-exec", "--ask", "--record",
    ]

    static func expand(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.enumerated().map { place, argument in
            place < end && optional.contains(argument) ? argument + "=*" : argument
        }
    }
}
