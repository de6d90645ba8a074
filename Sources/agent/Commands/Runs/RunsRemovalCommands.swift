// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunReports
import RunStores

struct RunsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", _superCommandName: "agent runs",
        abstract: "Removes runs, with all that only they hold.",
        discussion: "One that a process has in hand stays. Keys of tools that run at most once (once) are kept.")

    @OptionGroup var place: RunStoreOptions
    @Argument(help: ArgumentHelp("Ids, or the beginnings of them.", valueName: "id")) var ids: [String]
    @Flag(name: .customLong("dry-run"), help: "Say what would be removed, remove nothing.") var dryRun = false

    func run() async throws {
        let removal = try RunCatalog(try place.store).remove(ids, isRehearsal: dryRun)
        Console.err(removal.text(isRehearsal: dryRun))
        if !removal.held.isEmpty { throw ExitStatus.scriptError }
    }
}

struct RunsPruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", _superCommandName: "agent runs", abstract: "Removes old runs and gives their space back.",
        discussion: "A run that a process has in hand always stays.")

    @OptionGroup var place: RunStoreOptions
    @Option(
        name: .customLong("older-than"),
        help: ArgumentHelp("Those that began before: 30d, 2026-11-01.", valueName: "time"))
    var olderThan: TimeArgument
    @Option(help: ArgumentHelp("Keep the newest n of them in any case.", valueName: "n")) var keep = 0
    @Option(help: "Only done, failed, paused, interrupted or cut.") var status: String?
    @Option(help: ArgumentHelp("Only those of this script.", valueName: "file")) var script: String?
    @Flag(name: .customLong("dry-run"), help: "Say what would be removed, remove nothing.") var dryRun = false

    func validate() throws {
        if keep < 0 { throw ValidationError("--keep: expected 0 or more, found \(keep)") }
        _ = try RunStanding.named(status)
    }

    func run() async throws {
        let catalog = RunCatalog(try place.store)
        let ids = try catalog.old(
            before: olderThan.moment, keep: keep, status: try RunStanding.named(status), script: script)
        Console.err(try catalog.remove(ids, isRehearsal: dryRun).text(isRehearsal: dryRun))
    }
}

extension RunRemoval {
    fileprivate func text(isRehearsal: Bool) -> String {
        let kibibytes: Int64 = (bytes + 1023) / 1024
        let size = kibibytes < 1024 ? "\(kibibytes) KiB" : "\(kibibytes / 1024) MiB"
        let words = isRehearsal ? "would be removed, which would free" : "removed, which freed"
        var text = "\(Figures.counted(removed.count, "run")) \(words) about \(size)"
        if !isRehearsal, !isReturned, !removed.isEmpty {
            text += "; another process uses the journal, so its file stays as large as it is"
        }
        text += "\n"
        if !held.isEmpty {
            text += "not removed, as a process has them in hand: \(held.joined(separator: ", "))\n"
        }
        return text
    }
}
