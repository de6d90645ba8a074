// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

/// Functions of the library that compute in C, where Lua's own hooks see nothing.
@Suite(.serialized) struct LibraryLimitTests {
    @Test(arguments: [
        "table.insert(setmetatable({}, {__len = function() return 1 << 60 end}), 1, 0)",
        "table.remove(setmetatable({}, {__len = function() return 1 << 60 end}), 1)",
        "table.move({}, 1, 1 << 60, 2)",
        "table.move(setmetatable({}, {__index = function() return 1 end}), 1, 1 << 60, 2, setmetatable({}, {__newindex = rawlen}))",
        "table.concat(setmetatable({}, {__index = function() return '' end}), '', 1, 1 << 60)",
        "local t = {} for i = 1, 3e5 do t[i] = i * 7919 % 300007 end while true do table.sort(t) t[1], t[3e5] = t[3e5], t[1] end",
        "local t = {} for i = 1, 1e5 do t[i] = {} end while true do collectgarbage() end",
        "while true do pcall(table.concat, {}, ('x'):rep(1000), 1, 2) end",
    ]) func aDeadlineStops(source: String) async throws {
        let error = try await #require(throws: LuaError.self) {
            try await run(source, on: state(), deadline: .now + .milliseconds(50))
        }
        #expect(error.code == .timeout)
    }

    @Test func longParsingIsStopped() async throws {
        let source = """
            local parts = {'local x = 1 if x == 0 then'}
            for i = 1, 30000 do parts[#parts + 1] = ' elseif x == ' .. i .. ' then x = 0' end
            parts[#parts + 1] = ' end'
            local text = table.concat(parts)
            while true do load(text) end
            """
        let error = try await #require(throws: LuaError.self) {
            try await run(source, on: state(), deadline: .now + .milliseconds(200))
        }
        #expect(error.code == .timeout)
    }

    /// Lua 5.4.4 would name the value in the error by walking the code once per index.
    @Test func longChainsOfIndexesAreRefused() async throws {
        let chain = "return (load('return _ENV' .. ('._ENV'):rep(...)))"
        let values = try await run("local f = load(\"\(chain)\") return f(200) ~= nil, select(2, f(201))")
        #expect(values.first == .bool(true))
        let reason = try await run(
            "return select(2, load('return ' .. ('a[1].b'):rep(150), '=c')), load('x = [[' .. ('.a'):rep(500) .. ']] --' .. ('.a'):rep(500)) ~= nil"
        )
        #expect(reason == [.string("c:1: more than 200 indexes in a row"), .bool(true)])
    }

    @Test func outputHasALimit() async throws {
        let printed = Printed()
        let state = try LuaState(limits: .init(outputBytes: 100_000), output: printed.sink)
        let error = try await #require(throws: LuaError.self) {
            try await state.run(
                chunk: Array("while true do pcall(print, ('x'):rep(999)) end".utf8), name: "test.lua")
        }
        #expect(
            error
                == LuaError(
                    .output, "test.lua:1: the script printed more than 100000 bytes", traceback: error.traceback))
        #expect(printed.text.utf8.count == 100_000)
    }

    @Test func sourceHasALimit() async throws {
        let limits = LuaLimits(sourceBytes: 1000)
        let state = try LuaState(limits: limits)
        let error = try await #require(throws: LuaError.self) {
            try await state.run(chunk: Array(("--" + String(repeating: "x", count: 1000)).utf8), name: "test.lua")
        }
        #expect(error == LuaError(.syntax, "the source has 1002 bytes; it may have 1000", traceback: error.traceback))
    }

    @Test func longErrorsAreCut() async throws {
        let error = try await failure("error(('é'):rep(20000), 0)")
        #expect(error.message.hasSuffix("é... (23616 bytes more)"))
        #expect(error.message.utf8.count < 17_000)
    }

    /// Waiting for others is no computing: the limit counts CPU time.
    @Test func computingTimeIsOfTheThread() async throws {
        let error = try await failure("while true do end", .init(computeTime: .milliseconds(30)))
        #expect(error.code == .timeout)
    }

    @Test func textOfTablesAndFunctionsShowsNoAddress() async throws {
        let source = """
            local t, u = {}, {}
            local named = setmetatable({}, {__name = 'thing'})
            assert(tostring(t) == tostring(t) and tostring(t) ~= tostring(u))
            assert(tostring(t):match '^table: %x+$' and tostring(print):match '^function: %x+$')
            assert(tostring(named):match '^thing: %x+$')
            assert(('%s'):format(t) == tostring(t) and ('%5s|%-9.3s'):format('a', 'bcde') == '    a|bcd      ')
            assert(('%p'):format(t) == tostring(t):match '%x+$' and not ('%p %p'):format(t, 'x'):find '0x')
            assert(('%%p %d %s'):format(1, setmetatable({}, {__tostring = function() return 'x' end})) == '%p 1 x')
            return select(2, pcall(string.format, '%d', {}))
            """
        #expect(try await run(source) == [.string("bad argument #2 to 'format' (number expected, got table)")])
    }

    @Test func collectsGarbage() async throws {
        let source = """
            local before = collectgarbage 'count'
            do local t = {} for i = 1, 1e5 do t[i] = {} end end
            return collectgarbage(), collectgarbage 'count' < before + 1000, collectgarbage 'step'
            """
        #expect(try await run(source) == [.integer(0), .bool(true), .integer(0)])
    }

    @Test func modulesOnDemandAreLoadedWhenAskedFor() async throws {
        let modules = [
            LuaModule(name: "early", source: "return {n = 1}, {one = function() return 1 end}", onDemand: true),
            LuaModule(name: "broken", source: "error('broken', 0)", onDemand: true),
        ]
        let state = try LuaState(modules: modules)
        let used = await state.memoryUsed
        let bare = await (try LuaState()).memoryUsed
        #expect(used == bare)
        let source = "return require 'early'.n, require 'early' == require 'early', select(2, pcall(require, 'broken'))"
        let values = try await state.run(chunk: Array(source.utf8), name: "x").values()
        #expect(values == [.integer(1), .bool(true), .string("broken")])
        #expect(try await state.call(entry: "one").values() == [.integer(1)])
        #expect(throws: LuaError.self) {
            try LuaState(modules: [LuaModule(name: "x", source: "return (", onDemand: true)])
        }
    }
}
