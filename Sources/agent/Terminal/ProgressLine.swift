// SPDX-License-Identifier: Apache-2.0

/// Progress on stderr: one line that is written over on a terminal, now and then a new line elsewhere.
struct ProgressLine {
    /// Erases the line that the cursor is on (ECMA-48 EL 2).
    static let clearing = "\u{1B}[2K"
    /// How often a log gets a line about the same thing.
    private static let interval = Duration.seconds(10)

    private var isOpen = false
    private var lastKind: Substring = ""
    private var lastTime: ContinuousClock.Instant?

    /// What to write for `text`; `nil` when nothing is due.
    mutating func next(_ text: String, isTerminal: Bool, now: ContinuousClock.Instant = .now) -> String? {
        if isTerminal {
            isOpen = true
            return "\r" + Self.clearing + text
        }
        let kind = text.prefix { $0 != ":" }
        if let lastTime, kind == lastKind, now - lastTime < Self.interval { return nil }
        (lastKind, lastTime) = (kind, now)
        return text + "\n"
    }

    /// What clears an open line, before something else is written.
    mutating func end() -> String {
        defer { isOpen = false }
        return isOpen ? "\r" + Self.clearing : ""
    }
}
