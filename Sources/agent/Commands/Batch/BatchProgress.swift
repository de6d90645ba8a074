// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Synchronization

/// How far a batch has come, on stderr.
final class BatchProgress: Sendable {
    private let total: Int
    private let isOn: Bool
    private let begin = ContinuousClock.now
    private let state: Mutex<(line: ProgressLine, rate: WorkRate)>

    /// - Parameter done: items that were finished before this start.
    init(total: Int, done: Int, errors: Int, verbosity: Verbosity) {
        self.total = total
        isOn = verbosity != .quiet
        state = Mutex((ProgressLine(), WorkRate("batch", total: total, done: done, errors: errors)))
    }

    func finished(isError: Bool) {
        let text = state.withLock { state -> String? in
            state.rate.count(isError: isError)
            let text = state.rate.text(after: .now - begin)
            // A log gets a line now and then, and the last in any case.
            if !Console.errIsTerminal, state.rate.done == total { return text + "\n" }
            return state.line.next(text, isTerminal: Console.errIsTerminal)
        }
        if isOn, let text { Console.err(text) }
    }

    /// Clears the line of a terminal, so that something else can be written.
    func end() {
        let text = state.withLock { $0.line.end() }
        if isOn, !text.isEmpty { Console.err(text) }
    }
}
