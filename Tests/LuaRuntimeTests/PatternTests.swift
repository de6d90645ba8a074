// SPDX-License-Identifier: Apache-2.0

import LuaRuntime
import Testing

@Suite(.serialized, .inBothStrengths) struct PatternTests {
    /// Lua's own matcher needs ages for these, in C, where no hook runs.
    @Test(arguments: [
        "return (('a'):rep(100)):find(('a-'):rep(30) .. 'b')",
        "return (('a'):rep(100)):match(('a*'):rep(30) .. 'b')",
        "return pcall(string.gsub, ('a'):rep(100), ('a?'):rep(60) .. ('a'):rep(61) .. 'b', '')",
        "for _ in (('a'):rep(100)):gmatch(('.-'):rep(30) .. 'b') do end",
        "return (('('):rep(1e6)):find('%b()')",
        "return (('a'):rep(1e6)):find('[' .. ('b'):rep(1e5) .. ']')",
        "return coroutine.wrap(function() return (('x'):rep(1e6)):find('(.-)%1z') end)()",
    ]) func aTimeLimitStopsMatching(source: String) async throws {
        let error = try await #require(throws: LuaError.self) {
            try await run("\n" + source, on: state(.init(computeTime: .milliseconds(20))))
        }
        #expect(error.code == .timeout)
        // A worker that had to be killed could not say where.
        #expect(error.message.contains("the time limit of the call was reached"))
    }

    @Test func stepsCountAsInstructions() async throws {
        let error = try await failure(
            "return (('a'):rep(100)):find(('a-'):rep(30) .. 'b')", .init(instructions: 1_000_000))
        #expect(error.code == .instructions)
    }

    @Test func plainSearchIsLinear() async throws {
        let source = "return (('a'):rep(2e6)):find(('a'):rep(1e6) .. 'b', 1, true)"
        let values = try await run(source, on: state(.init(computeTime: .seconds(5))))
        #expect(values == [.nil])
    }

    /// In Lua 5.4.4 an iterator whose pattern was too complex once no longer bounds its recursion.
    @Test func anIteratorIsUsableAfterAnError() async throws {
        let source = """
            local next = (('a'):rep(300000)):gmatch(('a?'):rep(150000))
            local a, e = pcall(next)
            local b, f = pcall(next)
            return a, e, b, f
            """
        let complex = LuaValue.string("pattern too complex")
        #expect(try await run(source) == [.bool(false), complex, .bool(false), complex])
    }

    @Test(
        arguments: [
            ("('hello world'):find('o w')", [.integer(5), .integer(7)]),
            ("('hello'):find('l+', -3)", [.integer(3), .integer(4)]),
            ("('hello'):find('')", [.integer(1), .integer(0)]),
            ("('hello'):find('', 10)", [.nil]),
            ("('key = value'):match('^(%w+)%s*=%s*(%w+)$')", [.string("key"), .string("value")]),
            ("('  x  '):match('^%s*(.-)%s*$')", [.string("x")]),
            ("('THE (quick) fox'):find('%((%a+)%)')", [.integer(5), .integer(11), .string("quick")]),
            ("('f(a(b)c)d'):match('%b()')", [.string("(a(b)c)")]),
            ("('THE (quick) fox'):gsub('%f[%a]%a+', string.lower)", [.string("the (quick) fox"), .integer(3)]),
            ("('abc'):gsub('', '-')", [.string("-a-b-c-"), .integer(4)]),
            (
                "('hello world'):gsub('(%w+) (%w+)', '%2 %1 %0 %%')",
                [.string("world hello hello world %"), .integer(1)]
            ),
            ("('$name'):gsub('%$(%w+)', {name = 'lua'})", [.string("lua"), .integer(1)]),
            ("('abc'):gsub('%w', '%0%0', 2)", [.string("aabbc"), .integer(2)]),
            ("('abc'):match('()b()')", [.integer(2), .integer(3)]),
            ("('a\\0b'):find('%z') == nil, ('a\\0b'):find('\\0', 1, true)", [.bool(true), .integer(2), .integer(2)]),
            ("('\\'x\\' \"y\"'):match('([\"\\'])(.-)%1')", [.string("'"), .string("x")]),
        ] as [(String, [LuaValue])]) func matchesAsInTheManual(source: String, expected: [LuaValue]) async throws
    {
        #expect(try await run("return " + source) == expected)
    }

    @Test(arguments: [
        ("('a'):find('%')", "malformed pattern (ends with '%')"),
        ("('a'):find('[a')", "malformed pattern (missing ']')"),
        ("('a'):find('(a')", "unfinished capture"), ("('a'):find('.)')", "invalid pattern capture"),
        ("('a'):find('%1')", "invalid capture index %1"),
        ("('a'):find('%b')", "malformed pattern (missing arguments to '%b')"),
        ("('a'):find('%f')", "missing '[' after '%f' in pattern"), ("('a'):find(('()'):rep(33))", "too many captures"),
        ("('a'):gsub('a', '%2')", "invalid capture index %2"),
        ("('a'):gsub('a', '%')", "invalid use of '%' in replacement string"),
        ("('a'):gsub('a', function() return {} end)", "invalid replacement value (a table)"),
    ]) func malformedPatternsAreErrors(source: String, message: String) async throws {
        #expect(try await failure("local _ = " + source).message == "test.lua:1: " + message)
    }
}
