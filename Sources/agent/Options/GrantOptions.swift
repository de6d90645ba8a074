// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// What a script may touch. Each flag stands alone for everything, or takes a list.
struct GrantOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Let scripts reach these hosts (alone: all of the public internet).", valueName: "host,…"))
    var allowNet: [String] = []
    @Option(help: ArgumentHelp("Let scripts read these files and folders (alone: all).", valueName: "path,…"))
    var allowRead: [String] = []
    @Option(help: ArgumentHelp("Let scripts write these files and folders (alone: all).", valueName: "path,…"))
    var allowWrite: [String] = []
    @Option(help: ArgumentHelp("Let scripts see these environment variables (alone: all).", valueName: "name,…"))
    var allowEnv: [String] = []
    @Option(help: ArgumentHelp("Let scripts run these programs (alone: all).", valueName: "prog,…"))
    var allowExec: [String] = []
    @Flag(name: [.customShort("A"), .customLong("allow-all")], help: "Let scripts do all of these.")
    var allowAll = false

    /// A grant that could never match would only be noticed when the run is denied.
    func validate() throws {
        for host in allowNet.flatMap({ $0.split(separator: ",") }) where host.contains("/") || host.contains("@") {
            throw ValidationError("--allow-net: expected HOST or HOST:PORT, such as example.org:8080, found '\(host)'")
        }
    }

    var grants: Grants {
        if allowAll { return .all }
        return Grants(
            net: Self.scope(allowNet), read: Self.scope(allowRead), write: Self.scope(allowWrite),
            env: Self.scope(allowEnv),
            exec: Self.scope(allowExec))
    }

    /// The flags that were given, as a shell takes them.
    private var given: [String] {
        if allowAll { return ["--allow-all"] }
        return [
            ("net", allowNet), ("read", allowRead), ("write", allowWrite), ("env", allowEnv), ("exec", allowExec),
        ].flatMap { kind, lists in
            lists.map { $0 == "*" ? "--allow-\(kind)" : ShellWord.quoted("--allow-\(kind)=\($0)") }
        }
    }

    /// The command with the flags that were given and `flags`.
    func commandLine(_ command: String, adding flags: [String], _ words: [String]) -> String {
        (["agent", command] + given + flags + words.map(ShellWord.quoted)).joined(separator: " ")
    }

    /// Runs `body`; what it was denied for want of flags is told with the command that has them.
    func advising(_ command: String, _ words: [String], hasMore: Bool, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            guard let denial = ExitStatus.denial(in: error), !denial.flags.isEmpty else { throw error }
            let line = commandLine(command, adding: denial.flags, words) + (hasMore ? " …" : "")
            throw AdvisedError(cause: error, advice: "if you trust it with that, run: \(line)")
        }
    }

    private static func scope(_ lists: [String]) -> Grants.Scope {
        let names = lists.flatMap { $0.split(separator: ",").map(String.init) }
        if names.contains("*") { return .everything }
        return names.isEmpty ? .nothing : .only(names)
    }
}

/// An error and what to do about it.
struct AdvisedError: Error {
    let cause: any Error
    let advice: String
}
