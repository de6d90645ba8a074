// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

@Suite(.inBothStrengths) struct OutputTests {
    private func print(_ source: String) async throws -> Printed {
        let printed = Printed()
        let state = try LuaState(modules: [probe], sandbox: BothStrengths.sandbox, output: printed.sink)
        try await run(source, on: state) { request in
            let text = "<\(request.operation)>\n"
            printed.sink(Array(text.utf8))
            return .values(request.arguments)
        }
        return printed
    }

    @Test func joinsWithTabs() async throws {
        let source =
            "print(1, nil, 'x', 2.0, setmetatable({}, {__tostring = function() print('in') return 't' end})) print()"
        #expect(try await print(source).text == "in\n1\tnil\tx\t2.0\tt\n\n")
    }

    @Test func keepsItsPlaceAmongRequests() async throws {
        #expect(
            try await print("print(1) ask('a') print(2) coroutine.wrap(ask)('b') print(3)").text
                == "1\n<a>\n2\n<b>\n3\n")
    }

    @Test func isDeliveredWhenTheScriptFails() async throws {
        let printed = Printed()
        let state = try LuaState(modules: [probe], sandbox: BothStrengths.sandbox, output: printed.sink)
        await #expect(throws: LuaError.self) { try await run("print('before') error('x')", on: state) }
        #expect(printed.text == "before\n")
    }

    @Test(arguments: [
        "for i = 1, 20000 do print(i) end",
        "coroutine.wrap(function() for i = 1, 20000 do print(i) end end)()",
        "pcall(function() for i = 1, 20000 do print(i) end end)",
    ]) func pausesToDeliverMuch(source: String) async throws {
        let printed = try await print(source)
        #expect(printed.text == (1...20000).map { "\($0)\n" }.joined())
        #expect(printed.count >= 2)
    }

    @Test func isBoundedWhereItCannotPause() async throws {
        let printed = try await print(
            "local n = 0; ('x'):rep(1000):gsub('x', function() print(('y'):rep(1000)) n = n + 1 end) assert(n == 1000)")
        #expect(printed.text.utf8.count == 1_001_000)
        let error = try await failure("local s = ('y'):rep(1e6); ('x'):rep(100):gsub('x', function() print(s) end)")
        #expect(error.message == "test.lua:1: print: more than 16 MB of output at once")
        let inside =
            "local s = ('y'):rep(1e5) table.sort({2, 1}, function() coroutine.wrap(function() print(s) print(s) end)() end)"
        #expect(try await print(inside).text.utf8.count == 200_002)
    }
}
