// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import Synchronization

/// How far a batch has come, on stderr: done of all, a second, how long it will take, errors.
final class BatchProgress: Sendable {
    private let total: Int
    /// What was finished before this start: it says nothing about the rate.
    private let before: Int
    private let isOn: Bool
    private let begin = ContinuousClock.now
    private let state: Mutex<(line: ProgressLine, done: Int, errors: Int)>

    init(total: Int, done: Int, errors: Int, verbosity: Verbosity) {
        self.total = total
        before = done
        isOn = verbosity != .quiet
        state = Mutex((ProgressLine(), done, errors))
    }

    func finished(isError: Bool) {
        let text = state.withLock { state -> String? in
            state.done += 1
            if isError { state.errors += 1 }
            let text = Self.text(
                done: state.done, total: total, errors: state.errors, before: before, time: .now - begin)
            if !Console.errIsTerminal, state.done == total { return text + "\n" }
            return state.line.next(text, isTerminal: Console.errIsTerminal)
        }
        if isOn, let text { Console.err(text) }
    }

    /// Clears the line of a terminal, so that something else can be written.
    func end() {
        let text = state.withLock { $0.line.end() }
        if isOn, !text.isEmpty { Console.err(text) }
    }

    static func text(done: Int, total: Int, errors: Int, before: Int, time: Duration) -> String {
        var parts = ["batch: \(done)/\(total)"]
        let seconds = time / .seconds(1)
        if done > before, seconds > 0 {
            let rate = Double(done - before) / seconds
            parts.append(rate >= 10 ? "\(Int(rate.rounded()))/s" : "\((rate * 10).rounded() / 10)/s")
            if done < total { parts.append("\(remaining(Double(total - done) / rate)) left") }
        }
        if errors > 0 { parts.append("\(errors) failed") }
        return parts.joined(separator: ", ")
    }

    private static func remaining(_ seconds: Double) -> String {
        guard seconds < 1e8 else { return "years" }
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
