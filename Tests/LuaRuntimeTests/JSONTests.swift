// SPDX-License-Identifier: Apache-2.0

import JSONCore
import LuaRuntime
import Testing

@Suite(.inBothStrengths) struct JSONTests {
    private func encoded(_ value: JSONValue, indent: Int64? = nil) async throws -> String? {
        var arguments = LuaMessage.of(value)
        if let indent { arguments.append(["indent": .integer(indent)] as JSONValue) }
        return try await state().call(entry: "encode", arguments: arguments).json(at: 0).stringValue
    }

    private func decoded(_ text: String) async throws -> JSONValue {
        try await state().call(entry: "decode", arguments: .of(.string(text))).json(at: 0)
    }

    @Test(arguments: [
        "1", "1.0", "-0.0", "0.1", "-1", "9223372036854775807", "-9223372036854775808", "5e-324", "1e+22", "123456.0",
        "1.7976931348623157e+308", "9007199254740993", "100", "-99", "1234567890123456789", "[]", "{}", "[[],{}]",
        #"{"a":[],"b":{},"c":null}"#, "[null,1,null]", "true", "false", "null", #""""#, #"["",{"":""}]"#,
        #"{"a":[],"b":{},"c":1.0,"d":1,"e":null,"f":9007199254740993,"g":"é\n\u0001"}"#,
    ]) func textSurvivesBothWays(text: String) async throws {
        #expect(try await run("return encode(decode(...))", arguments: [text]) == [.string(text)])
    }

    @Test func whatHasSeveralSpellingsGetsOne() async throws {
        let text = " { \"b\" : 1E2 , \"a\" : \"\\u00e9\\/\\uD83D\\uDE00\" , \"c\" : [ -0 , 12345678901234567890 ] } "
        #expect(
            try await run("return encode(decode(...))", arguments: [text])
                == [.string("{\"a\":\"é/😀\",\"b\":100.0,\"c\":[-0.0,1.2345678901234567e+19]}")])
    }

    @Test func integersAndFloatsStayApart() async throws {
        #expect(
            try await run("local t = decode '[1, 1.0, 1e2]' return math.type(t[1]), math.type(t[2]), math.type(t[3])")
                == [.string("integer"), .string("float"), .string("float")])
    }

    @Test func listsKeepTheirMarkAndNullItsPlace() async throws {
        let source = """
            local t = decode '{"list":[],"object":{},"none":null,"nulls":[null,null]}'
            return probe.isarray(t.list), probe.isarray(t.object), t.none == null, #t.nulls, t.nulls[2] == null,
                encode(array{}), encode({}), encode(array()), encode(nil), encode(), encode(null), encode({1, null})
            """
        #expect(
            try await run(source)
                == [
                    .bool(true), .bool(false), .bool(true), .integer(2), .bool(true), .string("[]"), .string("{}"),
                    .string("[]"), .string("null"), .string("null"), .string("null"), .string("[1,null]"),
                ])
    }

    @Test(arguments: [
        "", " ", "[1,", "{\"a\":1,\"a\":2}", "\"\\ud83d\"", "[1] 2", "01", "1e999", "\u{FEFF}1", "nul", "\"\u{1}\"",
        "{\"a\" 1}", String(repeating: "[", count: 101) + String(repeating: "]", count: 101),
    ]) func whatIsNoJSONIsNilAndTheReason(text: String) async throws {
        let reason = try #require(throws: JSONError.self) {
            try JSONValue(parsing: text, limits: JSONLimits(depth: 100))
        }
        #expect(try await run("return decode(...)", arguments: [text]) == [.nil, .string(reason.description)])
    }

    @Test func bytesThatAreNotTextAreRefused() async throws {
        #expect(
            try await run("return (decode('\"\\xff\"')), select('#', decode('[\"\\xc0\\x80\"]'))") == [
                .nil, .integer(2),
            ])
    }

    @Test func hundredLevelsAreReadAndWritten() async throws {
        let text = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try await run("return encode(decode(...))", arguments: [text]) == [.string(text)])
    }

    @Test func keysAreWrittenInTheOrderOfTheirBytes() async throws {
        var generator = SplitMix(seed: 3)
        let parts = ["", "a", "b", "\u{0}", "é", "identifier", "long common beginning of names ", "0", "\u{10FFFF}"]
        for count in Array(0...20) + [47, 48, 49, 62, 63, 64, 65, 127, 200] {
            var object = JSONObject()
            while object.count < count {
                let name = (0..<3).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
                object[name] = .integer(Int64(object.count))
            }
            let value: JSONValue = ["x": .object(object), "a": .array([.object(object)])]
            #expect(try await encoded(value) == value.serialized(order: .sorted))
        }
    }

    @Test func objectsOfManyMakesAreSorted() async throws {
        var generator = SplitMix(seed: 17)
        let names = (0..<80).map { "name\($0 * 7919 % 80)" }
        var objects: [JSONValue] = []
        for _ in 0..<400 {
            let first = Int.random(in: 0...3, using: &generator)
            let count = Int.random(in: 7...12, using: &generator) * Int.random(in: 1...6, using: &generator)
            let members = names[first..<min(first + count, 80)].map { ($0, JSONValue.integer(Int64(objects.count))) }
            let inner = JSONValue.object(JSONObject(members))
            objects.append(.object(JSONObject(members.shuffled(using: &generator) + [("inner", inner)])))
        }
        let value = JSONValue.array(objects)
        #expect(try await encoded(value) == value.serialized(order: .sorted))
        let text = JSONValue.string(try value.serialized())
        let rewritten = "return encode(decode(...)) == encode(decode(encode(decode(...))))"
        #expect(try await run(rewritten, arguments: [text.stringValue ?? ""]) == [.bool(true)])
    }

    @Test(arguments: [0, 1, 2, 16] as [Int64]) func indents(by indent: Int64) async throws {
        let value: JSONValue = ["a": [1, [], ["b": [:]]], "c": "d", "e": ["f": [.null]]]
        #expect(try await encoded(value, indent: indent) == value.serialized(order: .sorted, indent: Int(indent)))
        #expect(try await run("return encode({1}, {indent = 2.0})") == [.string("[\n  1\n]")])
        #expect(
            try await run("return encode({1}, {indent = null}), encode({1}, {})") == [.string("[1]"), .string("[1]")])
    }

    @Test func escapesWhatMustBe() async throws {
        let state = try state()
        let specials =
            (0..<0x20).map { String(UnicodeScalar(UInt8($0))) } + ["\"", "\\", "\u{7F}", "\u{2028}", "é", "𝄞"]
        for special in specials {
            for before in 0..<10 {
                let text = String(repeating: "x", count: before) + special + special + "yz"
                let value: JSONValue = [.string(text), .object([text: 1])]
                let written = try await state.call(entry: "encode", arguments: .of(value)).json(at: 0).stringValue
                #expect(try written == value.serialized())
            }
        }
    }

    @Test func writesUTF8AndNothingElse() async throws {
        var generator = SplitMix(seed: 11)
        let state = try state()
        let pieces: [[UInt8]] = [
            [0x61], [0x62, 0x63, 0x64, 0x65], [0xC3, 0xA9], [0xE2, 0x98, 0x83], [0xF0, 0x9D, 0x84, 0x9E], [0x80],
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE0, 0x9F, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xE2, 0x98], [0xF0, 0x9D, 0x84], [0xC3], [0xFF], [0xF5, 0x80, 0x80, 0x80], [0xED, 0x9F, 0xBF],
            [0xF4, 0x8F, 0xBF, 0xBF], [0xE0, 0xA0, 0x80], [0xC2, 0x80], [0xDF, 0xBF], [0xEF, 0xBF, 0xBF],
        ]
        for round in 0..<2000 {
            let count = Int.random(in: 1...6, using: &generator)
            // Half of the rounds take only what is UTF-8.
            let choice = round.isMultiple(of: 2) ? pieces[0...4] + pieces[16...21] : pieces[...]
            let bytes = (0..<count).flatMap { _ in choice.randomElement(using: &generator) ?? [] }
            var arguments = LuaMessage()
            arguments.append(bytes)
            let text = String(validating: bytes, as: UTF8.self)
            do {
                let written = try await state.call(entry: "encode", arguments: arguments).json(at: 0).stringValue
                #expect(try written == text.map { try JSONValue.string($0).serialized() }, "\(bytes)")
            } catch let error as LuaError {
                #expect(text == nil, "\(bytes)")
                #expect(error.message == "json.encode: argument 1: a string is not UTF-8")
            }
        }
    }

    @Test func doublesAreAsShortAsCanBe() async throws {
        var generator = SplitMix(seed: 13)
        let state = try state()
        var values: [Double] = [0, -0.0, 0.001, 0.0009999, 999_999_999, 999_999_998.999999, 1e-6, 0.1 + 0.2, 1e15, 0.5]
        let powers: [Double] = [1, 10, 1000, 1e4, 1e5, 1e6, 1e7, 1e9, 1e12]
        for _ in 0..<3000 {
            let digits = Double(Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &generator))
            let power = powers[Int.random(in: 0..<powers.count, using: &generator)]
            values += [digits / power, (digits / power).nextUp, (digits / 1e9).rounded() / power]
            values.append(Double(bitPattern: generator.next()))
        }
        let list = JSONValue.array(values.filter(\.isFinite).map { .number($0) })
        let written = try await state.call(entry: "encode", arguments: .of(list)).json(at: 0).stringValue
        #expect(try written == list.serialized())
    }

    @Test func randomValuesSurvive() async throws {
        var generator = SplitMix(seed: 5)
        let state = try state()
        for _ in 0..<300 {
            let value = randomValue(&generator, depth: 5)
            let text = try value.serialized(order: .sorted)
            #expect(try await state.call(entry: "encode", arguments: .of(value)).json(at: 0) == .string(text))
            #expect(try await state.call(entry: "decode", arguments: .of(.string(text))).json(at: 0) == value)
        }
    }

    @Test func aTapeCrossesAsTheTreeDoes() async throws {
        var generator = SplitMix(seed: 9)
        for _ in 0..<300 {
            let value = randomValue(&generator, depth: 5)
            var message = LuaMessage.of(true)
            message.append(JSONTape(value))
            message.append(false)
            #expect(message == .of(true, value, false))
        }
        #expect(LuaMessage.of(JSONTape()) == .of(.null))
    }

    @Test func listsMayLieInTheHashPart() async throws {
        let source = """
            local t = {} for i = 9, 1, -1 do t[i] = {i} end
            return encode(t), encode({t, t}), encode({[2] = 2, [1] = 1}), (encode(t, {indent = 1}):gsub('%s', ''))
            """
        let list = "[[1],[2],[3],[4],[5],[6],[7],[8],[9]]"
        #expect(
            try await run(source) == [
                .string(list), .string("[\(list),\(list)]"), .string("[1,2]"), .string(list),
            ])
    }

    @Test(arguments: [
        ("{items = {1, 2, {f = print}}}", "argument 1 at .items[3].f: a function cannot leave the script"),
        ("coroutine.create(print)", "argument 1: a thread cannot leave the script"),
        ("{['a b'] = {0/0}}", "argument 1 at [\"a b\"][1]: not a number (NaN) cannot leave the script"),
        ("-1/0", "argument 1: an infinite number cannot leave the script"),
        ("{a = {1, '\\xff'}}", "argument 1 at .a[2]: a string is not UTF-8"),
        ("{b = {['\\xff'] = 1}}", "argument 1 at .b: a key is not UTF-8"),
        ("{1, nil, 3, x = 2}", "argument 1: a list has the key \"x\"; it must have the keys 1, 2, 3, ... only"),
        ("{[1] = 1, [3] = 3}", "argument 1: the list has 2 items but none at 2"),
        ("{[0] = 1}", "argument 1: the list has 1 items but none at 1"),
        ("{[1.5] = 1}", "argument 1: a table has the key 1.5; keys must be strings"),
        ("{a = {[true] = 1}}", "argument 1 at .a: a table has a key that is a boolean; keys must be strings"),
        ("setmetatable({}, nil), {indent = 17}", "indent: expected an integer from 0 to 16"),
        ("1, {indent = '2'}", "indent: expected an integer from 0 to 16"),
        ("1, 2", "options: expected a table, found a number"),
    ]) func saysWhatHasNoText(value: String, message: String) async throws {
        let error = try await failure("\nreturn encode(\(value))")
        #expect(error.code == .runtime)
        #expect(error.message.hasPrefix("test.lua:2: json.encode: \(message)"), "\(error.message)")
        #expect(try await run("return (pcall(encode, \(value)))") == [.bool(false)])
    }

    @Test func tablesThatContainThemselvesAreRefused() async throws {
        let error = try await failure("local t = {} t.t = {t} return encode(t)")
        #expect(error.message.hasSuffix("tables are nested more than 100 deep; does one contain itself?"))
    }

    @Test func aLargeObjectWithABadMemberIsRefused() async throws {
        let error = try await failure("local t = {} for i = 1, 200 do t['k' .. i] = i end t[true] = 1 return encode(t)")
        #expect(error.message.hasSuffix("a table has a key that is a boolean; keys must be strings"))
        let value = try await failure(
            "local t = {} for i = 1, 200 do t['k' .. i] = i end t.k7 = print return encode(t)")
        #expect(value.message.hasSuffix("at .k7: a function cannot leave the script"))
    }

    @Test func readsTablesRaw() async throws {
        let source =
            "return encode(setmetatable({a = 1}, {__pairs = error, __index = error, __len = error, __metatable = 'x'}))"
        #expect(try await run(source) == [.string("{\"a\":1}")])
    }

    @Test func modulesMayUseItWhileTheyAreLoaded() async throws {
        let source = """
            local _, bridge = ...
            local decode, encode = bridge.decoder 'd', bridge.encoder 'e'
            return {text = encode(decode '{"a":[1.0]}'), reason = select(2, decode '[')}
            """
        let state = try state(modules: [LuaModule(name: "m", source: source), probe])
        #expect(
            try await run("local m = require 'm' return m.text, m.reason", on: state)
                == [
                    .string(#"{"a":[1.0]}"#),
                    .string("line 1, column 2: expected a value or ']' after '[', found the end of the text"),
                ])
    }

    @Test func onlyStringsAreRead() async throws {
        for argument in ["", "5", "{}", "nil"] {
            let error = try await failure("\nreturn decode(\(argument))")
            #expect(error.message == "test.lua:2: json.decode: text: expected a string")
        }
    }
}

/// One after the other, because a computing script holds a thread of the pool.
@Suite(.serialized, .inBothStrengths) struct JSONLimitTests {
    @Test(arguments: [
        "local text = '[' .. ('{},'):rep(60000) .. '1]' return decode(text)",
        "return decode('\"' .. ('x'):rep(740000) .. '\"')",
        "local t = {} for i = 1, 600 do t[i] = ('x'):rep(1000) end local kept = {} while true do kept[#kept + 1] = encode(t) end",
        "local t, kept = decode(encode({('x'):rep(1000)})), {} while true do kept[#kept + 1] = decode(encode(t)) end",
    ]) func theMemoryLimitStops(source: String) async throws {
        let state = try state(.init(memoryBytes: 1_500_000))
        let error = try await #require(throws: LuaError.self) { try await run(source, on: state) }
        #expect(error.code == .memory)
        #expect(error.message == "test.lua:1: not enough memory: the script may hold 1500000 bytes")
        #expect(await state.memoryPeak <= 1_500_000)
    }

    @Test func aDocumentThatCouldNeverFitIsRefusedBeforeItIsBuilt() async throws {
        let values = try await run(
            "return decode('[' .. ('1,'):rep(100000) .. '1]')", .init(memoryBytes: 1_600_000))
        #expect(values.first == .nil)
        guard case .string(let reason) = values[1] else { throw LuaError(.conversion, "no reason") }
        #expect(reason.hasSuffix("more than 100000 values"))
    }

    @Test func boundsTheText() async throws {
        let limits = LuaLimits(messageBytes: 1000)
        let long = try await failure("return #encode({('x'):rep(1000)})", limits)
        #expect(long.message == "test.lua:1: json.encode: the text is larger than 1000 bytes")
        let exact = "return #encode(('x'):rep(998)), pcall(encode, ('x'):rep(999))"
        #expect(
            try await run(exact, limits) == [
                .integer(1000), .bool(false), .string("test.lua:1: json.encode: the text is larger than 1000 bytes"),
            ])
        let escapes = try await failure("return encode(('\\0'):rep(500))", limits)
        #expect(escapes.message == "test.lua:1: json.encode: the text is larger than 1000 bytes")
        let values = try await failure(
            "local t = {} for i = 1, 100 do t[i] = i end return encode(t)", .init(messageValues: 100))
        #expect(values.message == "test.lua:1: json.encode: argument 1 at [100]: the message has too many values")
        let doubling = try await failure("local t = {} for _ = 1, 40 do t = {t, t} end return encode(t)")
        #expect(doubling.message.hasSuffix("the message has too many values"))
    }

    @Test(arguments: [
        "while true do decode(text) end", "while true do encode(value) end",
        "while true do pcall(decode, text) end", "while true do decode(broken) end",
        "while true do coroutine.wrap(function() pcall(encode, {value, value}) end)() end",
    ]) func aDeadlineStops(loop: String) async throws {
        let state = try state()
        let source = """
            local value = {} for i = 1, 3000 do value[i] = {i, 'x', k = nil} end
            local text = encode(value)
            local broken = text .. '!'
            \(loop)
            """
        let error = try await #require(throws: LuaError.self) {
            try await run(source, on: state, deadline: .now + .milliseconds(50))
        }
        #expect(error.code == .timeout)
        #expect(await state.liveThreads == 0)
    }

    @Test func instructionsAreCounted() async throws {
        let error = try await failure(
            "local text = '\"' .. ('x'):rep(1 << 20) .. '\"' for _ = 1, 100 do decode(text) end",
            .init(instructions: 1_000_000))
        #expect(error.code == .instructions)
    }

    /// Options whose metamethods write a text themselves got into the buffer of the one in the making.
    @Test func optionsRunNoMetamethods() async throws {
        let source = """
            local big = {}
            for i = 1, 20000 do big[i] = string.rep("a", 100) end
            local options = setmetatable({}, { __index = function() encode("x") return 2 end })
            return #encode(big, options)
            """
        #expect(try await run(source) == [.integer(2_060_001)])
    }

    /// Each level was written twice, so that the work doubled with each.
    @Test func listsOutOfOrderInOneAnotherAreWrittenOnce() async throws {
        let source = "local t = 0 for i = 1, 90 do t = { t, [3] = 1, [2] = 1 } end return #encode(t)"
        #expect(try await run(source) == [.integer(1 + 90 * 6)])
    }
}
