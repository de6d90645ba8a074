// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// Which tool calls are asked about, and who answers.
struct ApprovalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask before calls of these effects and tools: read, write, final, tool:NAME (alone: before every call).",
            valueName: "what,…"))
    var ask: [String] = []
    @Flag(help: "Approve tool calls without asking; what the policy denies stays denied.")
    var yes = false
    @Flag(
        name: .customLong("no-ask"),
        help: "Deny tool calls that would be asked about; the model is told, and the run goes on.")
    var noAsk = false

    func validate() throws {
        if yes && noAsk { throw ValidationError("--yes and --no-ask exclude each other") }
        if yes && !ask.isEmpty { throw ValidationError("--yes and --ask exclude each other") }
        _ = try policy
    }

    /// What `--ask` adds to the policy: it can only make it stricter.
    var policy: ApprovalPolicy {
        get throws {
            let names = ask.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            if names.contains("*") { return ApprovalPolicy(ApprovalSettings.effects.map { .effect($0, .ask) }) }
            return ApprovalPolicy(
                try names.map { name in
                    guard let subject = ApprovalSettings.subject(name) else {
                        throw ValidationError("--ask: expected read, write, final or tool:NAME, found '\(name)'")
                    }
                    return .init(subject, .ask)
                })
        }
    }
}
