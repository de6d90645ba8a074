// SPDX-License-Identifier: Apache-2.0

/// The calls of one turn: all that were asked for, and the first of them that are run.
struct PendingCalls: Sendable {
    let asked: [ToolCall]
    let run: [ToolCall]

    /// One result for each call asked for, in that order; a call without a result gets the sentence `otherwise`.
    func merge(_ results: [ToolResult], otherwise: String = "not run: the limit of tool calls was reached")
        -> [ToolResult]
    {
        asked.enumerated().map { place, call in
            place < results.count ? results[place] : call.refused(otherwise)
        }
    }
}

/// Counts how many turns in a row asked for the very same calls.
struct Repetition: Sendable {
    private(set) var count = 0
    private var last: [[String]] = []

    mutating func note(_ calls: [ToolCall]) {
        let signature = calls.map { [$0.name, $0.arguments] }
        count = signature == last ? count + 1 : 1
        last = signature
    }
}

/// Gives an id to each call that came without a usable one.
///
/// Ids have the form that every provider takes: nine letters or digits (Mistral API, code 3280).
struct ToolCallIDs: Sendable {
    private var taken: Set<String> = []
    private var next = 1

    mutating func reserve(_ calls: [ToolCall]) {
        for call in calls { taken.insert(call.id) }
    }

    mutating func assign(to calls: [ToolCall]) -> [ToolCall] {
        calls.map { call in
            var call = call
            // "null" is what the official SDK fills in for a missing id.
            if call.id.isEmpty || call.id == "null" || taken.contains(call.id) { call.id = fresh() }
            taken.insert(call.id)
            return call
        }
    }

    private mutating func fresh() -> String {
        while true {
            let digits = String(next)
            next += 1
            let id = "call" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
            if !taken.contains(id) { return id }
        }
    }
}
