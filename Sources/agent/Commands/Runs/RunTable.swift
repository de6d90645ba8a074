// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports
import RunStores

/// Runs in columns.
struct RunTable {
    let text: String

    init(_ runs: [RunSummary], _ style: Style) {
        let head = ["ID", "BEGAN", "STATUS", "TURNS", "TOKENS", "COST", "MODEL", "COMMAND", "PROMPT"]
        let lines = Columns([head] + runs.map(Self.row), right: [3, 4, 5]).lines
        var text = style.dim(lines[0]) + "\n"
        for (line, run) in zip(lines.dropFirst(), runs) { text += Self.coloured(line, run.standing, style) + "\n" }
        self.text = text
    }

    private static func row(_ run: RunSummary) -> [String] {
        let info = run.info
        var command = info.command
        if let script = info.script { command += " " + String(script.split(separator: "/").last ?? "") }
        let cells: [String] = [
            info.id, String(Figures.date(info.began).dropLast(3)), run.standing.rawValue, String(info.turns),
            Figures.count(info.usage.totalTokens), info.cost?.description ?? "–", info.model ?? "–", command,
        ]
        let prompt: String = run.prompt ?? info.arguments.last ?? ""
        return cells.map { Printable.short($0, width: 40) } + [Printable.short(prompt, width: 60)]
    }

    private static func coloured(_ line: String, _ standing: RunStanding, _ style: Style) -> String {
        switch standing {
        case .done: line
        case .failed, .cut: style.red(line)
        case .running: style.cyan(line)
        default: style.yellow(line)
        }
    }
}

/// Cells in columns that are as wide as their widest.
struct Columns {
    let lines: [String]

    /// - Parameter right: columns whose cells stand at the right.
    init(_ rows: [[String]], right: Set<Int>) {
        let count = rows.map(\.count).max() ?? 0
        let widths: [Int] = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        lines = rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                if column > 0 { line += "  " }
                line += right.contains(column) ? cell.leftPadded(to: widths[column]) : cell.padded(to: widths[column])
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
