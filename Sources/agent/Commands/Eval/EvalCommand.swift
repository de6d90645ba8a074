// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", _superCommandName: "agent", abstract: "Holds an agent or a guardrail to labelled sets.",
        discussion: """
            A line of a set is { "input": "…", "expected": … } or has a label, a rubric or a check; all lines are read before \
            anything is sent. Without a Lua file the agent is the model and the flags.
            Exits with 1 when a gate of --min or --max is not met, and when cases could not be judged with the code of \
            what went wrong; wrong answers alone are the report, not an error.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var grants: GrantOptions
    @OptionGroup var walls: SandboxOptions
    @OptionGroup var options: EvalOptions
    @OptionGroup var other: EvalCompareOptions
    @Argument(help: ArgumentHelp("Sets (.jsonl), and the Lua file of the agent.", valueName: "file")) var files:
        [String] = []

    private var sets: [String] { files.filter { !$0.hasSuffix(".lua") } }
    private var scripts: [String] { files.filter { $0.hasSuffix(".lua") } }

    func validate() throws {
        if scripts.count > 1 { throw ValidationError("one agent at a time; compare with --compare \(scripts[1])") }
        if sets.isEmpty, options.recorded.isEmpty { throw ValidationError("a set is missing: agent eval SET.jsonl") }
        if !options.recorded.isEmpty, !scripts.isEmpty || !options.guardrails.isEmpty || other.isGiven {
            throw ValidationError(
                "--recorded judges the answers that were given: no agent, guardrail or --compare with it")
        }
        if !options.guardrails.isEmpty, !scripts.isEmpty {
            throw ValidationError("--guardrail judges guardrails alone: no agent with it")
        }
    }

    func run() async throws {
        let set = try EvalInput(sets: sets, recorded: options.recorded, options: options)
        let session = try Session(common, grants: grants.grants, walls: walls)
        let html = try options.html.map(OutputFile.init)
        try await session.run {
            if common.dryRun { return session.emit(set.summary) }
            try await grants.advising("eval", files, hasMore: false) {
                try await EvalSession(session: session, options: options, html: html).run(set, scripts.first, other)
            }
        }
    }
}
