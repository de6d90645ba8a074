// SPDX-License-Identifier: Apache-2.0

import Glibc
import JSONCore
import LuaRuntime

/// Drives the bridge through its hard exits many times and reports what is left: run it under a leak checker.
@main struct BridgeSoak {
    static func main() async throws {
        let tracker = Tracker()
        let bytes = try await calls(10_000, tracker)
        try await memoryStops(50, tracker)
        try await cancellations(200, tracker)
        let alive = tracker.alive
        print("objects alive: \(alive), bytes more after 20000 calls: \(bytes)")
        let converted = try await conversions(10_000)
        try await conversionStops(50)
        print("bytes more after 20000 conversions: \(converted)")
        if alive != 0 || bytes != 0 || converted != 0 { exit(1) }
    }

    /// Runs `count` calls that succeed and as many that raise, each with requests from inside coroutines.
    ///
    /// - Returns: how many bytes more the state holds afterwards.
    private static func calls(_ count: Int, _ tracker: Tracker) async throws -> Int {
        let state = try LuaState(modules: [module])
        var before = 0
        for number in -100..<count {
            if number == 0 {
                await state.collectGarbage()
                before = await state.memoryUsed
            }
            let host = tracker.host()
            let arguments = LuaMessage.of(["number": .integer(Int64(number)), "items": [1, "two", [:], []]])
            let values = try await state.call(entry: "succeed", arguments: arguments, host: host)
            guard try values.json(at: 0)["number"] == .integer(Int64(number)) else {
                throw Unexpected("a wrong result")
            }
            try await expectError(.runtime) { try await state.call(entry: "fail", arguments: arguments, host: host) }
        }
        await state.collectGarbage()
        guard await state.liveThreads == 0 else { throw Unexpected("calls that have not ended") }
        return await state.memoryUsed - before
    }

    private static func memoryStops(_ count: Int, _ tracker: Tracker) async throws {
        for _ in 0..<count {
            let state = try LuaState(limits: LuaLimits(memoryBytes: 2 << 20), modules: [module])
            let host = tracker.host()
            try await expectError(.memory) { try await state.call(entry: "exhaust", host: host) }
            try await expectError(.closed) { try await state.call(entry: "succeed", host: host) }
        }
    }

    /// Cancels calls while they wait, in coroutines and with variables to close.
    private static func cancellations(_ count: Int, _ tracker: Tracker) async throws {
        let state = try LuaState(modules: [module])
        for _ in 0..<count {
            let host = tracker.host()
            do {
                _ = try await state.call(entry: "wait") { request in
                    _ = try await host(request)
                    throw CancellationError()
                }
                throw Unexpected("a call that was not cancelled")
            } catch is CancellationError {}
        }
    }

    static func expectError(_ code: LuaError.Code, _ body: () async throws -> LuaMessage) async throws {
        do {
            _ = try await body()
        } catch let error as LuaError where error.code == code {
            return
        }
        throw Unexpected("no error '\(code)'")
    }

    private static let module = LuaModule(
        name: "soak",
        source: """
            local host = ...
            local entries = {}
            function entries.succeed(value)
                return coroutine.wrap(function() return select(2, pcall(host, 'echo', value)) end)()
            end
            function entries.fail(value)
                local ok, message = pcall(coroutine.wrap(host), 'raise', value)
                local closed <close> = setmetatable({}, {__close = function() value = nil end})
                error(setmetatable({message}, {__tostring = function(e) return e[1] end}))
            end
            function entries.exhaust()
                local kept = {}
                while true do
                    pcall(coroutine.wrap(function()
                        while true do
                            pcall(function() kept[#kept + 1] = ('x'):rep(1000) .. #kept end)
                            host('echo', #kept)
                        end
                    end))
                end
            end
            function entries.wait()
                local closed <close> = setmetatable({}, {__close = function() return 1 end})
                ;('x'):gsub('x', function() end)
                coroutine.wrap(function() pcall(host, 'echo', {}) end)()
            end
            return {}, entries
            """)
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) { description = "unexpected: \(what)" }
}
