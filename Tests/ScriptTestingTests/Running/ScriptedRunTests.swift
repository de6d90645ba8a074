// SPDX-License-Identifier: Apache-2.0

import ScriptTesting
import Testing

/// Runs of agents with scripted models, and what is checked of them.
@Suite struct ScriptedRunTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder([
            "shop.lua": """
            local agent = require "agent"
            local s = agent.schema
            local find = agent.tool {
              name = "find", effect = "read", parameters = { order = s.integer {} },
              run = function(args) return { order = args.order, euros = 40 } end,
            }
            local pay = agent.tool {
              name = "pay", effect = "final", parameters = { order = s.integer {}, euros = s.number {} },
              run = function(args) return "paid " .. args.euros end,
            }
            return agent.new { instructions = "Be kind.", tools = { find, pay }, limits = { turns = 3 } }
            """,
            "plain.lua": "return require('agent').new {}",
        ])
    }

    /// A run of `shop.lua` with these turns and options, then these checks.
    private func shop(_ turns: String, _ checks: String, options: String = "") async throws -> TestResult {
        try await folder.test(
            "local run = t:run('shop.lua', 'Refund order 7.', { model = t.scripted { \(turns) }, \(options) })\n\(checks)"
        )
    }

    private static let two = "{ t.calls('find', { order = 7 }), t.calls('find', { order = 8 }) }, 'Done.'"

    @Test(arguments: [
        "t:called(run, 'find')", "t:called(run, 'find', { order = 8 })", "t:calls(run, { 'find', 'find' })",
        "t:calls_in_order(run, { { 'find', { order = 8 } } })", "t:not_called(run, 'pay')", "t:finished(run)",
        "t:calls_in_any_order(run, { t.calls('find', { order = 8 }), t.calls('find', { order = 7 }) })",
        "t:equal(run.text, 'Done.')", "t:max_turns(run, 2)",
        "t:equal(run.tool_calls[1].result, { order = 7, euros = 40 })",
        "t:usage_below(run, { total_tokens = 30, turns = 2, tool_calls = 2 })", "t:equal(run.error, nil)",
        "t:equal(run.requests[1].messages[1].content, 'Be kind.')", "t:equal(run.requests[1].tools, { 'find', 'pay' })",
    ])
    func passes(check: String) async throws {
        let result = try await shop(Self.two, check)
        #expect(result.status == .passed, "\(result.said)")
    }

    @Test(arguments: [
        ("t:called(run, 'pay')", "expected a call of pay; called: find, find"),
        (
            "t:called(run, 'find', { order = 9 })",
            #"expected a call of find with {"order":9}; it was called 2 times, the nearest differs at /order: expected 9, found 7"#
        ),
        ("t:calls(run, { 'find' })", "find was called as well"),
        ("t:calls(run, { 'find', 'pay' })", "expected pay where find was called"),
        ("t:calls_in_any_order(run, { 'pay' })", "no call of pay; called: find, find"),
        ("t:not_called(run, 'find')", #"expected no call of find, found find({"order":7})"#),
        ("t:max_turns(run, 1)", "expected 1 turns at most, found 2"),
        ("t:usage_below(run, { total_tokens = 29 })", "total_tokens: expected 29 at most, found 30"),
        ("t:stopped(run, 'turns')", "expected the limit of turns to stop the run, found that none did"),
        ("t:failed(run, 'model')", #"expected an error (model), found the answer "Done.""#),
        ("t:approved(run, 'pay')", "expected pay to be asked about and approved; nobody was asked about it"),
    ])
    func says(check: String, what: String) async throws {
        let result = try await shop(Self.two, check)
        #expect(result.said.count == 1, "\(result.said)")
        #expect(result.said.first?.contains(what) == true, "\(result.said)")
    }

    private static let pay = "t.calls('pay', { order = 7, euros = 40 }), 'Paid.'"

    @Test func approvalsAreAnsweredByTheTest() async throws {
        for (answer, check) in [
            ("'allow'", "t:approved(run, 'pay') t:equal(run.tool_calls[1].result, 'paid 40')"),
            ("{ pay = 'allow' }", "t:approved(run, 'pay')"),
            ("{ pay = { deny = 'too much' } }", "t:denied(run, 'pay') t:contains(run.tool_calls[1].error, 'too much')"),
            (
                "{ ['*'] = { edit = { order = 7, euros = 4 } } }",
                "t:approved(run, 'pay') t:equal(run.tool_calls[1].result, 'paid 4')"
            ),
        ] {
            let result = try await shop(Self.pay, check, options: "approvals = \(answer)")
            #expect(result.status == .passed, "\(answer): \(result.said)")
        }
    }

    @Test func whereNobodyIsThereTheRunWaits() async throws {
        let result = try await shop(
            "t.calls('pay', { order = 7, euros = 40 })", "t:failed(run, 'approval', 'waits for an approval')")
        #expect(result.status == .passed, "\(result.said)")
        let denied = try await shop(
            "t.calls('pay', { order = 7, euros = 40 })", "t:failed(run, 'approval') t:denied(run, 'pay')")
        #expect(denied.said == ["x_test.lua:4: expected pay to be denied, found that nobody was there to ask"])
    }

    @Test func anErrorThatTheTestDoesNotLookAtFailsIt() async throws {
        let result = try await shop("t.fails 'rate_limited'", "t:not_called(run, 'pay')")
        #expect(result.said.count == 1)
        #expect(
            result.said[0].hasPrefix("x_test.lua:3: shop.lua ended in an error (model) that the test does not expect"))
        for look in ["t:failed(run, 'model')", "t:equal(run.error.code, 'model')"] {
            let seen = try await shop("t.fails 'rate_limited'", look)
            #expect(seen.status == .passed, "\(seen.said)")
        }
    }

    @Test func limitsThatStopARunAreSeen() async throws {
        let call = "t.calls('find', { order = 7 })"
        let result = try await shop("\(call), \(call), 'so far'", "t:stopped(run, 'turns') t:stopped(run)")
        #expect(result.status == .passed, "\(result.said)")
    }

    @Test(arguments: [
        ("'a', 'b'", #"the scripted model has 2 turns and was asked 1 time; left over: says "b""#),
        ("t.calls('find', { order = 7 })", "the scripted model has 1 turn and was asked 2 times"),
        (
            "'a', t.calls('find', {}), t.fails 'server', function() end",
            "left over: calls find, fails (server), a function"
        ),
    ])
    func aModelMustBeAskedForEveryTurnOnce(turns: String, says: String) async throws {
        let result = try await shop(turns, "t:ok(true)")
        #expect(result.said.count == 1, "\(result.said)")
        #expect(result.said[0].contains(says), "\(result.said)")
    }

    @Test func aFunctionSeesTheRequestAndMayCheckIt() async throws {
        let result = try await shop(
            """
            t.calls('find', { order = 7 }),
            function(request)
              t:equal(#request.messages, 4)
              t:contains(request.messages[4].content, '40')
              return t.says 'seen'
            end
            """, "t:equal(run.text, 'seen')")
        #expect(result.status == .passed, "\(result.said)")
        #expect(result.checks == 3)
    }

    @Test func brokenArgumentsAreWrittenAsText() async throws {
        let result = try await shop(
            "t.calls('find', '{\"order\":'), 'sorry'", "t:contains(run.tool_calls[1].error, 'not JSON')")
        #expect(result.status == .passed, "\(result.said)")
    }

    @Test func piecesAreStreamedAndStructuredAnswersAreJSON() async throws {
        try folder.write(
            """
            local agent = require "agent"
            local s = agent.schema
            local bot = agent.new { output = s.object { n = s.integer {} } }
            local partials = agent.json.array {}
            for event in bot:stream("?") do
              if event.type == "text" then partials[#partials + 1] = event.text end
              if event.type == "done" then return { n = event.reply.output.n, pieces = partials } end
            end
            """, to: "stream.lua")
        let result = try await folder.test(
            """
            local run = t:run('stream.lua', nil, { model = t.scripted { t.says { '{"n"', ':7}' } } })
            t:equal(run.output, { n = 7, pieces = { '{"n"', ':7}' } })
            local again = t:run('stream.lua', nil, { model = t.scripted { t.answers { n = 8 } } })
            t:equal(again.output.n, 8)
            """)
        #expect(result.status == .passed, "\(result.said)")
    }

    @Test func optionsOfTheTestHoldForItsRuns() async throws {
        let results = try await folder.run(
            """
            agent.test("it", { task = "plain.lua", model = agent.test and nil }, function(t)
              local run = t:run("hello", { model = t.scripted { "hi" } })
              t:equal(run.text, "hi")
            end)
            """)
        #expect(results[0].status == .passed, "\(results[0].said)")
    }

    @Test(arguments: [
        ("t:run('plain.lua', 'x', { modle = 1 })", "unknown option 'modle'"),
        ("t:run('plain.lua', nil, { model = t.scripted {} })", "returns an agent, which needs a prompt"),
        ("t:run('plain.lua', 'x', 'y')", "t:run: options: expected a table"),
        ("t:run('plain.lua', 'x', { model = t.scripted { 3 } })", "t.scripted: turn 1: expected a table, found number"),
        ("t:run('plain.lua', 'x', { model = t.scripted { {} } })", "expected t.says, t.calls"),
        ("t:run('plain.lua', 'x', { model = t.scripted { 'a' }, tape = 'b' })", "exclude each other"),
        ("t:run('plain.lua', 'x', { approvals = 'maybe' , model = t.scripted { 'a' } })", "approvals: expected"),
        ("t:run('plain.lua', 'x', { fakes = { htpp = 1 } })", "unknown fake 'htpp'"),
    ])
    func misuseIsAnErrorOfTheTest(call: String, says: String) async throws {
        let result = try await folder.test("t:ok(true) \(call)")
        #expect(result.said.count == 1, "\(result.said)")
        #expect(result.said.first?.contains(says) == true, "\(result.said)")
    }
}
