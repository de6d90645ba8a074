// SPDX-License-Identifier: Apache-2.0

import AgentCore
import GRDB
import Glibc
import JSONCore

/// The keys of calls that run at most once, of all runs of a journal. Those of different scripts are different keys.
enum OnceKeys {
    static func claim(_ claim: OnceClaim, _ info: RunInfo, _ database: Database) throws -> OnceState {
        try database.execute(
            sql: "INSERT OR IGNORE INTO once (script, tool, key, run, record) VALUES (?, ?, ?, ?, ?)",
            arguments: [info.owner, claim.tool, claim.key, info.id, claim.record])
        if database.changesCount > 0 { return .free }
        let row = try Row.fetchOne(
            database, sql: "SELECT run, record, result FROM once WHERE script = ? AND tool = ? AND key = ?",
            arguments: [info.owner, claim.tool, claim.key])
        guard let row else { return .free }
        let result = try (row["result"] as String?).map { try JSONValue(parsing: $0) }
        let run: String = row["run"]
        let record: Int = row["record"]
        if run == info.id, record == claim.record { return .own(result) }
        return result.map { .done($0) } ?? .held(run: run)
    }

    static func settle(_ claim: OnceClaim, _ result: JSONValue?, _ info: RunInfo, _ database: Database) throws {
        let place: StatementArguments = [info.owner, claim.tool, claim.key]
        guard let result else {
            return try database.execute(
                sql: "DELETE FROM once WHERE script = ? AND tool = ? AND key = ?", arguments: place)
        }
        try database.execute(
            sql: "UPDATE once SET result = ? WHERE script = ? AND tool = ? AND key = ?",
            arguments: [try result.serialized()] + place)
    }
}

extension RunInfo {
    /// Whose keys they are: the script by its whole path.
    fileprivate var owner: String {
        guard let script else { return "" }
        let path = script.hasPrefix("/") ? script : folder + "/" + script
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
