// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

@Suite(.inBothStrengths) struct LifetimeTests {
    @Test func callsLeaveNothingBehind() async throws {
        let state = try state()
        let alive = LiveCount()
        try await run(
            """
            function work(value) local co = coroutine.wrap(function() return ask('x', {value, {n = value}}) end) return co() end
            function fail(value) local ok, e = pcall(ask, 'raise', 'a') error({value = value, e = e}) end
            """, on: state)
        func round(_ count: Int) async throws {
            for number in 0..<count {
                let counted = Counted(alive)
                let host: LuaHost = { request in
                    _ = counted
                    return try await echoHost(request)
                }
                let values = try await state.call(
                    entry: "apply", arguments: .of("work", .integer(Int64(number))), host: host)
                #expect(values.count == 1)
                await #expect(throws: LuaError.self) {
                    try await state.call(entry: "apply", arguments: .of("fail", .integer(Int64(number))), host: host)
                }
            }
            await state.collectGarbage()
        }
        try await round(100)
        let before = await state.memoryUsed
        try await round(10_000)
        #expect(await state.memoryUsed == before)
        #expect(await state.liveThreads == 0)
        #expect(alive.now == 0)
    }

    @Test func statesAreFreed() async throws {
        for _ in 0..<50 {
            weak var released: LuaState?
            do {
                let state = try state(.init(memoryBytes: 500_000))
                released = state
                await #expect(throws: LuaError.self) {
                    try await run("local t = {} while true do t[#t + 1] = {} end", on: state)
                }
            }
            #expect(released == nil)
        }
    }

    @Test func manyCallsAreReused() async throws {
        let state = try state()
        _ = try await state.call(entry: "echo")
        await state.collectGarbage()
        let before = await state.memoryUsed
        for _ in 0..<1000 { _ = try await state.call(entry: "echo", arguments: .of(["a": 1])) }
        await state.collectGarbage()
        #expect(await state.memoryUsed == before)
    }
}
