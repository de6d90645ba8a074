// SPDX-License-Identifier: Apache-2.0

import AgentRuntime

/// Whether scripts can be isolated on this machine: found by starting a worker and letting it try to get out.
struct Isolation {
    private let walls: SandboxWalls?
    private let reason: String

    init() {
        do throws(LuaError) {
            walls = try LuaWorkerPool(warm: 0).walls()
            reason = ""
        } catch {
            walls = nil
            reason = error.message
        }
    }

    private var breaches: [SandboxWalls.Attempt] { walls?.attempts.filter { !$0.holds } ?? [] }

    var text: String {
        guard let walls else { return "not possible: \(Printable.escaped(reason))" }
        guard walls.hold else { return "not safe, a worker could: \(breaches.map(\.name).joined(separator: ", "))" }
        return "Landlock \(walls.landlock), seccomp; a worker tried \(walls.attempts.count) things, all walls hold"
    }

    var json: JSONValue {
        guard let walls else { return ["holds": false, "reason": .string(reason)] }
        return [
            "holds": .bool(walls.hold), "landlock": .integer(Int64(walls.landlock)),
            "attempts": .array(
                walls.attempts.map { attempt in
                    [
                        "name": .string(attempt.name), "errno": .integer(Int64(attempt.error)),
                        "holds": .bool(attempt.holds),
                    ]
                }),
        ]
    }
}
