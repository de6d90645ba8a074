// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

@Suite struct SandboxTests {
    @Test func offersExactlyTheseNames() async throws {
        let source = """
            local names = {}
            for name, value in pairs(_G) do
                names[#names + 1] = name
                if type(value) == 'table' and value ~= _G and value ~= math then  -- Debian's math has the functions of 5.2
                    for member in pairs(value) do names[#names + 1] = name .. '.' .. member end
                end
            end
            table.sort(names)
            return table.concat(names, ' ')
            """
        let expected = """
            _G _VERSION arg arg.0 assert collectgarbage coroutine coroutine.close coroutine.create coroutine.isyieldable \
            coroutine.resume coroutine.running coroutine.status coroutine.wrap coroutine.yield error getmetatable ipairs \
            load math next os os.clock os.date \
            os.difftime os.time pairs pcall print rawequal rawget rawlen rawset require select setmetatable string \
            string.byte string.char string.find string.format string.gmatch string.gsub string.len string.lower \
            string.match string.pack string.packsize string.rep string.reverse string.sub string.unpack string.upper \
            table table.concat table.insert table.move table.pack table.remove table.sort table.unpack tonumber tostring \
            type utf8 utf8.char utf8.charpattern utf8.codepoint utf8.codes utf8.len utf8.offset xpcall
            """
        let values = try await state(modules: []).run(chunk: Array(source.utf8), name: "x").values()
        #expect(values == [.string(expected)])
    }

    @Test(arguments: [
        ("setmetatable({}, {__gc = print})", "setmetatable: '__gc' is not available to scripts"),
        ("setmetatable({}, {__concat = print})", "setmetatable: '__concat' is not available to scripts"),
        ("setmetatable(array{}, {__gc = print})", "setmetatable: '__gc' is not available to scripts"),
        ("local t = setmetatable({}, {__metatable = 1}) setmetatable(t, nil)", "cannot change a protected metatable"),
        (
            "collectgarbage('generational')",
            "collectgarbage: 'generational' is not available to scripts; 'collect' and 'count' are"
        ),
        ("load('x', '=[agent]')", "load: chunk names that start with '=[' are reserved"),
        ("assert(load(('x'):rep(2e6)))", "the source has 2000000 bytes; it may have 1048576"),
    ]) func refuses(source: String, message: String) async throws {
        #expect(try await failure(source).message == "test.lua:1: " + message)
    }

    /// A script may add the events after `setmetatable`; then Lua must not find them.
    @Test func eventsAddedLaterStayWithoutEffect() async throws {
        let source = """
            local mt = {}
            local t = setmetatable({}, mt)
            mt['__con' .. 'cat'] = function() return 'called' end
            mt.__gc = function() collected = true end
            mt.__mode = 'kv'
            t[1] = {}
            for i = 1, 1e4 do local _ = {{}} end
            return pcall(function() return t .. 'x' end), t[1] ~= nil, collected
            """
        let values = try await run(source)
        #expect(values.prefix(1) == [.bool(false)])
        #expect(values.suffix(2) == [.bool(true), .nil])
    }

    @Test func loadsTextOnly() async throws {
        #expect(
            try await run("return load('return ...', 'c', 't', {})(1), load('x =', '=c')") == [
                .integer(1), .nil, .string("c:1: unexpected symbol near <eof>"),
            ])
        #expect(
            try await run("return load('\\27Lua')") == [.nil, .string("attempt to load a binary chunk (mode is 't')")])
        #expect(
            try await run("return load('return 1', 'c', 'b')") == [
                .nil, .string("attempt to load a text chunk (mode is 'b')"),
            ])
        #expect(
            try await run("x = 5 return load('return x', 'c', 't', {x = 6})(), load('return x')()") == [
                .integer(6), .integer(5),
            ])
        #expect(try await failure("load(function() end)").message.contains("string expected, got function"))
        let binary = try await #require(throws: LuaError.self) {
            try await state().run(chunk: [0x1B, 0x4C, 0x75, 0x61], name: "b.lua")
        }
        #expect(binary.code == .syntax)
    }

    @Test(arguments: [
        "\u{FEFF}#!/usr/bin/env agent\nreturn arg[0], arg[1], arg[2], #arg, ...",
        "#!x\nreturn arg[0], arg[1], arg[2], #arg, ...",
        "\u{FEFF}return arg[0], arg[1], arg[2], #arg, ...",
    ]) func givesArguments(source: String) async throws {
        let values = try await state().run(chunk: Array(source.utf8), name: "s.lua", arguments: ["a", "b"]).values()
        #expect(values == [.string("s.lua"), .string("a"), .string("b"), .integer(2), .string("a"), .string("b")])
    }

    @Test func aFirstLineKeepsItsNumber() async throws {
        let error = try await #require(throws: LuaError.self) {
            try await state().run(chunk: Array("#!x\nerror('e')".utf8), name: "s.lua")
        }
        #expect(error.message == "s.lua:2: e")
        #expect(try await state().run(chunk: Array("#".utf8), name: "s.lua").count == 0)
        #expect(try await state().run(chunk: [], name: "s.lua").count == 0)
    }

    @Test func coroutinesBehaveAsInTheManual() async throws {
        let source = """
            local log = {}
            local function add(...) for i = 1, select('#', ...) do log[#log + 1] = tostring((select(i, ...))) end end
            local co = coroutine.create(function(a, b)
                add(coroutine.status(coroutine.running()), coroutine.isyieldable())
                local c = coroutine.yield(a + b)
                local d, e = coroutine.yield(c * 2)
                return d + e
            end)
            add(coroutine.resume(co, 1, 2)) add(coroutine.resume(co, 5)) add(coroutine.resume(co, 3, 4))
            add(coroutine.status(co)) add(coroutine.resume(co))
            add(select(2, coroutine.running()), coroutine.isyieldable())
            local closed
            local open = coroutine.create(function() local c <close> = setmetatable({}, {__close = function() closed = true end}) coroutine.yield() end)
            coroutine.resume(open) add(coroutine.close(open), closed, coroutine.status(open))
            local bad = coroutine.create(function() error({}) end)
            add(coroutine.resume(bad) == false, coroutine.close(bad) == false)
            local w = coroutine.wrap(function() return coroutine.resume(coroutine.running()) end) add(w())
            return table.concat(log, ' ')
            """
        #expect(
            try await run(source) == [
                .string(
                    "running true true 3 true 10 true 7 dead false cannot resume dead coroutine true false true true dead true true false cannot resume non-suspended coroutine"
                )
            ])
    }

    @Test func nestingIsBounded() async throws {
        let source = """
            local function f() return coroutine.wrap(f)() end
            local ok, e = pcall(f)
            local function g() return pcall(g) end
            g()
            local h
            local prev
            for i = 1, 2000 do
                local inner = prev
                local co = coroutine.create(function()
                    local c <close> = setmetatable({}, {__close = function() if inner then assert(coroutine.close(inner)) end end})
                    coroutine.yield()
                end)
                coroutine.resume(co)
                prev = co
            end
            local closed = coroutine.close(prev)
            return ok, e:match('C stack overflow'), closed
            """
        #expect(try await run(source) == [.bool(false), .string("C stack overflow"), .bool(false)])
    }

    /// Lua counts its C calls anew in a coroutine that is being closed; 64 times 190 of them overflowed the C stack.
    @Test func closingDeepDownIsBounded() async throws {
        let source = """
            local function deep(n, f) if n == 0 then return f() end return (('x'):gsub('x', function() deep(n - 1, f) end)) end
            local prev
            for i = 1, 1000 do
                local inner = prev
                local co = coroutine.create(function()
                    local c <close> = setmetatable({}, {__close = function()
                        if inner then deep(180, function() assert(coroutine.close(inner)) end) end
                    end})
                    coroutine.yield()
                end)
                coroutine.resume(co)
                prev = co
            end
            local ok, e = coroutine.close(prev)
            return ok, e:match('C stack overflow')
            """
        #expect(try await run(source) == [.bool(false), .string("C stack overflow")])
    }

    @Test func tablesBehaveAsInTheManual() async throws {
        let source = """
            local t = {1, 2, 3}
            table.insert(t, 4) table.insert(t, 1, 0)
            local a, b = table.remove(t), table.remove(t, 1)
            local ok, e = pcall(table.insert, t, 9, 0)
            table.sort(t, function(x, y) return x > y end)
            return t, a, b, ok, e, table.remove({}), table.move({1, 2}, 1, 2, 2)
            """
        #expect(
            try await run(source) == [
                .list([.integer(3), .integer(2), .integer(1)]), .integer(4), .integer(0), .bool(false),
                .string("bad argument #2 to 'table.insert' (position out of bounds)"), .nil,
                .list([.integer(1), .integer(1), .integer(2)]),
            ])
    }

    @Test func aScriptCannotHideItsErrorsBehindHandlers() async throws {
        #expect(
            try await run("return xpcall(error, function(e) return e .. '!' end, 'x')") == [
                .bool(false), .string("x!"),
            ])
        #expect(
            try await run("return xpcall(error, function(e) error('y', 0) end, 'x')") == [.bool(false), .string("y")])
        #expect(
            try await run("return xpcall(function(...) return ... end, print, 1, 2)") == [
                .bool(true), .integer(1), .integer(2),
            ])
        #expect(try await run("return pcall(error)") == [.bool(false), .nil])
    }
}
