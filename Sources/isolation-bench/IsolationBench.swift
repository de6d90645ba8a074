// SPDX-License-Identifier: Apache-2.0

import Glibc
import LuaRuntime

/// Measures what the isolated strength costs, each figure beside the same in process or beside the limit of the kernel.
/// Prints name, unit and figures, tab-separated; `scripts/bench-isolated` runs it.
@main enum IsolationBench {
    static let module = LuaModule(
        name: "bench",
        source: """
            local host = ...
            return {}, {
              add = function(a, b) return a + b end,
              echo = function(value) return value end,
              ask = function(value) return host('ask', value) end,
              spin = function() while true do end end,
            }
            """)

    static func main() async throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "echo" {
            return RoundTrip.echo(on: Int32(CommandLine.arguments[2]) ?? -1)
        }
        try await measure()
    }

    // Off the main actor: each call from its thread into a Lua state would wake another thread.
    @concurrent private static func measure() async throws {
        RoundTrip.measure(bytes: 64)
        for (name, sandbox) in [("in process", Sandbox.inProcess), ("isolated", .isolated)] {
            try await Calls.measure(name, sandbox)
        }
        try await Starts.measure()
        try await Memory.measure(workers: 50)
        for (name, sandbox) in [("in process", Sandbox.inProcess), ("isolated", .isolated)] {
            try await Stops.measure(name, sandbox, stops: 100)
        }
    }
}

/// Durations in microseconds, as they are told.
struct Samples {
    private var values: [Double] = []

    mutating func add(_ body: () async throws -> Void) async rethrows {
        let time = try await ContinuousClock().measure(body)
        add(time)
    }

    mutating func add(_ time: Duration) {
        values.append(Double(time.components.seconds) * 1e6 + Double(time.components.attoseconds) / 1e12)
    }

    func tell(_ name: String) {
        let sorted = values.sorted()
        let at = { (part: Double) in sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))] }
        let figures = [("median", at(0.5)), ("p90", at(0.9)), ("p99", at(0.99)), ("least", sorted[0])]
        let text = figures.map { "\($0.0) \(($0.1 * 10).rounded() / 10)" }.joined(separator: "\t")
        print("\(name)\tµs\t\(text)")
    }
}
