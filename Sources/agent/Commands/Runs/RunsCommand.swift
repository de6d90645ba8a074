// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunStores

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", _superCommandName: "agent", abstract: "Lists recorded runs, searches them, sums them up.",
        discussion: "agent show ID shows one; agent resume ID and agent replay ID run it again.",
        subcommands: [
            RunsListCommand.self, RunsSearchCommand.self, RunsCostCommand.self, RunsExportCommand.self,
            RunsImportCommand.self, RunsDeleteCommand.self, RunsPruneCommand.self,
        ], defaultSubcommand: RunsListCommand.self)
}

/// Which journal is asked.
struct RunStoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The journal: a file instead of the user's.", valueName: "file"))
    var journal: String?

    var store: RunStore {
        get throws {
            var options = JournalOptions()
            options.file = journal
            options.isOff = false
            return try options.store()
        }
    }
}

struct RunsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", _superCommandName: "agent runs", abstract: "Lists runs, the newest first.")

    @OptionGroup var place: RunStoreOptions
    @Option(help: ArgumentHelp("Runs at most; 0 for all.", valueName: "n")) var limit = 20
    @Option(help: "Only done, failed, paused, interrupted, running or cut (its process was killed).")
    var status: String?
    @Option(help: ArgumentHelp("Only those since then: 2d, 12h, 2026-11-01.", valueName: "time")) var since:
        TimeArgument?
    @Option(help: ArgumentHelp("Only those of this script.", valueName: "file")) var script: String?
    @Flag(help: "Print one JSON object.") var json = false
    @Flag(help: "Print each run as a line of JSON.") var jsonl = false
    @Option(help: "Colour: auto, always or never.") var color: ColorMode = .auto

    func validate() throws {
        if json && jsonl { throw ValidationError("--json and --jsonl exclude each other") }
        if limit < 0 { throw ValidationError("--limit: expected 0 or more, found \(limit)") }
        _ = try RunStanding.named(status)
    }

    func run() async throws {
        let filter = RunCatalog.Filter(
            limit: limit == 0 ? nil : limit, status: try RunStanding.named(status), since: since?.moment, script: script
        )
        let runs = try RunCatalog(try place.store).runs(filter)
        if json {
            return Console.out(try JSONValue.object(["runs": .array(runs.map(\.jsonValue))]).serialized() + "\n")
        }
        if jsonl { return Console.out(try runs.map { try $0.jsonValue.serialized() + "\n" }.joined()) }
        if runs.isEmpty { return Console.err("no runs\n") }
        Console.show(RunTable(runs, Style(isOn: color.isOnForOutput)).text)
    }
}

extension RunStanding {
    /// - Throws: `ValidationError` for a word that is none.
    static func named(_ word: String?) throws -> RunStanding? {
        guard let word else { return nil }
        guard let known = known.first(where: { $0.rawValue == word }) else {
            throw ValidationError(
                "--status: expected \(known.map(\.rawValue).joined(separator: ", ")), found \(word)")
        }
        return known
    }
}

extension RunSummary {
    var jsonValue: JSONValue {
        guard case .object(var fields) = info.lineValue else { return .null }
        fields["status"] = .string(standing.rawValue)
        fields["prompt"] = prompt.map { .string($0) }
        return .object(fields)
    }
}
