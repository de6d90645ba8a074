// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

/// One after the other, because a computing script holds a thread of the pool.
@Suite(.serialized, .inBothStrengths) struct LimitTests {
    private static let loops = [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "while true do xpcall(function() while true do end end, function() while true do end end) end",
        "while true do coroutine.wrap(function() while true do pcall(function() while true do end end) end end)() end",
        "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
        "local c <close> = setmetatable({}, {__close = function() while true do end end}) while true do end",
        "pcall(function() local c <close> = setmetatable({}, {__close = function() while true do end end}) error() end)",
        "while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end",
        "while true do pcall(string.gsub, 'x', 'x', function() while true do end end) end",
        "setmetatable({}, {__index = function() while true do end end}).x = nil; return setmetatable({}, {__index = function() while true do end end}).x",
        "error(setmetatable({}, {__tostring = function() while true do end end}))",
        "local co = coroutine.create(function() local c <close> = setmetatable({}, {__close = function() while true do end end}) coroutine.yield() end) coroutine.resume(co) while true do coroutine.close(co) end",
        "local function f() return f() end f()",
        "::a:: goto a",
    ]

    /// By CPU time, so that it has begun when it is stopped however busy the machine is.
    @Test(arguments: loops) func aTimeLimitStops(source: String) async throws {
        let state = try state(.init(computeTime: .milliseconds(20)))
        let error = try await #require(throws: LuaError.self) { try await run("\n" + source, on: state) }
        if source.hasPrefix("error(") {  // the error itself came before the limit
            #expect(error.message == "(the error is a table value)")
        } else {
            #expect(error.code == .timeout)
            // A worker that had to be killed could not say where.
            #expect(error.message.contains("the time limit of the call was reached"))
            let next = try await #require(throws: LuaError.self) { try await run("return 1", on: state) }
            #expect(next.code == .closed)
        }
        #expect(await state.liveThreads == 0)
    }

    @Test func aStopNamesItsPlace() async throws {
        let state = try LuaState(limits: .init(computeTime: .milliseconds(20)), modules: [probe], sandbox: .inProcess)
        let error = try await #require(throws: LuaError.self) { try await run("\nwhile true do end", on: state) }
        #expect(error.message == "test.lua:2: the time limit of the call was reached")
        let next = try await #require(throws: LuaError.self) { try await run("return 1", on: state) }
        #expect(next == LuaError(.closed, "the Lua state is closed: a script on it reached a limit"))
    }

    @Test(arguments: loops.filter { !$0.hasPrefix("error(") }) func anInstructionLimitStops(source: String) async throws
    {
        let error = try await failure(source, .init(instructions: 100_000))
        #expect(error.code == .instructions)
        #expect(error.message == "test.lua:1: the limit of 100000 instructions was reached")
    }

    @Test(arguments: [
        "local t = {} while true do t[#t + 1] = {} end",
        "local s = 'x' while true do s = s .. s end",
        "while true do pcall(function() local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end end) end",
        "while true do pcall(string.rep, ('x'):rep(1000), 900) pcall(function() local t = {} while true do t[#t+1] = ('x'):rep(100000) end end) end",
        "local t = {} while true do pcall(function() for i = 1, 1e9 do t[i] = i end end) end",
        "while true do pcall(string.pack, 'c999999999', '') end",
        "local t = {} while true do t[#t + 1] = coroutine.create(print) end",
        "local function f() return 1 + f() end while true do pcall(f) end",
        "local t = {} while true do coroutine.wrap(function() while true do pcall(function() t[#t + 1] = ('x'):rep(1e5) end) end end)() end",
        "local s = ('x'):rep(500000) while true do pcall(function() return s:gsub('x', s) end) end",
        "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(100) end while true do pcall(table.concat, t, ('y'):rep(5000)) end",
        "while true do pcall(load, 'return {' .. ('{},'):rep(100000) .. '}') end",
    ]) func theMemoryLimitStops(source: String) async throws {
        let state = try state(.init(memoryBytes: 1_000_000))
        let error = try await #require(throws: LuaError.self) {
            try await run(source, on: state, deadline: .now + .seconds(20))
        }
        #expect(error.code == .memory)
        #expect(error.message == "test.lua:1: not enough memory: the script may hold 1000000 bytes")
        #expect(await state.memoryPeak <= 1_000_000)
        let next = try await #require(throws: LuaError.self) { try await run("return 1", on: state) }
        #expect(next == LuaError(.closed, "the Lua state is closed: a script reached its memory limit"))
    }

    @Test(arguments: [
        "('x'):rep(1e10)", "('x'):rep(1 << 62)", "('xy'):rep(1 << 62, 'zz')", "('x'):rep(1e6, ('y'):rep(100))",
    ]) func aResultThatCannotFitIsAnError(source: String) async throws {
        let error = try await failure("return " + source, .init(memoryBytes: 1_000_000))
        #expect(error.message == "test.lua:1: string.rep: the result would be too large")
    }

    @Test func repeatsLikeLua() async throws {
        #expect(
            try await run(
                "return ('ab'):rep(3), ('ab'):rep(2, ','), ('ab'):rep(0), ('ab'):rep(-1), (''):rep(1 << 62), ('a'):rep(1, 'b')"
            )
                == ["ababab", "ab,ab", "", "", "", "a"].map { .string($0) })
    }

    @Test func aMemoryLimitBelowTheLibrariesIsRefused() throws {
        let error = try #require(throws: LuaError.self) { try state(.init(memoryBytes: 1000)) }
        #expect(error.code == .memory)
        #expect(error.message.hasPrefix("the memory limit is 1000 bytes, but the libraries and modules need "))
    }

    /// Whatever allocation is the one that fails, it must end in an error and not in Lua's panic.
    @Test func everyMemoryLimitIsSurvived() async throws {
        let source = """
            local kept = {}
            local function deep(n) return n == 0 and ask('x', {n = n, list = {1, 2, {}}}) or (deep(n - 1)) end
            for i = 1, 4 do
                kept[i] = coroutine.wrap(function() print(i) coroutine.yield(deep(20)) end)()
                local ok, e = pcall(ask, 'raise', ('x'):rep(100 * i))
                kept[#kept + 1] = e .. load('return ' .. i)()
                table.sort(kept, function(a, b) return tostring(a) < tostring(b) end)
            end
            error(setmetatable({}, {__tostring = function() return table.concat({'e', 'nd'}) end}))
            """
        let needed = await (try state()).memoryUsed
        var codes: [LuaError.Code: Int] = [:]
        for extra in stride(from: 0, to: 60_000, by: 97) {
            do {
                try await run(source, .init(memoryBytes: needed + extra))
            } catch let error as LuaError {
                codes[error.code, default: 0] += 1
                #expect(error.code == .memory || error.message == "end")
            }
        }
        #expect(codes[.memory, default: 0] > 10 && codes[.runtime, default: 0] > 10)
    }

    @Test func computingTimeLeavesOutWaiting() async throws {
        let limits = LuaLimits(computeTime: .milliseconds(50))
        #expect(
            try await run("ask('x') return 1", limits) { request in
                try await Task.sleep(for: .milliseconds(60))
                return .values(request.arguments)
            } == [.integer(1)])
        #expect(try await failure("while true do ask('x') end", limits).code == .timeout)
    }

    @Test func aDeadlineEndsWaiting() async throws {
        let state = try state()
        let error = try await #require(throws: LuaError.self) {
            try await run("\nask('sleep')", on: state, deadline: .now + .seconds(2)) { _ in
                try await waitForCancellation()
            }
        }
        #expect(
            error
                == LuaError(.timeout, "test.lua:2: the time limit of the call was reached while it waited for 'sleep'"))
        #expect(try await run("return 1", on: state) == [.integer(1)])
    }

    @Test func aDeadlineInThePastStopsAtOnce() async throws {
        let error = try await #require(throws: LuaError.self) {
            try await run("return 1", on: state(), deadline: .now - .seconds(1))
        }
        #expect(error == LuaError(.timeout, "the time limit of the call was reached"))
    }

    @Test func closingAfterAnErrorHasTheSameLimit() async throws {
        let source = "local c <close> = setmetatable({}, {__close = function() while true do end end}) error('first')"
        let state = try state(.init(computeTime: .milliseconds(20)))
        let error = try await #require(throws: LuaError.self) { try await run(source, on: state) }
        #expect(error.message == "test.lua:1: first")
        #expect(try await run("return 1", on: state) == [.integer(1)])
    }

    @Test func aCallMayBeStoppedAlone() async throws {
        let state = try state(.init(stopClosesState: false))
        for _ in 0..<20 {
            let error = try await #require(throws: LuaError.self) {
                try await state.call(entry: "spin", deadline: .now + .milliseconds(2))
            }
            #expect(error.code == .timeout)
            #expect(try await state.call(entry: "echo", arguments: .of(1)).json(at: 0) == 1)
        }
    }

    @Test func aCancelledTaskStopsItsCallOnly() async throws {
        let state = try state()
        let started = Gate()
        await started.open()
        let task = Task {
            try await run(
                "ask('started') while true do pcall(function() while true do end end) end", on: state,
                deadline: .now + .seconds(20)
            ) { _ in
                .values(.init())
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await state.liveThreads == 0)
        #expect(try await run("return 1", on: state) == [.integer(1)])
    }

    @Test func aTaskIsCancelledWhileItComputes() async throws {
        let state = try state()
        let asked = Gate()
        let task = Task {
            try await run("ask('started') while true do end", on: state, deadline: .now + .seconds(20)) { _ in
                await asked.pass()
                return .values(.init())
            }
        }
        await asked.arrival(of: 1)
        await asked.open()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await run("return 1", on: state) == [.integer(1)])
    }

    @Test func aTaskIsCancelledWhileItWaits() async throws {
        let state = try state()
        let waiting = Gate()
        let task = Task {
            try await run("pcall(ask, 'x') later = true", on: state) { _ in
                async let never = waitForCancellation()
                await waiting.pass()
                return try await never
            }
        }
        await waiting.arrival(of: 1)
        task.cancel()
        await waiting.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await run("return later", on: state) == [.nil])
    }

    @Test func cancelStopsTheState() async throws {
        let state = try state()
        let waiting = Gate()
        let computing = Task {
            try await run("ask('x') while true do end", on: state, deadline: .now + .seconds(20)) { _ in
                await waiting.pass()
                return .values(.init())
            }
        }
        await waiting.arrival(of: 1)
        await waiting.open()
        state.cancel()
        let error = await #expect(throws: LuaError.self) { try await computing.value }
        #expect(error?.code == .cancelled)
        let next = try await #require(throws: LuaError.self) { try await run("return 1", on: state) }
        #expect(next == LuaError(.closed, "the Lua state is closed: it was cancelled"))
    }

    @Test func callsThatWaitWhileTheStateStopsEndAsWell() async throws {
        let state = try state(.init(memoryBytes: 1_000_000))
        let waiting = Gate()
        let first = Task {
            try await run("return pcall(ask, 'x')", on: state) { _ in
                await waiting.pass()
                return .values(.init())
            }
        }
        await waiting.arrival(of: 1)
        await #expect(throws: LuaError.self) {
            try await run("local t = {} while true do t[#t + 1] = {} end", on: state)
        }
        await waiting.open()
        let error = await #expect(throws: LuaError.self) { try await first.value }
        #expect(error?.code == .closed)
        #expect(await state.liveThreads == 0)
    }
}
