// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import FakeModelServer
import JSONCore
import Testing

@testable import agent

@Suite struct RunsCommandTests {
    private static func withRuns(
        _ prompts: [String], _ body: (Command, FakeModelServer) async throws -> Void
    ) async throws {
        let server = try await FakeModelServer.start { _ in .stream(["It is cold", " in Oslo."]) }
        let command = try Command(server: server)
        for prompt in prompts {
            let outcome = try await command.run(["ask", "--model", "openai:m", prompt])
            #expect(outcome.status == 0, "\(outcome.err)")
        }
        try await body(command, server)
        await server.shutdown()
    }

    @Test func aRunIsListedShownAndFound() async throws {
        try await Self.withRuns(["first question", "second <b>question</b>"]) { command, _ in
            let list = try await command.run(["runs"])
            let lines = list.out.split(separator: "\n")
            #expect(lines.count == 3, "\(list.out) \(list.err)")
            #expect(lines[1].contains("done") && lines[1].hasSuffix("second <b>question</b>"))
            let json = try await command.run(["runs", "--json", "--limit", "1"])
            let id = try #require(
                try JSONValue(parsing: json.out)["runs"]?.arrayValue?.first?["id"]?.stringValue)
            let shown = try await command.run(["show", id])
            #expect(shown.out.hasPrefix("run       \(id)\n"))
            #expect(shown.out.contains("\nuser\n") || shown.out.contains("  user\n"))
            #expect(shown.out.contains("It is cold in Oslo."))
            let page = try await command.run(["show", "last", "--html", "-o", "run.html"])
            #expect(page.status == 0, "\(page.err)")
            let text = try command.folder.read("run.html")
            #expect(text.contains("&lt;b&gt;question&lt;/b&gt;") && !text.contains("<b>question"))
            let found = try await command.run(["runs", "search", "SECOND"])
            #expect(found.out.hasPrefix(id))
            let cost = try await command.run(["runs", "cost", "--by", "model", "--json"])
            #expect(try JSONValue(parsing: cost.out)["groups"]?.arrayValue?.count == 1)
        }
    }

    /// 0.1 dollars for a million tokens of `mistral-embed`. Where nobody knows the price, the call is named and not taken as zero.
    @Test func whatServicesTookIsInTheCostOfTheRun() async throws {
        let server = try await FakeModelServer.start { request in
            guard request.path == "/v1/embeddings" else { return .completion("yes") }
            return .json([
                "model": "mistral-embed", "data": [["index": 0, "embedding": [1.0, 0.0]]],
                "usage": ["prompt_tokens": 50_000, "total_tokens": 50_000],
            ])
        }
        let command = try Command(server: server)
        try command.folder.write(
            """
            local agent = require "agent"
            local look = agent.tool { name = "look", run = function() return #agent.embed("b", { model = arg[1] }) end }
            assert(agent.embed("a", { model = arg[1] }))
            look {}
            return assert(agent.ask("hi", { model = "mistral-small-latest" })).text
            """, to: "task.lua")
        let first = try await command.run(["run", "task.lua", "mistral-embed"])
        #expect((first.status, first.out) == (0, "yes\n"), "\(first.err)")
        let cost = { (words: [String]) in
            try JSONValue(parsing: try await command.run(["runs", "cost", "--json"] + words).out)
        }
        let model = try await cost(["--by", "model"])
        #expect(model["groups"]?.arrayValue?.map { $0["group"] } == ["mistral-embed", "mistral-small-latest"])
        #expect(model["groups"]?.arrayValue?.first?["picodollars"] == 10_000_000_000)
        #expect(model["groups"]?.arrayValue?.first?["calls"] == 2)
        let run = try JSONValue(parsing: try await command.run(["runs", "--json"]).out)["runs"]?.arrayValue?.first
        #expect(run?["cost"] == model["picodollars"])
        #expect((run?["usage"]?["prompt_tokens"]?.integerValue ?? 0) > 100_000)

        let again = try await command.run(["replay"])
        #expect((again.status, again.out) == (0, "yes\n"), "\(again.err)")
        #expect(try await cost(["--by", "model"]) == model)

        let unknown = try await command.run(["run", "task.lua", "openai:nobody-knows"])
        #expect(unknown.status == 0, "\(unknown.err)")
        let all = try await cost(["--by", "model"])
        #expect(all["unknown_calls"] == 2)
        #expect(all["groups"]?.arrayValue?.contains { $0["group"] == "openai:nobody-knows" } == true, "\(all)")
        await server.shutdown()
    }

    @Test func whatIsExportedCanBeImported() async throws {
        try await Self.withRuns(["one", "two"]) { command, _ in
            let export = try await command.run(["runs", "export", "last", "-o", "run.jsonl"])
            #expect(export.status == 0, "\(export.err)")
            let first = try await command.run(["runs", "delete", "last"])
            #expect(first.err.contains("1 run removed"), "\(first.err)")
            let imported = try await command.run(["runs", "import", "run.jsonl", "run.jsonl"])
            #expect(imported.err == "1 run imported, 1 passed over: they are there already\n")
            let again = try await command.run(["runs", "export", "last"])
            #expect(again.out == (try command.folder.read("run.jsonl")))
            let shown = try await command.run(["show", "./run.jsonl"])
            #expect(shown.out.contains("It is cold in Oslo."))
            let pruned = try await command.run(["runs", "prune", "--older-than", "0s", "--keep", "1"])
            #expect(pruned.err.contains("1 run removed"), "\(pruned.err)")
        }
    }

    @Test(arguments: [
        ["runs", "--since", "yesterday"], ["runs", "--status", "good"], ["runs", "cost", "--by", "hour"],
        ["show", "a.jsonl", "--html", "--json"], ["runs", "prune"],
    ])
    func wrongUsageIsTwo(arguments: [String]) async throws {
        let outcome = try await Command().run(arguments)
        #expect(outcome.status == 2, "\(outcome.err)")
    }

    @Test func whereNothingWasRecordedNothingIsListed() async throws {
        let command = try Command()
        let outcome = try await command.run(["runs"])
        #expect(outcome.status == 0)
        #expect(outcome.err == "no runs\n")
        #expect(command.folder.names.isEmpty)
        let missing = try await command.run(["show", "last"])
        #expect(missing.status == 3)
    }

    @Test func timesAreAgoOrOfTheCalendar() {
        let now: Int64 = 1_000_000_000_000
        #expect(TimeArgument("90m", now: now)?.moment == now - 5_400_000_000)
        #expect(TimeArgument("2w", now: now)?.moment == now - 1_209_600_000_000)
        #expect(TimeArgument("1970-01-02", now: 0)?.moment == 86_400_000_000)
        #expect(TimeArgument("2024-02-29T12:30", now: 0)?.moment == 1_709_209_800_000_000)
        for wrong in [
            "", "2", "d", "-1d", "2023-02-29", "2023-13-01", "2023-01-01T25:00", "99999999999999999w", "1-1-1",
        ] {
            #expect(TimeArgument(wrong, now: now) == nil)
        }
    }

    // MARK: - OpenTelemetry

    @Test func aRunIsSentAsATraceWhereTheEnvironmentSaysSo() async throws {
        let server = try await FakeModelServer.start { request in
            request.path.hasSuffix("/v1/traces") ? .json([:]) : .stream(["secret answer"])
        }
        var command = try Command(server: server)
        command.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = server.url
        command.variables["OTEL_EXPORTER_OTLP_HEADERS"] = "Authorization=Bearer%20collector-key"
        let outcome = try await command.run(["ask", "--model", "openai:m", "secret question"])
        #expect(outcome.status == 0 && outcome.out == "secret answer\n", "\(outcome.err)")
        let sent = try #require(server.requests.first { $0.path == "/v1/traces" })
        #expect(sent.header("authorization") == "Bearer collector-key")
        #expect(sent.header("content-type") == "application/json")
        let text = String(decoding: sent.body, as: UTF8.self)
        #expect(text.contains("\"chat ") && text.contains("gen_ai.usage.input_tokens") && !text.contains("secret"))
        let again = try await command.run(["runs", "export", "--otlp", "last"])
        #expect(again.err == "1 of 1 run sent\n")
        #expect(server.requests.last?.body == sent.body)
        await server.shutdown()
    }

    @Test func aTraceThatIsNotTakenChangesNothing() async throws {
        let server = try await FakeModelServer.start { request in
            request.path.hasSuffix("/v1/traces")
                ? .json(["error": "key collector-key is wrong"], status: 401) : .stream(["ok"])
        }
        var command = try Command(server: server)
        command.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = server.url
        command.variables["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=collector-key"
        let outcome = try await command.run(["ask", "--model", "openai:m", "-q", "hi"])
        #expect(outcome.status == 0 && outcome.out == "ok\n")
        #expect(outcome.err.contains("was not sent: HTTP 401"), "\(outcome.err)")
        #expect(!outcome.err.contains("collector-key"))
        await server.shutdown()
    }
}
