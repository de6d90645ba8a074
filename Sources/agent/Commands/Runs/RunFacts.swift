// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports

/// What is known of a run as a whole, one fact a line.
struct RunFacts {
    let lines: [String]

    init(_ run: RecordedRun, _ style: Style) {
        let info = run.info
        let command = (["agent", info.command] + info.arguments).joined(separator: " ")
        let facts: [(String, String?)] = [
            ("run", info.id), ("command", info.command.isEmpty ? nil : Printable.short(command, width: 300)),
            ("script", info.script.map { $0 + (info.scriptDigest.map { "  sha256:\($0.prefix(12))" } ?? "") }),
            ("folder", info.folder.isEmpty ? nil : info.folder), ("model", info.model),
            ("status", Self.status(info)), ("began", "\(Figures.date(info.began)) UTC"),
            ("duration", Figures.duration(run.lastMoment - info.began)),
            (
                "work",
                "\(Figures.counted(info.turns, "turn")), \(Figures.counted(info.toolCalls, "tool call")), "
                    + Figures.counted(run.records.count, "record")
            ),
            ("tokens", info.usage.totalTokens > 0 ? Figures.tokens(info.usage) : nil),
            ("cost", info.cost?.description ?? (info.usage.totalTokens > 0 ? "not known" : nil)),
            ("parent", info.parent.map { $0 + (info.forkedAt.map { ", forked at \($0)" } ?? "") }),
            ("session", info.session),
        ]
        lines = facts.compactMap { name, value in
            value.map { style.dim(name.padded(to: 10)) + Printable.short($0, width: 300) }
        }
    }

    private static func status(_ info: RunInfo) -> String {
        info.status.rawValue + (info.exitCode.map { $0 == 0 ? "" : ", exit \($0)" } ?? "")
    }
}

extension String {
    /// Filled up with blanks to so many characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The same with the blanks in front.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
