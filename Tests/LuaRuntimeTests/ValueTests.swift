// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

@Suite struct ValueTests {
    private func echo(_ value: JSONValue) async throws -> JSONValue {
        try await state().call(entry: "echo", arguments: .of(value)).json(at: 0)
    }

    @Test(
        arguments: [
            .null, true, false, 0, .integer(.max), .integer(.min), 1.0, 1, -0.0, 0.1, .number(.greatestFiniteMagnitude),
            .number(.leastNonzeroMagnitude), "", "text", "é\u{0}☃", [], [[]], [1, [2.0, "x"], []], ["a": []],
            ["a": ["b": ["c": 1]]], [.null, 1, .null], ["": 1, "é": 2, "e\u{301}": 3],
        ] as [JSONValue]) func survivesTheWayThroughLua(value: JSONValue) async throws
    {
        #expect(try await echo(value) == value)
    }

    @Test func anEmptyObjectStaysAnObject() async throws {
        #expect(try await echo([:]) == [:])
        #expect(try await run("return {}, array{}, array()") == [.table([]), .list([]), .list([])])
    }

    @Test func takesListsOfNumbersAsTheyAre() async throws {
        var message = LuaMessage()
        message.append([.numbers([0.5, 1, -.zero]), .integers([-1, .max]), .numbers([])])
        message.append("behind")
        #expect(
            message.values().first
                == .list([
                    .list([.number(0.5), .number(1), .number(-.zero)]),
                    .list([.integer(-1), .integer(.max)]), .list([]),
                ]))
        let answer = try await state().call(entry: "echo", arguments: message)
        #expect(answer == message)
    }

    @Test func keepsIntegersAndFloatsApart() async throws {
        #expect(
            try await run("return 1, 1.0, math.maxinteger, math.mininteger, 2^53")
                == [.integer(1), .number(1), .integer(.max), .integer(.min), .number(9_007_199_254_740_992)])
    }

    @Test func passesSeveralValuesWithNil() async throws {
        #expect(try await run("return nil, true, nil") == [.nil, .bool(true), .nil])
        #expect(try await run("return") == [])
        let message = try await state().call(entry: "echo")
        #expect(message.count == 0)
        #expect(try message.json(at: 0) == .null)
    }

    @Test func sortsTheKeysOfObjects() async throws {
        var source = "local t = {} for i = 100, 1, -1 do t['k' .. i] = {b = i, a = 0, aa = 0, [''] = 0} end return t"
        guard case .table(let members) = try await run(source)[0] else { throw LuaError(.conversion, "no table") }
        let keys = members.map { String(decoding: $0.key, as: UTF8.self) }
        #expect(keys == keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        #expect(
            members[0].value
                == .table([
                    .init("", .integer(0)), .init("a", .integer(0)), .init("aa", .integer(0)), .init("b", .integer(1)),
                ]))
        source = "return {z = {y = 1, x = {w = 2, v = {2, 1}}}, a = 'b'}"
        #expect(
            try await run(source)[0].json()
                == ["a": "b", "z": ["x": ["v": [2, 1], "w": 2], "y": 1]])
    }

    @Test func listsMayLieInTheHashPart() async throws {
        #expect(
            try await run("local t = {} for i = 9, 1, -1 do t[i] = i end return t") == [
                .list((1...9).map { .integer($0) })
            ])
    }

    @Test func nullAndMarksAreSeenByScripts() async throws {
        let host: LuaHost = { _ in .values(.of(["none": .null, "list": [], "object": [:]])) }
        let source = """
            local t = ask('x')
            return t.none == null, tostring(null), probe.isarray(t.list), probe.isarray(t.object), #t.list
            """
        #expect(
            try await run(source, host: host)
                == [.bool(true), .string("null"), .bool(true), .bool(false), .integer(0)])
    }

    @Test func aMarkedListMayGetAnotherMetatable() async throws {
        #expect(try await run("return #setmetatable(array{1}, {__len = function() return 7 end})") == [.integer(7)])
    }

    @Test func stringsKeepTheirBytes() async throws {
        let all = (0...255).map { UInt8($0) }
        var message = LuaMessage()
        message.append(all)
        #expect(try await state().call(entry: "echo", arguments: message).values() == [.bytes(all)])
        #expect(try await run("return {['\\xff'] = '\\xfe'}") == [.table([.init(key: [0xFF], value: .bytes([0xFE]))])])
    }

    @Test(arguments: [
        ("return {a = {1, '\\xff'}}", "value 1 at .a[2]: a string is not UTF-8"),
        ("return 1, {b = {['\\xff'] = 1}}", "value 2 at .b: a key is not UTF-8"),
    ]) func jsonRefusesBytes(source: String, message: String) async throws {
        let values = try await state(modules: []).run(chunk: Array(source.utf8), name: "x")
        let error = try #require(throws: LuaError.self) { try values.json(at: values.count - 1) }
        #expect(error == LuaError(.conversion, message))
    }

    @Test(arguments: [
        ("return {items = {1, 2, {f = print}}}", "return value 1 at .items[3].f: a function cannot leave the script"),
        ("return 1, coroutine.create(print)", "return value 2: a thread cannot leave the script"),
        ("return {['a b'] = {0/0}}", "return value 1 at [\"a b\"][1]: not a number (NaN) cannot leave the script"),
        ("return -1/0", "return value 1: an infinite number cannot leave the script"),
        (
            "return {a = {1, nil, 3, x = 2}}",
            "return value 1 at .a: a list has the key \"x\"; it must have the keys 1, 2, 3, ... only"
        ),
        ("return {x = 2, [1] = 3}", "return value 1: a"),
        (
            "return {[1] = 1, [3] = 3}",
            "return value 1: the list has 2 items but none at 2; the keys of a list must be 1, 2, 3, ..."
        ),
        (
            "return {[2] = 1}",
            "return value 1: the list has 1 items but none at 1; the keys of a list must be 1, 2, 3, ..."
        ),
        (
            "return {[0] = 1}",
            "return value 1: the list has 1 items but none at 1; the keys of a list must be 1, 2, 3, ..."
        ),
        ("return {[1.5] = 1}", "return value 1: a table has the key 1.5; keys must be strings"),
        (
            "return {a = {[true] = 1}}",
            "return value 1 at .a: a table has a key that is a boolean; keys must be strings"
        ),
        (
            "local t = array{} t.x = 1 return t",
            "return value 1: a list has the key \"x\"; it must have the keys 1, 2, 3, ... only"
        ),
        (
            "local t = {} t.t = t return t",
            "return value 1 at .t.t.t.t.t.t.t.t....t.t: tables are nested more than 100 deep; does one contain itself?"
        ),
    ]) func saysWhatCannotLeave(source: String, message: String) async throws {
        let error = try await failure(source)
        #expect(error.code == .conversion)
        #expect(error.message.hasPrefix(message), "\(error.message)")
    }

    @Test func hundredLevelsPass() async throws {
        var value: JSONValue = 1
        for _ in 0..<100 { value = [value] }
        #expect(try await echo(value) == value)
        let deeper: JSONValue = [value]
        let error = try await #require(throws: LuaError.self) { try await echo(deeper) }
        #expect(error.message == "a value for Lua is nested more than 100 deep")
    }

    @Test func boundsMessages() async throws {
        let values = try await failure(
            "local t = {} for i = 1, 100 do t[i] = i end return t", .init(messageValues: 100))
        #expect(values.message == "return value 1 at [100]: the message has too many values")
        let bytes = try await failure("return {s = ('x'):rep(1000)}", .init(resultBytes: 1000))
        #expect(bytes.message == "return value 1 at .s: the message is larger than 1000 bytes")
        let doubling = try await failure("local t = {} for _ = 1, 40 do t = {t, t} end return t")
        #expect(doubling.message.hasSuffix("the message has too many values"))
    }

    @Test func argumentsOfRequestsAreCheckedWhereTheyAreGiven() async throws {
        let error = try await failure("\nask('x', 1, {f = print})")
        #expect(
            error
                == LuaError(
                    .runtime, "test.lua:2: argument 2 at .f: a function cannot leave the script",
                    traceback: error.traceback))
        #expect(
            try await run("local ok = pcall(ask, 'x', print) return ok, ask('x', 2)") == [.bool(false), .integer(2)])
    }

    @Test func readsTablesRaw() async throws {
        let source =
            "return setmetatable({a = 1}, {__pairs = error, __index = error, __len = error, __metatable = 'x'})"
        #expect(try await run(source) == [.table([.init("a", .integer(1))])])
    }

    @Test func randomValuesSurvive() async throws {
        var generator = SplitMix(seed: 7)
        let state = try state()
        for _ in 0..<300 {
            let value = randomValue(&generator, depth: 5)
            #expect(try await state.call(entry: "echo", arguments: .of(value)).json(at: 0) == value)
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func randomValue(_ generator: inout SplitMix, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .integer(.random(in: .min ... .max, using: &generator))
    case 3: return .number(.random(in: -1e9...1e9, using: &generator))
    case 4: return .string(String(repeating: "aé☃", count: .random(in: 0...20, using: &generator)))
    case 5:
        return .array(
            (0..<Int.random(in: 0...20, using: &generator)).map { _ in randomValue(&generator, depth: depth - 1) })
    default:
        let keys = (0..<Int.random(in: 0...20, using: &generator)).map {
            "\($0)\(UInt8.random(in: 0...255, using: &generator))"
        }
        return .object(JSONObject(keys.map { ($0, randomValue(&generator, depth: depth - 1)) }))
    }
}
