// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// The flags that every command that runs an agent has.
struct CommonOptions: ParsableArguments {
    @Option(help: "The model of agents that name none: mistral-small-latest, openai:NAME, local, …")
    var model: String?
    @Option(help: "Instructions (the system prompt) instead of the script's.")
    var system: String?
    @Option(help: "Sampling temperature, 0 to 1.5.")
    var temperature: Double?
    @Option(help: ArgumentHelp("Tokens to generate at most.", valueName: "n"))
    var maxTokens: Int?
    @Flag(help: "Put the provider's safety prompt first.")
    var safePrompt = false

    @Flag(help: "Print one JSON object at the end.")
    var json = false
    @Flag(help: "Print each event as a line of JSON.")
    var jsonl = false
    @Option(name: [.customShort("o"), .customLong("output")], help: "Write the answer to a file, whole or not at all.")
    var output: String?
    @Flag(name: .customLong("no-stream"), help: "Print the answer when it is complete.")
    var noStream = false
    @Flag(name: .shortAndLong, help: "Show errors only.")
    var quiet = false
    @Flag(name: .shortAndLong, help: "Show more, also what the model thinks.")
    var verbose = false
    @Option(help: "Colour on stderr: auto, always or never.")
    var color: ColorMode = .auto

    @Option(help: ArgumentHelp("Model calls at most.", valueName: "n"))
    var turns: Int?
    @Option(help: ArgumentHelp("Tool calls at most.", valueName: "n"))
    var toolCalls: Int?
    @Option(help: ArgumentHelp("Tokens at most, prompt and answer together.", valueName: "n"))
    var tokens: Int?
    @Option(
        help: ArgumentHelp(
            "US dollars for the whole command at most; models without a price are refused.", valueName: "x"),
        transform: { text in
            guard let dollars = Dollars(decimal: text) else {
                throw ValidationError("--usd: expected dollars, 0 or more, such as 0.05; found \(text)")
            }
            return dollars
        })
    var usd: Dollars?
    @Option(help: ArgumentHelp("Time for the run.", valueName: "seconds"))
    var timeout: Double?
    @Flag(help: "Show tokens and money of each model at the end.")
    var usage = false

    @OptionGroup var guardrails: GuardrailOptions
    @OptionGroup var approvals: ApprovalOptions
    @OptionGroup var journal: JournalOptions
    @Flag(name: .customLong("dry-run"), help: "Print the request, send nothing.")
    var dryRun = false

    func validate() throws {
        if json && jsonl { throw ValidationError("--json and --jsonl exclude each other") }
        if quiet && verbose { throw ValidationError("-q and -v exclude each other") }
        if let temperature, !(0...1.5).contains(temperature) {
            throw ValidationError("--temperature: expected 0 to 1.5, found \(temperature)")
        }
        for (name, value, least) in [
            ("--turns", turns, 1), ("--tool-calls", toolCalls, 0), ("--tokens", tokens, 1),
            ("--max-tokens", maxTokens, 1),
        ] {
            if let value, value < least { throw ValidationError("\(name): expected \(least) or more, found \(value)") }
        }
        if let timeout, !(timeout > 0 && timeout <= 1e9) {
            throw ValidationError("--timeout: expected more than 0 and at most 1e9 seconds, found \(timeout)")
        }
    }

    /// What the host sets: flags, below them the environment, below that the configuration file.
    func overrides(_ config: ConfigFile) throws -> AgentOverrides {
        var overrides = AgentOverrides()
        let names = [model, environmentVariable("AGENT_MODEL"), config.string("model")]
        overrides.model = names.compactMap(\.self).first { !$0.isEmpty }.map { .string($0) }
        overrides.instructions = system
        overrides.temperature = temperature
        overrides.maxTokens = maxTokens
        overrides.safePrompt = safePrompt ? true : config.bool("safe_prompt")
        overrides.guardrailDelay = guardrails.guardDelay
        overrides.turns = try turns ?? config.integer("turns", from: 1)
        overrides.toolCalls = try toolCalls ?? config.integer("tool_calls", from: 0)
        overrides.tokens = try tokens ?? config.integer("tokens", from: 1)
        overrides.time = try (timeout ?? config.number("timeout", over: 0)).map { .seconds($0) }
        return overrides
    }

    /// Money for the whole command.
    func limit(_ config: ConfigFile) throws -> Dollars? { try usd ?? config.dollars("usd") }

    var verbosity: Verbosity { quiet ? .quiet : verbose ? .verbose : .normal }
    var style: Style { Style(isOn: color.isOn) }
    var form: RunPrinter.Form { json ? .json : jsonl ? .jsonLines : .text }
}
