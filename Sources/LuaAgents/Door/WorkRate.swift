// SPDX-License-Identifier: Apache-2.0

/// How far work on many items has come, in words: done of all, a second, how long it will take, errors.
package struct WorkRate: Sendable {
    private let name: String
    private let total: Int
    /// What was done before: it says nothing about the rate.
    private let before: Int
    package private(set) var done: Int
    private var errors: Int

    package init(_ name: String, total: Int, done: Int = 0, errors: Int = 0) {
        self.name = name
        self.total = total
        before = done
        self.done = done
        self.errors = errors
    }

    package mutating func count(isError: Bool) {
        done += 1
        if isError { errors += 1 }
    }

    /// - Parameter time: since the work began.
    package func text(after time: Duration) -> String {
        var parts = ["\(name): \(done)/\(total)"]
        let seconds = time / .seconds(1)
        if done > before, seconds > 0 {
            let rate = Double(done - before) / seconds
            parts.append(rate >= 10 ? "\(Int(rate.rounded()))/s" : "\((rate * 10).rounded() / 10)/s")
            if done < total { parts.append("\(Self.words(Double(total - done) / rate)) left") }
        }
        if errors > 0 { parts.append("\(errors) failed") }
        return parts.joined(separator: ", ")
    }

    private static func words(_ seconds: Double) -> String {
        guard seconds < 1e8 else { return "years" }
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
