// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunStores

/// Which conversation `agent chat` goes on with, and how much of it a model is sent.
struct SessionOptions: ParsableArguments {
    @Flag(name: [.customShort("c"), .customLong("continue")], help: "Go on with the last conversation.")
    var continues = false
    @Option(
        name: .customLong("session"),
        help: ArgumentHelp("Go on with this conversation, or begin one of this name.", valueName: "id"))
    var id: String?
    @Flag(name: .customLong("list"), help: "List the conversations, the last first.") var lists = false
    @Option(
        help: ArgumentHelp(
            "Tokens of the conversation that a model is sent; the oldest turns are left out beyond that. By default what the model takes, "
                + "where that is known.", valueName: "n"))
    var historyTokens: Int?
    @Option(help: ArgumentHelp("Turns that are never left out.", valueName: "n")) var historyTurns = 2
    @Flag(help: "Let the model sum up what is left out.") var summarize = false

    func validate() throws {
        if continues, id != nil { throw ValidationError("-c and --session exclude each other") }
        if let id, !Self.isName(id) {
            throw ValidationError(
                "--session: expected an id or a name of 1 to 64 letters, digits, '.', '_' and '-', found \(id)")
        }
        if let historyTokens, historyTokens < 1 {
            throw ValidationError("--history-tokens: expected 1 or more, found \(historyTokens)")
        }
        if historyTurns < 1 { throw ValidationError("--history-turns: expected 1 or more, found \(historyTurns)") }
    }

    /// Whether a conversation is asked for by name.
    var isAsked: Bool { continues || id != nil || lists }

    /// - Parameter contextTokens: what the model takes, where that is known.
    func rule(for contextTokens: Int?) -> HistoryRule {
        // A quarter is left for the answer, and for what the count does not see.
        let known = contextTokens.map { $0 - $0 / 4 }
        return HistoryRule(tokens: historyTokens ?? known, keepTurns: historyTurns, summarizes: summarize)
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
