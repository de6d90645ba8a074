// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

struct ApprovalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals", _superCommandName: "agent",
        abstract: "Shows and forgets what was allowed \"always for this file\".",
        subcommands: [ApprovalsListCommand.self, ApprovalsClearCommand.self])
}

struct ApprovalsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Shows the tools that run without asking, and of which file.")

    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let entries = try ApprovalStore.ofUser?.entries() ?? []
        if json {
            return Console.out(try JSONValue.object(["approvals": .array(entries.map(\.json))]).serialized() + "\n")
        }
        Console.out(
            entries.map { "\($0.key.tool)\t\(Printable.escaped($0.key.file))\t\($0.key.script.prefix(12))\n" }.joined())
    }
}

struct ApprovalsClearCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "Forgets what was allowed, of one file or of all.")

    @Argument(help: "The Lua file; without it, everything is forgotten.") var file: String?

    func run() async throws {
        guard let store = ApprovalStore.ofUser else { return }
        // A file that is gone is named as the list has it.
        let count = try store.clear(file: file.map { ApprovalKey.realPath($0) ?? $0 })
        Console.err("forgot \(count) approval\(count == 1 ? "" : "s")\n")
    }
}
