// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import Glibc
import RunStores

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", _superCommandName: "agent", abstract: "Talks in the terminal.",
        discussion: """
            Each line is a message. /undo takes the last turn back; /reset begins a new conversation; /exit or Ctrl-D ends it. \
            Conversations are stored: -c goes on with the last one.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var grants: GrantOptions
    @OptionGroup var walls: SandboxOptions
    @OptionGroup var stored: SessionOptions
    @Argument(help: "A Lua file that returns an agent.") var file: String?

    func run() async throws {
        if stored.lists { return try await list() }
        let session = try Session(common, grants: grants.grants, walls: walls, command: "chat")
        try await session.run {
            try await grants.advising("chat", file.map { [$0] } ?? [], hasMore: false) {
                try await talk(to: try await agent(session), session)
            }
            if Console.inIsTerminal { Console.err("\n") }
        }
    }

    private func list() async throws {
        let text = try await StoredChat.list(in: try SessionPlace.store())
        if text.isEmpty { Console.err("no conversations\n") }
        Console.show(text)
    }

    private func talk(to agent: Agent, _ session: Session) async throws {
        var chat = try await StoredChat(stored, script: file.map(SessionPlace.path), store: try store)
        session.record?.recorder.note { [id = chat.session.id] in $0.session = id }
        if !chat.session.messages.isEmpty {
            note("going on with \(chat.session.id), \(chat.session.messages.count) messages")
        }
        while let line = try await nextLine() {
            switch line {
            case "": continue
            case "/exit", "/quit": return
            case "/reset": chat.reset()
            case "/undo": note(try await chat.undo() ? "the last turn is taken back" : "there is no turn to take back")
            default: try await turn(agent, line, &chat, session)
            }
        }
        if Console.inIsTerminal, !chat.session.messages.isEmpty {
            note("\nagent chat --session \(chat.session.id) goes on")
        }
    }

    /// `nil` when nothing is to be stored.
    private var store: (any SessionStore)? {
        get throws { common.dryRun || (common.journal.isOff && !stored.isAsked) ? nil : try SessionPlace.store() }
    }

    private func note(_ text: String) {
        guard common.verbosity != .quiet else { return }
        Console.err(common.style.dim(Printable.escaped(text)) + "\n")
    }

    private func nextLine() async throws -> String? {
        if Console.inIsTerminal { Console.err(common.style.cyan("> ")) }
        guard let bytes = try await StandardInput.read(.line) else { return nil }
        let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...]
        return String(decoding: line, as: UTF8.self)
    }

    /// One exchange. A failure is shown and the conversation goes on without it; in a pipe it ends the command.
    private func turn(_ agent: Agent, _ line: String, _ chat: inout StoredChat, _ session: Session) async throws {
        do {
            let messages = try await chat.messages(with: line, for: agent, tell) { prompt in
                try await summary(of: prompt, by: agent)
            }
            try await chat.goOn(with: try await session.show(agent, messages).messages)
        } catch let error as RunError where Console.inIsTerminal {
            Console.err(common.style.red("\(Printable.escaped(error.description))\n"))
        } catch ExitStatus.limitReached where Console.inIsTerminal {
            return
        }
    }

    /// That something was left out is said even to those who want errors alone: an answer may hang on it.
    private func tell(_ text: String) { Console.err(common.style.yellow(Printable.escaped(text)) + "\n") }

    private func summary(of prompt: String, by agent: Agent) async throws -> String {
        var writer = Agent(model: agent.model, guardrails: agent.guardrails, ledger: agent.ledger)
        writer.limits = agent.limits
        return try await writer.run(prompt).text
    }

    private func agent(_ session: Session) async throws -> Agent {
        guard let file else { return try session.plainAgent() }
        guard case .agent(let agent) = try await ScriptFile(file).run(arguments: [], in: session).outcome else {
            throw UsageError("\(file) returns no agent to talk with; end it with: return agent.new { … }")
        }
        return agent
    }
}

/// Where conversations are.
enum SessionPlace {
    /// - Throws: ``ConfigurationError`` when nothing says where that is.
    static func store() throws -> any SessionStore {
        guard let folder = StateFolder.path else {
            throw ConfigurationError(
                "nothing says where conversations are stored: set HOME or XDG_STATE_HOME, or use --no-journal")
        }
        return SQLiteSessions(path: folder + "/sessions.db")
    }

    /// The whole path of a file, by which its conversations are known.
    static func path(of file: String) -> String {
        guard let real = realpath(file, nil) else { return file }
        defer { free(real) }
        return String(cString: real)
    }
}
