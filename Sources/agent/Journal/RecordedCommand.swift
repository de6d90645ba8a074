// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import Glibc

/// A command as it was recorded, to be run again.
struct RecordedCommand {
    let run: RecordedRun
    /// Words in front of those of then.
    var flags: [String] = []

    /// The commands that do the same again when their words are the same.
    private static let commands: Set<String> = ["run", "ask"]

    /// Runs the command in its folder, answered as `plan` says.
    func run(by plan: JournalPlan) async throws {
        let info = run.info
        guard Self.commands.contains(info.command), let command = AgentCommand.named(info.command) else {
            let advice = info.command == "chat" ? "; a conversation is continued with: agent chat --continue" : ""
            throw UsageError("run \(info.id) was made by agent \(info.command), which cannot be run again\(advice)")
        }
        let words = info.arguments + [info.input, plan.runsRecordedScript ? info.source : nil].compactMap(\.self)
        guard !words.contains(where: { $0.contains(SecretRedactor.replacement) }) else {
            throw UsageError(
                "run \(info.id) had a secret among its words, which was not recorded; it cannot be run again")
        }
        guard info.folder.isEmpty || chdir(info.folder) == 0 else {
            throw ConfigurationError("\(info.folder): \(String(cString: strerror(errno))); the run began there")
        }
        let parsed = try command.parseAsRoot(BareFlags.expand(flags + info.arguments))
        guard var parsed = parsed as? any AsyncParsableCommand else { return }
        try await JournalPlan.$current.withValue(plan) { try await parsed.run() }
    }
}
