// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import ArgumentParser
import RunReports
import RunStores

struct RunsCostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost", _superCommandName: "agent runs",
        abstract: "Sums up tokens and money, exact to the picodollar.",
        discussion: "Calls are counted when they began, by the day of Greenwich; one that is replayed costs nothing.")

    @OptionGroup var place: RunStoreOptions
    @Option(
        help: "Sum up by day, model or script.",
        transform: { word in
            guard let grouping = RunCost.Grouping(rawValue: word) else {
                throw ValidationError("--by: expected day, model or script, found \(word)")
            }
            return grouping
        }) var by: RunCost.Grouping = .day
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
        let lines = Columns([head] + rows, right: [1, 2, 3, 4, 5]).lines
        let style = Style(isOn: color.isOnForOutput)
        let shown: [String] = [style.dim(lines[0])] + lines.dropFirst()
        Console.show(shown.joined(separator: "\n") + "\n")
        if sum.unknown > 0 {
            Console.err("the cost of \(Figures.counted(sum.unknown, "call")) is not known, and not in the sum\n")
        }
    }

    private func row(_ cost: RunCost) -> [String] {
        let group = cost.group.isEmpty ? "(none)" : cost.group
        let runs = cost.runs > 0 ? String(cost.runs) : ""
        let money = (cost.unknown > 0 ? "≥ " : "") + cost.cost.description
        return [
            Printable.short(group, width: 50), runs, Figures.count(cost.calls),
            Figures.count(cost.usage.promptTokens), Figures.count(cost.usage.completionTokens), money,
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
        var fields = Self.fields(Self.sum(costs))
        fields["by"] = .string(by.rawValue)
        fields["groups"] = .array(costs.map { Self.group($0) })
        return .object(fields)
    }

    private static func group(_ cost: RunCost) -> JSONValue {
        var fields = fields(cost)
        fields["group"] = .string(cost.group)
        fields["runs"] = .integer(Int64(cost.runs))
        return .object(fields)
    }

    private static func fields(_ cost: RunCost) -> JSONObject {
        var fields = JSONObject()
        fields["calls"] = .integer(Int64(cost.calls))
        fields["usage"] = cost.usage.journalValue
        fields["picodollars"] = .integer(cost.cost.picodollars)
        fields["cost"] = .number(cost.cost.doubleValue)
        fields["unknown_calls"] = .integer(Int64(cost.unknown))
        return fields
    }
}
