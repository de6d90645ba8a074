// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports

/// What is known of a run as a whole, one fact a line.
struct RunFacts {
    private(set) var lines: [String] = []
    private let style: Style

    init(_ run: RecordedRun, _ style: Style) {
        self.style = style
        let info = run.info
        add("run", info.id)
        if !info.command.isEmpty {
            add("command", (["agent", info.command] + info.arguments).joined(separator: " "))
        }
        if let script = info.script {
            let digest = info.scriptDigest.map { "  sha256:\($0.prefix(12))" } ?? ""
            add("script", script + digest)
        }
        add("folder", info.folder)
        add("model", info.model)
        add("status", Self.status(info))
        add("began", Figures.date(info.began) + " UTC")
        add("duration", Figures.duration(run.lastMoment - info.began))
        let turns = Figures.counted(info.turns, "turn")
        let calls = Figures.counted(info.toolCalls, "tool call")
        add("work", "\(turns), \(calls), \(Figures.counted(run.records.count, "record"))")
        let hasTokens = info.usage.totalTokens > 0
        add("tokens", Figures.tokens(info.usage))
        add("cost", info.cost?.description ?? (hasTokens ? "not known" : nil))
        if let parent = info.parent { add("parent", parent + (info.forkedAt.map { ", forked at \($0)" } ?? "")) }
        add("session", info.session)
    }

    private mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines.append(style.dim(name.padded(to: 10)) + Printable.short(value, width: 300))
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
