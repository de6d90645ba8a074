// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", _superCommandName: "agent", abstract: "Talks in the terminal.",
        discussion: "Each line is a message. /reset forgets the conversation; /exit or Ctrl-D ends it.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var grants: GrantOptions
    @OptionGroup var walls: SandboxOptions
    @Argument(help: "A Lua file that returns an agent.") var file: String?

    func run() async throws {
        let session = try Session(common, grants: grants.grants, walls: walls, command: "chat")
        try await session.run {
            try await grants.advising("chat", file.map { [$0] } ?? [], hasMore: false) {
                try await talk(to: try await agent(session), session)
            }
            if Console.inIsTerminal { Console.err("\n") }
        }
    }

    private func talk(to agent: Agent, _ session: Session) async throws {
        var messages: [Message] = []
        while let line = try await nextLine() {
            switch line {
            case "": continue
            case "/exit", "/quit": return
            case "/reset": messages = []
            default: messages = try await turn(agent, messages + [.user(line)], session) ?? messages
            }
        }
    }

    private func nextLine() async throws -> String? {
        if Console.inIsTerminal { Console.err(common.style.cyan("> ")) }
        guard let bytes = try await StandardInput.read(.line) else { return nil }
        let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...]
        return String(decoding: line, as: UTF8.self)
    }

    /// One exchange. A failure is shown and the conversation goes on without it; in a pipe it ends the command.
    private func turn(_ agent: Agent, _ messages: [Message], _ session: Session) async throws -> [Message]? {
        do {
            return try await session.show(agent, messages).messages
        } catch let error as RunError where Console.inIsTerminal {
            Console.err(common.style.red("\(Printable.escaped(error.description))\n"))
            return nil
        } catch ExitStatus.limitReached where Console.inIsTerminal {
            return nil
        }
    }

    private func agent(_ session: Session) async throws -> Agent {
        guard let file else { return try session.plainAgent() }
        guard case .agent(let agent) = try await ScriptFile(file).run(arguments: [], in: session).outcome else {
            throw UsageError("\(file) returns no agent to talk with; end it with: return agent.new { … }")
        }
        return agent
    }
}
