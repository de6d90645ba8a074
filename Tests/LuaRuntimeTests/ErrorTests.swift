// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

@Suite(.inBothStrengths) struct ErrorTests {
    @Test func syntaxErrorsHaveALine() async throws {
        let error = try await failure("\n\nlocal = 1")
        #expect(error.code == .syntax)
        #expect(error.message == "test.lua:3: <name> expected near '='")
    }

    @Test func runtimeErrorsHaveALineAndATraceback() async throws {
        let error = try await failure("\nlocal function f() local x = nil + 1 end\nfunction g() f() end\ng()")
        #expect(error.code == .runtime)
        #expect(error.message == "test.lua:2: attempt to perform arithmetic on a nil value")
        #expect(
            error.traceback == """
                stack traceback:
                \ttest.lua:2: in upvalue 'f'
                \ttest.lua:3: in global 'g'
                \ttest.lua:4: in main chunk
                """)
    }

    @Test func modulesDoNotShowInPositions() async throws {
        let error = try await failure("\nlocal function f() probe.check(1) end\nf()")
        #expect(error.message == "test.lua:2: expected a string")
        #expect(error.traceback == "stack traceback:\n\ttest.lua:2: in local 'f'\n\ttest.lua:3: in main chunk")
        #expect(try await run("\nreturn probe.where()") == [.string("test.lua:2")])
    }

    @Test func deepTracebacksAreShortened() async throws {
        let error = try await failure(
            "local function f(n) if n == 0 then error('x') end return 1 + f(n - 1) end f(500)")
        let lines = error.traceback.split(separator: "\n")
        #expect(lines.count < 30)
        #expect(lines.contains { $0.contains("levels)") })
        #expect(
            try await failure("local function f() return 1 + f() end f()", .init(memoryBytes: 0)).message.contains(
                "stack overflow"))
    }

    @Test(arguments: [
        ("error('x', 0)", "x"), ("error()", "(the error is a nil value)"),
        ("error({})", "(the error is a table value)"),
        ("error({message = 'why'})", "why"), ("error(12)", "12"),
        ("error(setmetatable({}, {__tostring = function() return 'text' end}))", "text"),
        ("error(setmetatable({}, {__tostring = function() error('again') end}))", "(the error is a table value)"),
        ("error(setmetatable({}, {__tostring = function() return ask('x') end}))", "(the error is a table value)"),
        ("error(setmetatable({}, {__tostring = function() return {} end}))", "(the error is a table value)"),
        ("error(print)", "(the error is a function value)"),
        ("assert(false, 'no')", "test.lua:1: no"), ("assert(nil)", "test.lua:1: assertion failed!"),
        ("coroutine.wrap(function() error('in') end)()", "test.lua:1: test.lua:1: in"),
        ("coroutine.yield()", "test.lua:1: attempt to yield from outside a coroutine"),
        ("table.sort({2, 1}, coroutine.yield)", "test.lua:1: attempt to yield from outside a coroutine"),
        (
            "coroutine.wrap(function() table.sort({2, 1}, coroutine.yield) end)()",
            "test.lua:1: test.lua:1: cannot yield inside table.sort"
        ),
    ]) func anyErrorObjectHasWords(source: String, message: String) async throws {
        let error = try await failure(source)
        #expect(error.code == .runtime)
        #expect(error.message == message)
    }

    @Test func unknownEntriesAreNamed() async throws {
        await #expect(throws: LuaError(.runtime, "no module has an entry 'nope'")) {
            try await state().call(entry: "nope")
        }
    }

    @Test func errorsOfEntriesAreThrown() async throws {
        let error = try await #require(throws: LuaError.self) {
            try await state().call(entry: "fail", arguments: .of("broken"))
        }
        #expect(error.message == "[probe]:8: broken")
    }

    @Test(arguments: [
        ("return 1", "module 'm' must return a table, not a number"),
        ("return {}, 1", "module 'm': the entries must be a table, not a number"),
        ("return {}, {f = 1}", "module 'm': an entry must be a function with a name"),
        ("return {}, {echo = print}", "module 'm': there is an entry 'echo' already"),
        ("local host = ... host('x') return {}", "the host cannot be asked while a module is loaded"),
        ("x = = 1", "[m]:1: unexpected symbol near '='"),
    ]) func brokenModulesAreRefused(source: String, message: String) throws {
        let error = try #require(throws: LuaError.self) {
            try state(modules: [probe, LuaModule(name: "m", source: source)])
        }
        #expect(error.message == message)
    }

    @Test func modulesAreRequiredByName() async throws {
        #expect(try await run("return require('probe') == probe") == [.bool(true)])
        let error = try await failure("require('io')")
        #expect(error.message == "test.lua:1: module 'io' not found; there is probe")
        let again = try #require(throws: LuaError.self) { try state(modules: [probe, probe]) }
        #expect(again.message == "module 'probe' is loaded already")
    }
}
