// SPDX-License-Identifier: Apache-2.0

import AgentCore
import AgentTesting
import JSONCore
import LuaAgents
import Synchronization
import Testing

/// What a tool may return: what the model reads of it, or what the operator is told. The table is in docs/approvals.md.
@Suite struct ToolResultTests {
    private struct Seen {
        let result: ToolResult
        let fault: String
        /// What a good call of the same script gives afterwards.
        let after: ToolResult?
    }

    private func call(_ body: String) async throws -> Seen {
        let source = """
            local agent = require "agent"
            local json = agent.json
            return {
              agent.tool { name = "hostile", run = function() \(body) end },
              agent.tool { name = "good", run = function() return { ok = true } end },
            }
            """
        guard case .tools(let tools) = try await World().script(source).outcome else {
            throw RunError(.host, "no tool")
        }
        let model = ScriptedModel([.call("hostile"), .call("good"), .text("ok")])
        let faults = Mutex("")
        let result = try await Agent(model: model, tools: tools).run([.user("?")]) { event in
            if case .toolFault(_, let description) = event { faults.withLock { if $0.isEmpty { $0 = description } } }
        }
        return Seen(
            result: result.toolCalls[0].result, fault: faults.withLock(\.self), after: result.toolCalls.last?.result)
    }

    static let conversions: [(name: String, body: String, content: String)] = [
        ("nil", "return nil", "null"), ("nothing", "return", "null"), ("false", "return false", "false"),
        ("a string as it is", "return 'a \"b\"\\n'", "a \"b\"\n"), ("an empty string", "return ''", ""),
        ("an integer", "return 9223372036854775807", "9223372036854775807"), ("a float", "return 1.0", "1.0"),
        (
            "floats exactly", "return {0.1, 1/3, 1e300, 5e-324, 1.0, 1e15, 123456789012345680.0}",
            "[0.1,0.3333333333333333,1e+300,5e-324,1.0,1000000000000000.0,1.2345678901234568e+17]"
        ),
        ("an empty table", "return {}", "{}"), ("an empty list", "return json.array {}", "[]"),
        ("a float key that is whole", "local t = {} t[1.0] = 'a' t[2] = 'b' return t", #"["a","b"]"#),
        ("null", "return { a = json.null }", #"{"a":null}"#),
        (
            "metamethods are not run",
            "return setmetatable({ a = 1 }, { __index = error, __len = error, __pairs = error })", #"{"a":1}"#
        ),
        ("control characters", "return '\\u{2028}\\127\\1\\27[31m'", "\u{2028}\u{7F}\u{1}\u{1B}[31m"),
        ("control characters in a table", "return { '\\127\\1\\27' }", "[\"\u{7F}\\u0001\\u001b\"]"),
        ("shared but not cyclic", "local t = { 1 } return { t, t }", "[[1],[1]]"),
        ("a second value is left out", "return 1, 2", "1"),
    ]

    @Test(arguments: conversions) func isConverted(name: String, body: String, content: String) async throws {
        let seen = try await call(body)
        #expect(seen.result.content == content, "\(name): \(seen.fault)")
        #expect(!seen.result.isError)
    }

    static let faults: [(name: String, body: String, says: String)] = [
        ("NaN", "return 0/0", "nan"), ("infinities", "return { 1/0, -1/0 }", "inf"),
        ("a cycle", "local t = {} t.t = t return t", "deep"),
        ("a cycle of two", "local a, b = {}, {} a.b = b b.a = a return { a }", "deep"),
        ("deeper than the limit", "local t = {} for i = 1, 300 do t = { t } end return t", "deep"),
        ("a function", "return print", "function"), ("a function inside", "return { f = print }", "function"),
        ("a coroutine", "return coroutine.create(print)", "thread"),
        ("a boolean key", "return { [true] = 1 }", "key"), ("a float key", "return { [1.5] = 1 }", "key"),
        ("a table key", "return { [{}] = 1 }", "key"),
        ("mixed keys", "return { 1, 2, x = 3 }", "key"), ("holes", "return { [1] = 1, [3] = 3 }", "key"),
        ("sparse", "local t = {} t[2^53|0] = 1 t[1] = 1 return t", "key"),
        ("no UTF-8", "return '\\xed\\xa0\\x80'", "UTF-8"), ("no UTF-8 inside", "return { a = '\\xff' }", "UTF-8"),
        ("no UTF-8 in a key", "return { ['\\xff'] = 1 }", "UTF-8"),
    ]

    @Test(arguments: faults) func isAFaultForTheOperator(name: String, body: String, says: String) async throws {
        let seen = try await call(body)
        #expect(seen.result.isError, "\(name): \(seen.result.content)")
        #expect(seen.result.content == "the tool failed; its operator was told why")
        #expect(seen.fault.lowercased().contains(says.lowercased()), "\(name): \(seen.fault)")
        #expect(seen.after?.isError == false, "the next call works")
    }
}
