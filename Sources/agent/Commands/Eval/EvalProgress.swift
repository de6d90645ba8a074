// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Synchronization

/// How far an evaluation has come, on stderr.
final class EvalProgress: Sendable {
    private let name: String
    private let total: Int
    private let isOn: Bool
    private let state = Mutex((line: ProgressLine(), passed: 0, errors: 0))

    init(_ name: String, total: Int, verbosity: Verbosity) {
        self.name = name
        self.total = total
        isOn = verbosity != .quiet
    }

    func show(_ trial: EvalTrial, _ done: Int) {
        let text = state.withLock { state -> String? in
            if trial.outcome == .passed { state.passed += 1 }
            if trial.outcome == .error { state.errors += 1 }
            let errors = state.errors > 0 ? ", \(state.errors) not judged" : ""
            let text = Printable.short("\(name): \(done)/\(total), \(state.passed) right\(errors)")
            // A log gets a line now and then, and the last in any case.
            if !Console.errIsTerminal, done == total { return text + "\n" }
            return state.line.next(text, isTerminal: Console.errIsTerminal)
        }
        if isOn, let text { Console.err(text) }
    }

    func end() {
        let text = state.withLock { $0.line.end() }
        if isOn, !text.isEmpty { Console.err(text) }
    }
}
