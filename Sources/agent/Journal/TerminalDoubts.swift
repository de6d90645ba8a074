// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Asks the person at the terminal about effects of which nobody knows whether they happened.
struct TerminalDoubts: DoubtResolver {
    /// Whether everything may be done again.
    let redoes: Bool

    func mayRunAgain(_ record: JournalRecord) async throws -> Bool {
        if redoes { return true }
        guard let terminal = ApprovalTerminal() else { return false }
        let question =
            "\(Printable.escaped(record.title)) had begun when the run was cut off. Nobody knows whether it happened.\n"
            + "Do it again? [y/N] "
        let answer = try await terminal.ask(question)?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}
