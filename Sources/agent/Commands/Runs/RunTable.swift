// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import RunReports
import RunStores

/// Runs in columns.
struct RunTable {
    let text: String

    init(_ runs: [RunSummary], _ style: Style) {
        let rows = runs.map(Self.row)
        let head = ["ID", "BEGAN", "STATUS", "TURNS", "TOKENS", "COST", "MODEL", "COMMAND", "PROMPT"]
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        let isNumber: Set<Int> = [3, 4, 5]
        text = ([head] + rows).enumerated().map { place, row in
            let cells = row.enumerated().map { column, cell -> String in
                if column == row.count - 1 { return cell }
                return isNumber.contains(column) ? cell.leftPadded(to: widths[column]) : cell.padded(to: widths[column])
            }
            let line = cells.joined(separator: "  ").trimmedAtEnd
            return place == 0 ? style.dim(line) : Self.coloured(line, runs[place - 1].standing, style)
        }.map { $0 + "\n" }.joined()
    }

    private static func row(_ run: RunSummary) -> [String] {
        let info = run.info
        let command = [info.command, info.script.map { String($0.split(separator: "/").last ?? "") }]
        return [
            info.id, String(Figures.date(info.began).dropLast(3)), run.standing.rawValue, "\(info.turns)",
            Figures.count(info.usage.totalTokens), info.cost?.description ?? "–", info.model ?? "–",
            command.compactMap(\.self).joined(separator: " "), run.prompt ?? info.arguments.last ?? "",
        ].enumerated().map { Printable.short($1, width: $0 == 8 ? 60 : 40) }
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

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
