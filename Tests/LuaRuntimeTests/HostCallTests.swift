// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

@Suite(.inBothStrengths) struct HostCallTests {
    @Test(arguments: [
        ("plain", "return ask('double', 21)"),
        ("pcall", "local ok, v = pcall(ask, 'double', 21) return ok and v"),
        ("nested pcall", "local _, _, v = pcall(pcall, ask, 'double', 21) return v"),
        ("xpcall", "local ok, v = xpcall(ask, error, 'double', 21) return ok and v"),
        (
            "handler of xpcall",
            "local ok, v = xpcall(error, function(n) return ask('double', n) end, 21) return not ok and v"
        ),
        ("__index", "return setmetatable({}, {__index = function(_, k) return ask('double', k) end})[21]"),
        ("__add", "return setmetatable({}, {__add = function(_, n) return ask('double', n) end}) + 21"),
        ("__call", "return setmetatable({}, {__call = function(_, n) return ask('double', n) end})(21)"),
        ("__lt", "return setmetatable({}, {__lt = function() return ask('x', true) end}) < {} and 42"),
        (
            "__pairs",
            "for k in pairs(setmetatable({}, {__pairs = function() return next, {[ask('double', 21)] = 1} end})) do return k end"
        ),
        (
            "__close",
            "local r do local c <close> = setmetatable({}, {__close = function() r = ask('double', 21) end}) end return r"
        ),
        ("iterator", "for v in function(_, v) if not v then return ask('double', 21) end end do return v end"),
        ("wrap", "return coroutine.wrap(function() return ask('double', 21) end)()"),
        ("wrap of ask", "return coroutine.wrap(ask)('double', 21)"),
        ("resume", "return select(2, coroutine.resume(coroutine.create(ask), 'double', 21))"),
        (
            "nested resume",
            """
            local function f(d)
                if d == 0 then return ask('double', 21) end
                local ok, v = coroutine.resume(coroutine.create(f), d - 1)
                return ok and v
            end
            return f(50)
            """
        ),
        (
            "generator",
            """
            local s = 0
            for v in coroutine.wrap(function() for i = 1, 6 do coroutine.yield(ask('double', i)) end end) do s = s + v end
            return s
            """
        ),
        (
            "pcall in a coroutine",
            "return coroutine.wrap(function() local ok, v = pcall(ask, 'double', 21) coroutine.yield(ok and v) end)()"
        ),
        (
            "coroutine in pcall in a coroutine",
            """
            local g = coroutine.wrap(function()
                local ok, v = pcall(coroutine.wrap(function() coroutine.yield(ask('double', 21)) end))
                coroutine.yield(v)
            end)
            return g()
            """
        ),
    ]) func passesThrough(place: String, source: String) async throws {
        #expect(try await run(source) == [.integer(42)], "\(place)")
    }

    @Test(arguments: [
        ("local t = {2, 1} table.sort(t, function(a, b) return ask('x', a < b) end)", "table.sort"),
        ("('x'):gsub('x', function() return ask('x', 'y') end)", "string.gsub"),
        ("tostring(setmetatable({}, {__tostring = function() return ask('x', 'y') end}))", "tostring"),
        ("print(setmetatable({}, {__tostring = function() return ask('x', 'y') end}))", "print"),
        ("table.concat(setmetatable({}, {__len = function() return ask('x', 1) end}))", "table.concat"),
        ("local t = {2, 1} table.sort(t, coroutine.wrap(function() ask('x') end))", "table.sort"),
        (
            "local t = {2, 1} table.sort(t, function() coroutine.wrap(function() coroutine.wrap(ask)('x') end)() end)",
            "table.sort"
        ),
    ]) func saysWhereLuaCannotWait(source: String, function: String) async throws {
        let error = try await failure("\n" + source)
        let message = "test.lua:2: the host cannot be asked inside \(function), because Lua cannot wait there"
        #expect(error.code == .runtime)
        #expect(error.message.contains(message), "\(error.message)")
        #expect(
            try await run("local ok = pcall(function() \(source) end) return ok, ask('double', 21)") == [
                .bool(false), .integer(42),
            ])
    }

    @Test func anAnswerMayRaise() async throws {
        let error = try await failure("\n\nask('raise', 'no such file')")
        #expect(error.message == "test.lua:3: no such file")
        #expect(error.traceback == "stack traceback:\n\ttest.lua:3: in main chunk")
        #expect(
            try await run("local ok, e = pcall(ask, 'raise', 'no') return ok, e") == [
                .bool(false), .string("test.lua:1: no"),
            ])
        #expect(
            try await run("return coroutine.resume(coroutine.create(function() return ask('raise', 'no') end))")
                == [.bool(false), .string("test.lua:1: no")])
    }

    @Test func tellsTheHostWhereTheScriptAsks() async throws {
        #expect(try await run("\n\nlocal place = ask('where') return place") == [.string("test.lua:3")])
        #expect(try await run("\nlocal place = coroutine.wrap(ask)('where') return place") == [.string("test.lua:2")])
        #expect(try await state().call(entry: "ask", arguments: .of("where"), host: echoHost).values() == [.string("")])
    }

    @Test func anErrorOfTheHostIsNotForTheScript() async throws {
        struct Broken: Error {}
        let state = try state()
        await #expect(throws: Broken.self) {
            try await run("pcall(ask, 'x') ran = true", on: state) { _ in throw Broken() }
        }
        #expect(await state.liveThreads == 0)
        #expect(try await run("return ran", on: state) == [.nil])
    }

    @Test func closesVariablesOfAnAbortedCall() async throws {
        let state = try state()
        let source = """
            local c <close> = setmetatable({}, {__close = function() closed = (closed or 0) + 1 end})
            local d <close> = setmetatable({}, {__close = function() ask('x') end})
            local e <close> = setmetatable({}, {__close = function() while true do end end})
            ask('wait')
            """
        await #expect(throws: CancellationError.self) {
            try await run(source, on: state) { _ in throw CancellationError() }
        }
        #expect(try await run("return 1", on: state) == [.integer(1)])
    }

    @Test func manyCallsWaitOnOneState() async throws {
        let state = try state()
        let gates = (0..<50).map { _ in Gate() }
        let results = try await withThrowingTaskGroup(of: (Int, [LuaValue]).self) { group in
            for (number, gate) in gates.enumerated() {
                group.addTask {
                    let values = try await state.call(entry: "ask", arguments: .of("double", .integer(Int64(number)))) {
                        request in
                        await gate.pass()
                        return try await echoHost(request)
                    }
                    return (number, values.values())
                }
            }
            for gate in gates { await gate.arrival(of: 1) }
            #expect(await state.liveThreads == 50)
            var finished: [Int] = []
            for gate in gates.reversed() {
                await gate.open()
                let (number, values) = try #require(try await group.next())
                #expect(values == [.integer(Int64(number * 2))])
                finished.append(number)
            }
            return finished
        }
        #expect(results == Array((0..<50).reversed()))
        #expect(await state.liveThreads == 0)
    }

    @Test func aCallCannotTouchTheCoroutineOfAnother() async throws {
        let state = try state()
        let gate = Gate()
        async let first = run(
            "main = coroutine.running() co = coroutine.create(function() return ask('double', 21) end) return coroutine.resume(co)",
            on: state
        ) { request in
            await gate.pass()
            return try await echoHost(request)
        }
        await gate.arrival(of: 1)
        let source = """
            local results = {}
            for i, f in ipairs{coroutine.resume, coroutine.close} do
                for j, c in ipairs{main, co} do
                    local ok, e = pcall(f, c)
                    results[#results + 1] = ok and 'done' or e
                end
            end
            return results, coroutine.status(co)
            """
        #expect(
            try await run(source, on: state) == [
                .list([
                    .string("test.lua:4: cannot resume the main coroutine of a call"),
                    .string("test.lua:4: cannot resume a coroutine that waits for the host"),
                    .string("test.lua:4: cannot close the main coroutine of a call"),
                    .string("test.lua:4: cannot close a coroutine that waits for the host"),
                ]), .string("suspended"),
            ])
        await gate.open()
        #expect(try await first == [.bool(true), .integer(42)])
    }
}
