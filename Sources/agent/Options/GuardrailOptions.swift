// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser

/// The rules that a run is held to, whatever a script says.
struct GuardrailOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file of guardrails that every agent is held to, in Lua or JSON. May be given several times.",
            valueName: "file"))
    var guardrails: [String] = []
    @Option(
        help: ArgumentHelp(
            "Sentences of an answer that are checked before the first is shown: 1 by default, 0 to show text unchecked, or "
                + "whole.", valueName: "n"),
        transform: { text in
            if text == "whole" { return .whole }
            guard let count = Int(text), count >= 0 else {
                throw ValidationError("--guard-delay: expected 0 or more sentences, or whole; found \(text)")
            }
            return .sentences(count)
        })
    var guardDelay: GuardrailSet.Delay?

    /// The files of policies of the flags, of `AGENT_GUARDRAILS` and of the configuration file: all of them hold.
    func files(_ config: ConfigFile) -> [String] { Self.standing(config) + guardrails }

    /// The files of policies that hold for every command of this user.
    static func standing(_ config: ConfigFile) -> [String] {
        // A path of the configuration file does not hang on where the command is run.
        let configured = config.string("guardrails").map { $0.hasPrefix("/") ? $0 : ConfigFile.folder + "/" + $0 }
        return [configured, environmentVariable("AGENT_GUARDRAILS")].compactMap(\.self).filter { !$0.isEmpty }
    }
}

/// What a policy does not allow.
struct BlockedByPolicy: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
