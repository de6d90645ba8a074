// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// What a script may touch. Each flag stands alone for everything, or takes a list.
struct GrantOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Let scripts reach these hosts (alone: all).", valueName: "host,…"))
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

    var grants: Grants {
        if allowAll { return .all }
        return Grants(
            net: Self.scope(allowNet), read: Self.scope(allowRead), write: Self.scope(allowWrite),
            env: Self.scope(allowEnv),
            exec: Self.scope(allowExec))
    }

    private static func scope(_ lists: [String]) -> Grants.Scope {
        let names = lists.flatMap { $0.split(separator: ",").map(String.init) }
        if names.contains("*") { return .everything }
        return names.isEmpty ? .nothing : .only(names)
    }
}
