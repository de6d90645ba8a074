// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", _superCommandName: "agent", abstract: "Asks one question without a file.",
        discussion: "Put `--` before words that begin with a dash.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var grants: GrantOptions
    @OptionGroup var walls: SandboxOptions
    @Option(
        name: [.customShort("t"), .customLong("tool")],
        help: ArgumentHelp("A tool of the library by name, or a Lua file of tools.", valueName: "tool"))
    var tools: [String] = []
    @Option(
        help: ArgumentHelp(
            "The form of the answer: a file with a JSON Schema, the schema itself, or its fields: 'name, authors[]'.",
            valueName: "schema"))
    var schema: String?
    @Argument(help: ArgumentHelp("The prompt; - reads it from stdin.", valueName: "prompt")) var words: [String] = []

    func validate() throws {
        if words.isEmpty { throw ValidationError("a prompt is missing: agent ask \"…\" (or - for stdin)") }
    }

    func run() async throws {
        let session = try Session(common, grants: grants.grants, walls: walls, command: "ask")
        try await session.run {
            guard let prompt = try await words.prompt(in: session), !prompt.isEmpty else {
                throw UsageError("the prompt is empty")
            }
            let named = tools.flatMap { ["-t", $0] }
            try await grants.advising("ask", named, hasMore: true) {
                try await session.show(try await agent(session), [.user(prompt)])
            }
        }
    }

    private func agent(_ session: Session) async throws -> Agent {
        var agent = try session.plainAgent()
        agent.output = try schema.map { .schema(try SchemaArgument.read($0, flag: "--schema"), name: "output") }
        agent.tools = try await loadTools(session)
        return agent
    }

    private func loadTools(_ session: Session) async throws -> [any Tool] {
        var loaded: [any Tool] = []
        for name in tools {
            let script: Script
            if let (source, shown) = BuiltinTools.source(named: name) {
                script = try await Script.run(source, name: shown, in: session.environment)
            } else if name.hasSuffix(".lua") {
                script = try await ScriptFile(name).run(arguments: [], in: session)
            } else {
                throw UsageError(
                    "-t \(name): expected a .lua file or one of: \(BuiltinTools.names.joined(separator: ", "))")
            }
            guard case .tools(let tools) = script.outcome else {
                throw UsageError("-t \(name): the file returns no tools; end it with: return agent.tool { … }")
            }
            try script.checkNeeds()
            loaded += tools
        }
        return loaded
    }
}
