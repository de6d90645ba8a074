// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime

/// Measures what 64 vectors of 1,024 numbers cost on their way into Lua: as lists of numbers, and as a JSON value.
enum VectorBench {
    private static let rounds = 50

    static func run() async throws {
        let vectors = (0..<64).map { row in (0..<1024).map { Double($0 &* 31 &+ row) / 32768 } }
        let json = JSONValue.array(vectors.map { .array($0.map { .number($0) }) })
        let ways: [(name: String, make: @Sendable () -> LuaMessage)] = [
            (
                "lists of numbers",
                {
                    var message = LuaMessage()
                    message.append(vectors.map { .numbers($0) })
                    return message
                }
            ),
            ("JSON value", { .of(json) }),
        ]
        for way in ways {
            let state = try LuaState(limits: LuaLimits(memoryBytes: 1 << 30), modules: [module])
            let clock = ContinuousClock()
            var least = Duration.seconds(1)
            for _ in 0..<rounds {
                let start = clock.now
                _ = try await state.call(entry: "ask", host: { _ in .values(way.make()) })
                least = min(least, clock.now - start)
            }
            print("lua-vectors\t64 x 1024 as \(way.name)\t\(least / .nanoseconds(1))")
        }
    }

    private static let module = LuaModule(
        name: "vectors",
        source: """
            local host = ...
            local entries = {}
            function entries.ask() return #host("vectors") end
            return {}, entries
            """)
}
