// SPDX-License-Identifier: Apache-2.0

import JSONCore

extension RecordedRun {
    /// The run with each agent that ran out of money as if it had gone on until then and no further, where nothing but reads came
    /// of it: with more money it is asked again. An answer that money cut short is none.
    ///
    /// - Returns: `nil` when no agent was stopped so.
    package func withMoreMoney() -> RecordedRun? {
        var run = self
        var isChanged = false
        for stopped in records.reversed() where stopped.ranOutOfMoney {
            isChanged = run.reopen(stopped) || isChanged
        }
        guard isChanged else { return nil }
        // Another answer makes another order.
        run.schedule = []
        return run
    }

    private mutating func reopen(_ stopped: JournalRecord) -> Bool {
        let inside = records.filter { $0.path.starts(with: stopped.path) }
        let last = inside.map(\.number).max() ?? stopped.number
        // What went on beside it had begun before it was stopped.
        let behind = records.filter { record in
            record.number > last && record.began >= stopped.ended ?? 0 && !record.path.starts(with: stopped.path)
        }
        guard behind.allSatisfy({ $0.isGroup || $0.effect == .read }) else { return false }
        var gone = Set(behind.map(\.number))
        if let answer = inside.last(where: { $0.number == last }), answer.isCutAnswer { gone.insert(last) }
        records.removeAll { gone.contains($0.number) }
        for place in records.indices where stopped.path.starts(with: records[place].path) {
            (records[place].outcome, records[place].ended) = (nil, nil)
        }
        return true
    }
}

extension JournalRecord {
    /// Whether it is an agent's run that was stopped by a limit of money, its own or one that it shares.
    package var ranOutOfMoney: Bool { operation == "agent.run" && outcome?.value["stopped"] == "usd" }

    /// The run's own limit of money, in dollars; `nil` when it has none.
    package var ownMoney: Double? { request["limits"]?["usd"]?.doubleValue }

    fileprivate var isCutAnswer: Bool {
        guard operation == "model", let reason = outcome?.value["finish_reason"]?.stringValue else { return false }
        return FinishReason(rawValue: reason).isTruncation
    }
}
