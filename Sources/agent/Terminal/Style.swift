// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// Whether stderr is coloured.
enum ColorMode: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// `auto` means a terminal, unless `NO_COLOR` is set to anything (no-color.org) or `TERM` is `dumb`.
    var isOn: Bool { isOn(atTerminal: Console.errIsTerminal) }

    /// The same for what a command has made for people to read on stdout.
    var isOnForOutput: Bool { isOn(atTerminal: Console.outIsTerminal) }

    private func isOn(atTerminal isTerminal: Bool) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            isTerminal && (environmentVariable("NO_COLOR") ?? "").isEmpty
                && environmentVariable("TERM") != "dumb"
        }
    }
}

func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// The few colours of stderr.
struct Style: Sendable {
    let isOn: Bool

    func dim(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func cyan(_ text: String) -> String { wrap(text, "36") }

    /// Every code that is used above, and the one that ends them.
    static let codes = ["2", "31", "33", "36"]
    static let end = "0"

    static func sequence(_ code: String) -> String { "\u{1B}[\(code)m" }

    private func wrap(_ text: String, _ code: String) -> String {
        isOn ? Self.sequence(code) + text + Self.sequence(Self.end) : text
    }
}
