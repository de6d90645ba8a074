// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

/// A script computes the same in each state, whatever seed Lua draws: `pairs`, `next` and what leaves a script are ordered.
@Suite(.serialized, .inBothStrengths) struct OrderTests {
    /// Builds tables of the same keys in different orders, and writes down what each way to see their keys gives.
    static let everything = """
        local seen, tables = {}, {{}, {}, {}}
        for i = 1, 60 do
            tables[1]['key' .. i] = i
            tables[2]['key' .. 61 - i] = 61 - i
            tables[3]['key' .. i * 37 % 61] = i * 37 % 61
        end
        for i, t in ipairs(tables) do
            local a, b = {}, {}
            for k, v in pairs(t) do a[#a + 1] = k .. '=' .. v end
            for k, v in next, t do b[#b + 1] = k .. '=' .. v end
            assert(table.concat(a, ' ') == table.concat(b, ' '))
            seen[#seen + 1] = table.concat(a, ' ')
            seen[#seen + 1] = next(t)
            seen[#seen + 1] = encode(t)
            t.key7, t.key9 = print, print
            seen[#seen + 1] = select(2, pcall(encode, t))
            seen[#seen + 1] = select(2, pcall(ask, t))
        end
        local ties = {}
        for i = 1, 3000 do ties[i] = {i, i < 2900 and 1 or i % 3} end
        table.sort(ties, function(a, b) return a[2] < b[2] end)
        for i, pair in ipairs(ties) do ties[i] = pair[1] end
        seen[#seen + 1] = table.concat(ties, ' ')
        math.randomseed(7, 11)
        seen[#seen + 1] = math.random(0)
        math.randomseed()
        seen[#seen + 1] = math.random(0)
        for _, v in ipairs {{}, print, function() end, coroutine.create(print), {}} do seen[#seen + 1] = tostring(v) end
        seen[#seen + 1] = ('%p %p'):format({}, 'text')
        seen[#seen + 1] = collectgarbage('count')
        return encode(seen)
        """

    @Test func twoHundredStatesComputeTheSame() async throws {
        let first = try await run(Self.everything)
        // A worker process takes a while to start.
        let count = BothStrengths.isIsolated ? 20 : 200
        for _ in 1..<count {
            let values = try await run(Self.everything)
            #expect(values == first)
        }
    }

    @Test(arguments: [
        ("{}", ""), ("{1, 2, 3}", "1 2 3"), ("{b = 1, a = 1, ab = 1, [''] = 1}", " a ab b"),
        (
            "{'x', 'y', b = 1, [0] = 1, [-1] = 1, [2.5] = 1, [9] = 1, [7] = 1, [false] = 1, [true] = 1}",
            "1 2 7 9 -1 0 2.5 b false true"
        ),
        (
            "{[-9223372036854775807] = 1, [math.mininteger] = 1, [-1/0] = 1, [1/0] = 1, [2^70] = 1, [-9223372036854775806] = 1}",
            "-inf -9223372036854775808 -9223372036854775807 -9223372036854775806 1.1805916207174e+21 inf"
        ),
        ("{['\\xff'] = 1, ['\\x7f'] = 1}", "\u{7f} \\xff"),
    ]) func keysComeInOneOrder(table: String, expected: String) async throws {
        for iterator in ["pairs(t)", "next, t"] {
            let values = try await run(
                """
                local t, keys = \(table), {}
                for k in \(iterator) do keys[#keys + 1] = tostring(k):gsub('\\xff', '\\\\xff') end
                return table.concat(keys, ' ')
                """)
            #expect(values == [.string(expected)])
        }
    }

    @Test(arguments: ["pairs(t)", "next, t"], [5, 40, 1000]) func fieldsMayBeClearedMeanwhile(
        iterator: String, count: Int
    ) async throws {
        let values = try await run(
            """
            local t, visited = {}, 0
            for i = 1, \(count) do t['k' .. i] = i t[i] = i t[-i] = i end
            for k, v in \(iterator) do
                visited = visited + 1
                t[k] = nil
                if visited % 10 == 0 then collectgarbage() end
                if k == 'k1' and t.k2 then t.k2 = nil visited = visited + 1 end
                if t.k3 then t.k3 = 'new' end
            end
            return visited, next(t)
            """)
        #expect(values.first == .integer(Int64(3 * count)))
        #expect(values.last == .nil)
    }

    @Test func objectsKeepTheNumbersThatTheyAreShownBy() async throws {
        let values = try await run(
            """
            local objects, shown, taken = {}, {}, {}
            for i = 1, 2000 do objects[i] = {} shown[i] = tostring(objects[i]) taken[shown[i]] = true end
            for i = 1, 2000, 2 do objects[i] = nil end
            collectgarbage()
            for i = 1, 2000, 2 do
                objects[i] = i % 3 == 0 and coroutine.create(print) or i % 3 == 1 and {} or function() return i end
                assert(not taken[tostring(objects[i])])
            end
            for i = 2, 2000, 2 do assert(tostring(objects[i]) == shown[i]) end
            return shown[1]
            """)
        #expect(values == [.string("table: 00000001")])
    }

    @Test func oneTableMayBeTraversedWithinItself() async throws {
        let values = try await run(
            """
            local t, both, nexts = {}, 0, 0
            for i = 1, 50 do t['k' .. i] = i end
            for a in pairs(t) do for b in pairs(t) do both = both + 1 end end
            for a in next, t do for b in next, t do nexts = nexts + 1 end end
            return both, nexts
            """)
        #expect(values == [.integer(2500), .integer(2500)])
    }

    @Test func anIteratorSeesWhatCameBeforeItsFirstStep() async throws {
        let values = try await run(
            """
            local t, keys = {a = 1}, {}
            local f, s, first = pairs(t)
            t.b = 2
            for k in f, s, first do keys[#keys + 1] = k end
            t.c, t[1] = 3, 4
            for k in f, s, first do keys[#keys + 1] = k end
            return table.concat(keys, ' '), f(s, 'b'), f({z = 1})
            """)
        #expect(values == [.string("a b 1 a b c"), .string("c"), .string("z"), .integer(1)])
    }

    @Test(arguments: [
        "{10, 20}, 3", "{10, 20}, 0", "{}, 'x'", "{a = 1}, 'b'", "{}, {}", "{a = 1}, 0/0", "{a = 1}, true",
    ])
    func aKeyThatIsNotThereIsRefused(arguments: String) async throws {
        let values = try await run("return pcall(next, \(arguments))")
        #expect(values == [.bool(false), .string("invalid key to 'next'")])
    }

    @Test func metamethodsOfPairsMayWait() async throws {
        let values = try await run(
            """
            local t = setmetatable({}, {__pairs = function(t)
                local last = ask('double', 1)
                return function(_, k) k = (k or 0) + 1 if k <= last then return k, k * 10 end end, t
            end})
            local sum = 0
            for _, v in pairs(t) do sum = sum + v end
            return sum
            """)
        #expect(values == [.integer(30)])
    }

    @Test func keysPutInOrderCountAsMemory() async throws {
        let values = try await run(
            """
            local t = {}
            for i = 1, 50000 do t['k' .. i] = i end
            collectgarbage()
            local before = collectgarbage('count')
            local f, s, k = pairs(t)
            f(s, k)
            return collectgarbage('count') - before > 500
            """)
        #expect(values == [.bool(true)])
    }

    @Test(arguments: [
        "for k in pairs(t) do break end", "next(t)", "pcall(next, t, 'k1')", "for k in pairs(list) do end",
    ])
    func longTraversalsAreStopped(source: String) async throws {
        let error = try await #require(throws: LuaError.self) {
            try await run(
                """
                local t, list = {}, {}
                for i = 1, 1e5 do t['k' .. i] = i list[i] = i end
                while true do \(source) end
                """, on: state(), deadline: .now + .milliseconds(400))
        }
        #expect(error.code == .timeout)
    }
}
