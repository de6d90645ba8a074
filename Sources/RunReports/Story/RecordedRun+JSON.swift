// SPDX-License-Identifier: Apache-2.0

package import AgentCore
package import JSONCore

extension RecordedRun {
    /// The run as one value: `run`, `records` with all of their messages, `schedule`.
    package var jsonValue: JSONValue {
        [
            "run": info.lineValue, "records": .array(records.map { $0.lineValue(after: nil) }),
            "schedule": .array(schedule.map { [.string("\($0.path)"), .integer(Int64($0.count))] }),
        ]
    }
}
