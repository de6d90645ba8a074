// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Testing

/// `--usage`, `--usd`, `limits.usd` and prices of one's own. The fake answers report a few tokens each.
@Suite struct MoneyCommandTests {
    private static let loop = """
        local agent = require "agent"
        local f = agent.tool { name = "f", parameters = {}, effect = "read", run = function() return "x" end }
        return agent.new { model = "mistral-small-latest", tools = { f }, max_tokens = 200, limits = LIMITS }
        """

    private func run(
        _ arguments: [String], script: String? = nil, prices: String? = nil, config: String? = nil, toolTurns: Int = 0
    ) async throws -> (outcome: Outcome, requests: [FakeRequest]) {
        let server = try await FakeModelServer.start { request in
            let results = ((try? request.json["messages"])?.flatMap(\.arrayValue) ?? []).filter { $0["role"] == "tool" }
            if results.count < toolTurns {
                return .stream(calls: [FakeCall(id: "call0000\(results.count)", name: "f", arguments: "{}")])
            }
            let streams = (try? request.json["stream"]?.boolValue) ?? false
            return streams ? .stream(["do", "ne"]) : .completion("done")
        }
        var command = try Command(server: server)
        command.variables["XDG_CONFIG_HOME"] = command.folder.path
        try FileManager.default.createDirectory(
            atPath: command.folder.path + "/agent", withIntermediateDirectories: true)
        if let script { try command.folder.write(script, to: "a.lua") }
        if let prices { try command.folder.write(prices, to: "agent/prices.json") }
        if let config { try command.folder.write(config, to: "agent/config.toml") }
        let outcome = try await command.run(arguments)
        await server.shutdown()
        return (outcome, server.requests)
    }

    private func loop(_ limits: String = "{}") -> String { Self.loop.replacing("LIMITS", with: limits) }

    @Test func usageShowsTokensAndMoneyOfEachModel() async throws {
        let outcome = try await run(["ask", "--usage", "--model", "mistral-small-latest", "hi"]).outcome
        #expect(outcome.out == "done\n")
        #expect(
            outcome.err.contains("usage of mistral-small-latest: 1 call, 11 + 7 tokens, $0.00000585\n"),
            "\(outcome.err)")
    }

    @Test func usageOfAModelWithoutPriceIsUnknownAndNotZero() async throws {
        let outcome = try await run(["ask", "--usage", "--json", "--model", "openai:x", "hi"]).outcome
        #expect(outcome.err.contains("usage of openai:x: 1 call, 11 + 7 tokens, price not known"), "\(outcome.err)")
        let reply = try JSONValue(parsing: outcome.out)
        #expect(reply["usage"]?["total_tokens"] == 18)
        #expect(reply["usage"]?["cost"] == nil)
    }

    @Test func costIsAnExactNumberOfTheReply() async throws {
        let outcome = try await run(["ask", "--json", "--model", "mistral-small-latest", "hi"]).outcome
        #expect(try JSONValue(parsing: outcome.out)["usage"]?["cost"] == 0.00000585)
    }

    @Test func theLimitStopsBeforeTheCallThatCouldExceedIt() async throws {
        // A call costs 0.00000585; the second could cost 0.00026.
        let (outcome, requests) = try await run(
            ["run", "--usd", "0.0002", "--usage", "a.lua", "hi"], script: loop("{ repeats = 100 }"), toolTurns: 9)
        #expect(outcome.status == 5, "\(outcome.err)")
        #expect(outcome.err.contains("stopped by the limit of usd"))
        #expect(outcome.err.contains(" of $0.0002\n"))
        #expect(requests.count < 9)
    }

    @Test func theLimitOfAScriptHoldsForItsRun() async throws {
        let outcome = try await run(["run", "--json", "a.lua", "hi"], script: loop("{ usd = 0.00001 }")).outcome
        #expect(outcome.status == 5, "\(outcome.err)")
        let reply = try JSONValue(parsing: outcome.out)
        #expect(reply["stopped"] == "usd")
        #expect(reply["turns"] == 0)
    }

    @Test(arguments: [["ask", "--usd", "1", "--model", "openai:x", "hi"], ["run", "--usd", "1", "a.lua", "hi"]])
    func aModelWithoutPriceIsRefusedBeforeAnythingIsSent(arguments: [String]) async throws {
        let script = #"return require("agent").new { model = { "mistral-small-latest", "openai:x" } }"#
        let (outcome, requests) = try await run(arguments, script: script)
        #expect(outcome.status == 3, "\(outcome.err)")
        #expect(outcome.err.contains("\"openai:x\"") && outcome.err.contains("agent/prices.json"), "\(outcome.err)")
        #expect(requests.isEmpty && outcome.out.isEmpty)
    }

    @Test func aPriceOfOnesOwnLetsItRun() async throws {
        let prices =
            #"{"prices":[{"models":["openai:*"],"input":1,"output":2,"date":"2026-11-01","source":"contract"}]}"#
        let outcome = try await run(["ask", "--usd", "1", "--usage", "--model", "openai:x", "hi"], prices: prices)
            .outcome
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.err.contains("$0.000025"), "\(outcome.err)")
        let wrong = try await run(["ask", "hi"], prices: #"{"prices":[{"models":["a"],"source":"x"}]}"#).outcome
        #expect(wrong.status == 3)
        #expect(wrong.err.contains("agent/prices.json: /prices/0"), "\(wrong.err)")
    }

    @Test func theConfigurationFileLimitsTooAndAFlagBeatsIt() async throws {
        let small = ["ask", "--model", "mistral-small-latest", "hi"]
        #expect(try await run(small, config: "usd = 0.000001\n").outcome.status == 5)
        #expect(try await run(small + ["--usd", "1"], config: "usd = 0.000001\n").outcome.status == 0)
        #expect(try await run(small, config: "usd = -1\n").outcome.status == 3)
    }

    @Test func oneLimitHoldsForAllAgentsOfAScript() async throws {
        let script = """
            local agent = require "agent"
            local bot = agent.new { model = "mistral-small-latest", max_tokens = 200 }
            for i = 1, 50 do
              local reply = bot:run("hi")
              if reply.stopped then return { runs = i, stopped = reply.stopped } end
            end
            """
        let (outcome, requests) = try await run(["run", "--usd", "0.0003", "--usage", "a.lua"], script: script)
        let value = try JSONValue(parsing: outcome.out)
        #expect(value["stopped"] == "usd", "\(outcome.err)")
        #expect(requests.count > 5 && requests.count < 40)
        #expect(outcome.err.contains("\(requests.count) calls"))
    }

    @Test(arguments: ["", "x", "-1", "1e-13"]) func aLimitThatIsNoAmountIsWrongUse(text: String) async throws {
        #expect(try await Command().run(["ask", "--usd=\(text)", "hi"]).status == 2)
    }
}
