// SPDX-License-Identifier: Apache-2.0

import JSONCore

/// In what order messages may come: mistral-common's rules for fine-tuning at the time of the trainer.
///
/// The trainer takes system messages out before, so it does not matter where they stand.
enum ConversationOrder {
    static func check(
        _ messages: [(place: JSONPointer, message: InstructMessage)], line: JSONPointer, _ list: inout FindingList
    ) {
        let turns = messages.filter { $0.message.role != .system }
        guard let first = turns.first, let last = turns.last else {
            list.error(line, "a conversation of nothing but a system message")
            return
        }
        if last.message.role != .assistant {
            list.error(
                last.place,
                "the last message must be the assistant's, which is learned; it is of the \(last.message.role.rawValue)"
            )
        }
        if turns.count == 1, first.message.role != .user {
            list.error(
                first.place,
                "a conversation of one message of the \(first.message.role.rawValue); expected a user's before it")
        }
        checkResults(turns, &list)
        for (before, after) in zip(turns, turns.dropFirst()) {
            switch (before.message.role, after.message.role) {
            case (.user, .tool): list.error(after.place, "a tool's result directly after a message of the user")
            case (.tool, .user): list.error(after.place, "a message of the user directly after a tool's result")
            default: break
            }
        }
    }

    /// Each call has one result before the next answer.
    private static func checkResults(
        _ turns: [(place: JSONPointer, message: InstructMessage)], _ list: inout FindingList
    ) {
        var open = 0
        for (index, turn) in turns.enumerated() {
            // The validator does not look at the first message: calls in it are as if they were not there.
            if index == 0 { continue }
            switch turn.message.role {
            case .tool: open -= 1
            case .assistant:
                if open != 0 {
                    let cause =
                        turns[0].message.calls.isEmpty
                        ? "" : "; calls in the first message are not counted by the trainer: begin with the user's"
                    list.error(turn.place, "the calls before this message do not have one result each\(cause)")
                }
                open = turn.message.calls.count
            case .user, .system: break
            }
        }
    }
}
