// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunReports
import RunStores

extension RunCost.Grouping: ExpressibleByArgument {}

struct RunsCostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost", _superCommandName: "agent runs",
        abstract: "Sums up tokens and money, exact to the picodollar.",
        discussion: "Calls are counted when they began, by the day of Greenwich; one that is replayed costs nothing.")

    @OptionGroup var place: RunStoreOptions
    @Option(help: "Sum up by day, model or script.") var by: RunCost.Grouping = .day
    @Option(help: ArgumentHelp("Only calls since then: 30d, 2026-11-01.", valueName: "time")) var since: TimeArgument?
    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "Colour: auto, always or never.") var color: ColorMode = .auto

    func run() async throws {
        let costs = try RunCatalog(try place.store).cost(by: by, since: since?.moment)
        if json { return Console.out(try value(costs).serialized() + "\n") }
        if costs.isEmpty { return Console.err("no calls\n") }
        let head = [by.rawValue.uppercased(), "RUNS", "CALLS", "PROMPT", "ANSWER", "COST"]
        let sum = Self.sum(costs)
        let rows = costs.map(row) + (costs.count > 1 ? [row(sum)] : [])
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([head] + rows).map { row in
            row.enumerated().map { $0 == 0 ? $1.padded(to: widths[$0]) : $1.leftPadded(to: widths[$0]) }
                .joined(separator: "  ")
        }
        let style = Style(isOn: color.isOnForOutput)
        Console.show(([style.dim(lines[0])] + lines.dropFirst()).map { $0 + "\n" }.joined())
        if sum.unknown > 0 {
            Console.err("the cost of \(Figures.counted(sum.unknown, "call")) is not known, and not in the sum\n")
        }
    }

    private func row(_ cost: RunCost) -> [String] {
        [
            Printable.short(cost.group.isEmpty ? "(none)" : cost.group, width: 50), cost.runs > 0 ? "\(cost.runs)" : "",
            Figures.count(cost.calls), Figures.count(cost.usage.promptTokens),
            Figures.count(cost.usage.completionTokens), (cost.unknown > 0 ? "≥ " : "") + cost.cost.description,
        ]
    }

    /// All together. A run may be in several groups, so runs are not added up.
    private static func sum(_ costs: [RunCost]) -> RunCost {
        var sum = RunCost(group: "all", runs: 0, calls: 0, usage: Usage(), cost: .zero, unknown: 0)
        for cost in costs {
            sum.calls += cost.calls
            sum.usage += cost.usage
            sum.cost += cost.cost
            sum.unknown += cost.unknown
        }
        return sum
    }

    private func value(_ costs: [RunCost]) -> JSONValue {
        let all = Self.sum(costs)
        return [
            "by": .string(by.rawValue), "groups": .array(costs.map { Self.value($0) }),
            "picodollars": .integer(all.cost.picodollars), "cost": .number(all.cost.doubleValue),
            "unknown_calls": .integer(Int64(all.unknown)),
        ]
    }

    private static func value(_ cost: RunCost) -> JSONValue {
        [
            "group": .string(cost.group), "runs": .integer(Int64(cost.runs)), "calls": .integer(Int64(cost.calls)),
            "usage": cost.usage.journalValue, "picodollars": .integer(cost.cost.picodollars),
            "cost": .number(cost.cost.doubleValue), "unknown_calls": .integer(Int64(cost.unknown)),
        ]
    }
}
