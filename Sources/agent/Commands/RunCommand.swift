// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", _superCommandName: "agent", abstract: "Runs a task file.",
        discussion: """
            A file that returns an agent is run with the prompt. A file that does its work itself gets the words as \
            arg[1], arg[2], …; what it returns is printed: a string as it is, a table as JSON.
            Put `--` before words that begin with a dash.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var grants: GrantOptions
    @OptionGroup var walls: SandboxOptions
    @Argument(help: "The Lua file.") var file: String
    @Argument(help: ArgumentHelp("The prompt; - reads it from stdin.", valueName: "prompt")) var words: [String] = []

    func run() async throws {
        let script = try ScriptFile(file)
        let session = try Session(common, grants: grants.grants, walls: walls, command: "run")
        try await session.run {
            try await grants.advising("run", [file], hasMore: !words.isEmpty) { try await run(script, session) }
        }
    }

    private func run(_ script: ScriptFile, _ session: Session) async throws {
        switch try await script.run(arguments: words, in: session).outcome {
        case .agent(let agent): try await run(agent, session)
        case .tools(let tools):
            let names = tools.map(\.definition.name).joined(separator: ", ")
            throw UsageError("\(file) holds tools (\(names)), not a task; use them with: agent ask -t \(file) \"…\"")
        case .value(let value):
            session.record?.note(output: value)
            try print(value, session)
        }
    }

    private func run(_ agent: Agent, _ session: Session) async throws {
        guard let prompt = try await words.prompt(in: session), !prompt.isEmpty else {
            throw UsageError("\(file) returns an agent, which needs a prompt: agent run \(file) \"…\" (or - for stdin)")
        }
        try await session.show(agent, [.user(prompt)])
    }

    private func print(_ value: JSONValue?, _ session: Session) throws {
        switch (value, common.json) {
        case (nil, false): break
        case (.string(let text)?, false): session.emit(text.hasSuffix("\n") ? text : text + "\n")
        case (let value, _): session.emit(try (value ?? .null).serialized() + "\n")
        }
    }
}
