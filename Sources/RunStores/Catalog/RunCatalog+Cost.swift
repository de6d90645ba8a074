// SPDX-License-Identifier: Apache-2.0

public import AgentCore
import GRDB

/// What calls came to that have something in common.
public struct RunCost: Sendable, Equatable {
    /// What they have in common: a day (by Greenwich), a model, a script.
    public var group: String
    public var runs: Int
    /// Calls that used something.
    public var calls: Int
    public var usage: Usage
    /// The sum of what is known.
    public var cost: Dollars
    /// Calls of which nobody knows what they cost.
    public var unknown: Int

    public init(group: String, runs: Int, calls: Int, usage: Usage, cost: Dollars, unknown: Int) {
        self.group = group
        self.runs = runs
        self.calls = calls
        self.usage = usage
        self.cost = cost
        self.unknown = unknown
    }

    /// What costs are summed up by.
    public enum Grouping: String, Sendable, CaseIterable {
        case day, model, script

        fileprivate var sql: String {
            switch self {
            case .day: "date(record.began / 1000000, 'unixepoch')"
            // A request of a script says itself which service it asked.
            case .model:
                "CASE record.operation WHEN 'model' THEN record.name ELSE coalesce(outcome ->> '$.spent[0].model', record.name) END"
            case .script: "coalesce(run.script, '')"
            }
        }
    }
}

extension RunCatalog {
    /// What the calls of all runs came to, exact to the picodollar.
    ///
    /// - Returns: days in their order, the dearest model or script first.
    /// - Throws: ``JournalError``.
    public func cost(by grouping: RunCost.Grouping, since: Int64? = nil) throws(JournalError) -> [RunCost] {
        guard let database = try existing() else { return [] }
        let order = grouping == .day ? "1" : "sum(record.cost) DESC, 1"
        return try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(grouping.sql), count(DISTINCT record.run) AS runs, count(*) AS calls,
                        sum(usage ->> 'prompt_tokens') AS prompt, sum(usage ->> 'completion_tokens') AS completion,
                        sum(usage ->> 'total_tokens') AS total, sum(usage ->> 'cached_tokens') AS cached,
                        sum(record.cost) AS cost, sum(record.cost IS NULL) AS unknown
                    FROM record JOIN run ON run.key = record.run
                    WHERE usage IS NOT NULL AND record.began >= ? GROUP BY 1 ORDER BY \(order)
                    """, arguments: [since ?? Int64.min]
            ).map { row in
                let count = { (name: String) in row[name] as Int? ?? 0 }
                return RunCost(
                    group: row[0] as String? ?? "", runs: count("runs"), calls: count("calls"),
                    usage: Usage(
                        promptTokens: count("prompt"), completionTokens: count("completion"),
                        totalTokens: count("total"), cachedTokens: count("cached")),
                    cost: Dollars(picodollars: row["cost"] as Int64? ?? 0), unknown: count("unknown"))
            }
        }
    }
}
