// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Testing

/// What a model may send as arguments, all the way: its text, parsed, validated, handed to a Lua function, read there, and the
/// answer back. The verdicts are those of docs/approvals.md.
@Suite struct HostileArgumentTests {
    /// A tool that takes any object and says what it saw: the arguments as they came back, whether the table has a metatable,
    /// and the bytes of its keys and strings.
    private static let probe = """
        local agent = require "agent"
        return agent.tool { name = "probe", parameters = { type = "object" }, effect = "read", run = function(args)
          local seen = agent.json.array {}
          for key, value in pairs(args) do
            local bytes = agent.json.array { key:byte(1, -1) }
            seen[#seen + 1] = { key = bytes, kind = math.type(value) or type(value),
                                size = type(value) == "string" and #value or nil }
          end
          return { args = args, meta = getmetatable(args) ~= nil, seen = seen }
        end }
        """

    /// Calls the tool as a model would.
    private func call(_ arguments: String, _ source: String = probe) async throws -> ToolResult {
        let world = World()
        guard case .tools(let tools) = try await world.script(source).outcome else { throw RunError(.host, "no tool") }
        let model = ScriptedModel([
            .calls([ToolCall(id: "1", name: tools[0].definition.name, arguments: arguments)]), .text("ok"),
        ])
        return try await Agent(model: model, tools: tools).run("?").toolCalls[0].result
    }

    static let refused: [(name: String, text: String, says: String)] = [
        (
            "deep arrays", String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
            "deeper than 100"
        ),
        ("deep objects", String(repeating: #"{"a":"#, count: 100_000), "deeper than 100"),
        ("deep in a member", #"{"a":"# + String(repeating: "[", count: 100), "deeper than 100"),
        ("duplicate keys", #"{"path":"safe.txt","path":"../../etc/passwd"}"#, "stands twice"),
        ("duplicate keys, one escaped", #"{"path":"safe.txt","p\u0061th":"../../etc/passwd"}"#, "stands twice"),
        ("duplicate keys inside", #"{"a":[{"x":1,"x":2}]}"#, "stands twice"),
        ("a lone high surrogate", #"{"s":"\ud800"}"#, "surrogate"),
        ("a lone low surrogate", #"{"s":"\udc00"}"#, "surrogate"),
        ("swapped surrogates", #"{"s":"\ude00\ud83d"}"#, "surrogate"),
        ("a surrogate in a key", #"{"\ud800":1}"#, "surrogate"),
        ("raw control characters", "{\"s\":\"a\nb\tc\"}", "control character"),
        ("a number beyond doubles", #"{"n":1e400,"m":-1e400}"#, "too large"),
        ("an integer beyond 64 bits", #"{"n":9223372036854775808}"#, "does not fit 64 bits"),
        ("an integer far beyond 64 bits", #"{"n":-12345678901234567890123}"#, "does not fit 64 bits"),
        ("a plus sign", #"{"n":+1}"#, "expected a value"), ("hexadecimal", #"{"n":0x1F}"#, "expected ',' or '}'"),
        ("a leading zero", #"{"n":01}"#, "leading zero"), ("a bare point", #"{"n":.5}"#, "expected a value"),
        ("NaN", #"{"n":NaN}"#, "expected a value"), ("Infinity", #"{"n":-Infinity}"#, "a digit after '-'"),
        ("two documents", #"{"a":1} {"b":2}"#, "the end of the text"),
        ("text behind", #"{"a":1} // done"#, "the end of the text"),
        ("single quotes", "{'a':1}", "key in double quotes"), ("a bare key", "{a:1}", "key in double quotes"),
        ("a trailing comma", #"{"a":1,}"#, "key in double quotes"), ("a comment", #"/* */{"a":1}"#, "expected a value"),
        ("a byte order mark", "\u{FEFF}{\"a\":1}", "byte order mark"),
        ("white space alone", "  \n", "the end of the text"), ("a fence", "```json\n{}\n```", "expected a value"),
        ("a string", #""hello""#, "expected a JSON object, found string"),
        ("JSON in a string", #""{\"a\":1}""#, "expected a JSON object, found string"),
        ("an array", "[1]", "expected a JSON object, found array"),
        ("null", "null", "expected a JSON object, found null"),
        ("a number", "5", "expected a JSON object, found integer"),
        ("an unknown escape", #"{"s":"\x41"}"#, "after a backslash"),
        ("half an escape", #"{"s":"\u12"}"#, "four hexadecimal digits"),
        ("a cut text", #"{"s":"abc"#, "the end of the text"),
        ("a NUL behind", "{}\u{0}", "0x00"), ("a line separator as space", "{\u{2028}}", "0xE2"),
    ]

    @Test(arguments: refused) func isRefusedWithWordsForTheModel(name: String, text: String, says: String) async throws
    {
        let result = try await call(text)
        #expect(result.isError)
        #expect(result.content.contains(says), "\(name): \(result.content)")
        #expect(result.content.utf8.count < 500, "the model does not get its own text back")
    }

    /// Bytes that are no UTF-8 are refused before there is a string: the provider's answer as a whole is then not JSON.
    @Test(
        arguments: [
            [0x7B, 0x22, 0x73, 0x22, 0x3A, 0x22, 0xFF, 0xFE, 0x22, 0x7D],
            [0x7B, 0x22, 0x73, 0x22, 0x3A, 0x22, 0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80, 0x22, 0x7D],
            [0x7B, 0x22, 0x73, 0x22, 0x3A, 0x22, 0xC0, 0xAF, 0x22, 0x7D],
        ] as [[UInt8]])
    func bytesThatAreNoTextAreRefused(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.code == .invalidUTF8)
    }

    static let accepted: [(name: String, text: String, back: String)] = [
        ("nothing", "", "{}"), ("an empty object", "{}", "{}"),
        ("the limits of 64 bits", #"{"m":-9223372036854775808,"n":9223372036854775807}"#, ""),
        (
            "doubles stay doubles", #"{"a":1.0,"b":1,"c":1e2,"d":5e-324,"e":0.1}"#,
            #"{"a":1.0,"b":1,"c":100.0,"d":5e-324,"e":0.1}"#
        ),
        ("negative zero", #"{"m":-0.0,"n":-0}"#, #"{"m":-0.0,"n":-0.0}"#),
        ("an escaped NUL", #"{"k\u0000":1,"s":"a\u0000b"}"#, ""),
        ("a pair of surrogates", #"{"s":"\ud83d\ude00"}"#, #"{"s":"😀"}"#),
        ("names of metamethods", #"{"__gc":{},"__index":{"x":1},"__metatable":false,"__name":"x","__pairs":[]}"#, ""),
        ("names of JavaScript", #"{"__proto__":{"a":1},"constructor":null,"toString":1}"#, ""),
        ("an empty name", #"{"":1}"#, ""), ("digits as names", #"{"1":"a","2":"b"}"#, ""),
        ("empty list and object", #"{"a":[],"b":{}}"#, ""), ("nulls", #"{"a":null,"b":[null,1,null]}"#, ""),
        // One level less than the limit, for the object that they come back in.
        (
            "as deep as may be",
            #"{"a":"# + String(repeating: "[", count: 98) + String(repeating: "]", count: 98) + "}", ""
        ),
        ("controls escaped", #"{"s":"\u001b[31m\u202e\u2028"}"#, "{\"s\":\"\\u001b[31m\u{202E}\u{2028}\"}"),
        ("white space around", " \n\t{ \"a\" : 1 } \r\n", #"{"a":1}"#),
    ]

    @Test(arguments: accepted) func isAcceptedAndComesBackExactly(name: String, text: String, back: String) async throws
    {
        let result = try await call(text)
        #expect(!result.isError, "\(name): \(result.content)")
        let seen = try JSONValue(parsing: result.content)
        #expect(try seen["args"]?.serialized() == (back.isEmpty ? text : back), "\(name)")
        #expect(seen["meta"] == false, "arguments have no metatable")
    }

    @Test func aNULDoesNotCutAString() async throws {
        let seen = try JSONValue(parsing: try await call(#"{"s":"a\u0000b"}"#).content)
        #expect(seen["seen"]?[0]?["size"] == 3)
    }

    /// Swift compares strings by canonical equivalence: a dictionary would have made one key of the two.
    @Test func composedAndDecomposedNamesAreTwoKeys() async throws {
        let result = try await call("{\"caf\u{E9}\":1,\"cafe\u{301}\":2}")
        let seen = try JSONValue(parsing: result.content)
        #expect(seen["seen"]?.arrayValue?.count == 2)
        let keys = Set((seen["seen"]?.arrayValue ?? []).map { ($0["key"]?.arrayValue ?? []).count })
        #expect(keys == [5, 6])
    }

    /// The member that a schema has checked is the one that the function gets, byte by byte.
    @Test func aNameThatOnlyLooksLikeAPropertyIsAnotherOne() async throws {
        let closed = """
            local agent = require "agent"
            return agent.tool { name = "f", parameters = { ["caf\u{E9}"] = agent.schema.integer {} },
              run = function(args) return { n = args["caf\u{E9}"] } end }
            """
        #expect(try await !call("{\"caf\u{E9}\":1}", closed).isError)
        let other = try await call("{\"cafe\u{301}\":1}", closed)
        #expect(other.isError && other.content.contains("required"), "\(other.content)")
    }

    @Test func aTestToolWorksAfterHostileArguments() async throws {
        let world = World()
        guard case .tools(let tools) = try await world.script(Self.probe).outcome else { return }
        let calls = Self.refused.map { ToolCall(id: "", name: "probe", arguments: $0.text) }
        let model = ScriptedModel([.calls(calls), .call("probe", #"{"a":1}"#), .text("ok")])
        var agent = Agent(model: model, tools: tools)
        agent.limits.toolCalls = 1000
        let result = try await agent.run("?")
        let passed = result.toolCalls.dropLast().filter { !$0.result.isError }
        #expect(passed.isEmpty)
        #expect(result.toolCalls.last?.result.isError == false)
    }
}
