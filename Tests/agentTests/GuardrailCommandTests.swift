// SPDX-License-Identifier: Apache-2.0

import FakeModelServer
import Foundation
import JSONCore
import Synchronization
import Testing

@Suite struct GuardrailCommandTests {
    private let noBad = """
        return require("agent").guardrails {
          output = { { name = "no_bad", check = function(text)
            if text:find("bad") then return nil, "it says bad" end
            return true
          end } },
        }
        """

    /// Asks a server that gives `replies`, one after another.
    private func run(
        _ arguments: [String], replies: [FakeReply], files: [String: String] = [:], variables: [String: String] = [:]
    ) async throws -> (outcome: Outcome, requests: [FakeRequest]) {
        let next = Mutex(0)
        return try await FakeModelServer.with { _ in
            next.withLock { next in
                defer { next += 1 }
                return replies[min(next, replies.count - 1)]
            }
        } _: { server in
            var command = try Command(server: server)
            for (name, text) in files {
                let folder = (command.folder.path + "/" + name as NSString).deletingLastPathComponent
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try command.folder.write(text, to: name)
            }
            for (name, text) in variables { command.variables[name] = text }
            let outcome = try await command.run(arguments)
            return (outcome, server.requests)
        }
    }

    private func ask(
        _ flags: [String], _ pieces: [String], files: [String: String] = [:], variables: [String: String] = [:]
    ) async throws -> Outcome {
        try await run(
            ["ask", "--model", "mistral:mock"] + flags + ["hi"], replies: [.stream(pieces)], files: files,
            variables: variables
        ).outcome
    }

    @Test func aPolicyHoldsAndSaysWhatWasShown() async throws {
        let outcome = try await ask(
            ["--guardrails", "p.lua"], ["One is fine. Two is ", "bad. Three is fine."], files: ["p.lua": noBad])
        #expect(outcome.status == 7)
        #expect(outcome.out == "One is fine. ")
        let says =
            "agent: the answer was blocked by the guardrail \"no_bad\" (a rule of policy p.lua, 13 characters of it were shown "
            + "before): it says bad\n"
        #expect(outcome.err.contains(says), "\(outcome.err)")
    }

    /// What the sentence says must never be seen, however the bytes of the stream come.
    @Test func nothingOfABlockedSentenceReachesStdoutWhereverTheBytesAreCut() async throws {
        let answer = "One is fine. Two is fine. The third is b\u{E4}d: bad. Four never comes."
        let event: JSONValue = [
            "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "mock",
            "choices": [
                ["index": 0, "delta": ["role": "assistant", "content": .string(answer)], "finish_reason": "stop"]
            ],
        ]
        let bytes = Array("data: \(try event.serialized())\n\ndata: [DONE]\n\n".utf8)
        let start = try #require(bytes.firstRange(of: Array("The third".utf8))).lowerBound
        for place in start..<start + 30 {
            let reply = FakeReply.chunks(
                [Array(bytes[..<place]), Array(bytes[place...])], headers: FakeReply.eventStreamHeaders)
            let outcome = try await run(
                ["ask", "--model", "mistral:mock", "--guardrails", "p.lua", "hi"], replies: [reply],
                files: ["p.lua": noBad]
            ).outcome
            #expect(outcome.out == "One is fine. Two is fine. ")
            #expect(outcome.status == 7)
        }
    }

    @Test func theDelayIsAFlag() async throws {
        let pieces = ["One is fine. Two is fine. ", "Three is bad. Four."]
        let whole = try await ask(["--guardrails", "p.lua", "--guard-delay", "whole"], pieces, files: ["p.lua": noBad])
        #expect((whole.status, whole.out) == (7, ""))
        let two = try await ask(["--guardrails", "p.lua", "--guard-delay=2"], pieces, files: ["p.lua": noBad])
        #expect((two.status, two.out) == (7, "One is fine. "))
        let open = noBad.replacing("output =", with: "delay = 0, output =")
        let none = try await ask(["--guardrails", "p.lua", "--guard-delay=0"], pieces, files: ["p.lua": open])
        #expect(none.status == 7)
        #expect(none.out.contains("bad"))
        let wrong = try await ask(["--guard-delay=soon"], pieces)
        #expect(wrong.status == 2)
        #expect(wrong.err.contains("--guard-delay: expected 0 or more sentences, or whole; found soon"))
    }

    @Test func theEnvironmentAndTheConfigurationFileImposePolicies() async throws {
        let variable = try await ask(
            [], ["It is bad."], files: ["p.lua": noBad], variables: ["AGENT_GUARDRAILS": "p.lua"])
        #expect(variable.status == 7)
        let file = try await ask(
            [], ["It is bad."],
            files: [".config/agent/config.toml": "guardrails = \"rules/p.lua\"\n", ".config/agent/rules/p.lua": noBad])
        #expect(file.status == 7, "\(file.err)")
        #expect(file.out.isEmpty)
    }

    @Test func aPolicyThatCannotBeReadIsConfigurationAndNothingIsAsked() async throws {
        let (missing, requests) = try await run(
            ["ask", "--model", "mistral:mock", "--guardrails", "no.lua", "hi"], replies: [.stream(["x"])])
        #expect(missing.status == 2 && missing.err.contains("no.lua"), "\(missing.err)")
        #expect(requests.isEmpty)
        let (wrong, none) = try await run(
            ["ask", "--model", "mistral:mock", "--guardrails", "p.json", "hi"], replies: [.stream(["x"])],
            files: ["p.json": #"{"input": ["modration"]}"#])
        #expect(
            wrong.status == 3 && wrong.err.contains("p.json.input[1]: there is no guardrail \"modration\""),
            "\(wrong.err)")
        #expect(none.isEmpty)
    }

    @Test func eventsExplainABlockAndHideTheText() async throws {
        let outcome = try await ask(
            ["--guardrails", "p.lua", "--jsonl"], ["One is fine. Two is bad. Three."], files: ["p.lua": noBad])
        let events = try outcome.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        let guardrail = try #require(events.first { $0["type"] == "guardrail" })
        #expect(guardrail["outcome"] == "blocked" && guardrail["owner"] == "policy p.lua")
        #expect(guardrail["shown_characters"] == 13)
        #expect(events.last?["type"] == "error" && events.last?["guardrail"]?["guardrail"] == "no_bad")
        #expect(!outcome.out.contains("Two is bad"))
    }

    @Test func aScriptThatIsBlockedEndsWith7() async throws {
        let script = """
            local agent = require "agent"
            local bot = agent.new { model = "mistral:mock", guardrails = {
              input = { function(text) return nil, "no input today" end } } }
            print(assert(bot:run("hi")).text)
            """
        let (outcome, requests) = try await run(["run", "s.lua"], replies: [.stream(["x"])], files: ["s.lua": script])
        #expect(outcome.status == 7)
        #expect(outcome.err.contains("no input today"))
        #expect(requests.isEmpty)
    }

    @Test func checkShowsGuardrails() async throws {
        let script = """
            return require("agent").new { guardrails = {
              input = { "moderation", { name = "mine", check = print } }, output = "pii" } }
            """
        let (outcome, _) = try await run(["check", "s.lua"], replies: [.stream(["x"])], files: ["s.lua": script])
        #expect(
            outcome.out.hasSuffix("  guardrails of input: moderation, mine\n  guardrails of output: pii\n"),
            "\(outcome.out)")
    }

    @Test func aDryRunAsksNoGuardrail() async throws {
        let (outcome, requests) = try await run(
            ["ask", "--model", "mistral:mock", "--guardrails", "p.lua", "--dry-run", "bad"], replies: [.stream(["x"])],
            files: ["p.lua": noBad.replacing("output", with: "input")])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.out.contains("\"content\": \"bad\""))
        #expect(requests.isEmpty)
    }

    @Test func batchJobsCannotBeHeldToAPolicy() async throws {
        let line = #"{"custom_id": "1", "body": {"messages": [{"role": "user", "content": "hi"}]}}"#
        let (outcome, requests) = try await run(
            ["batch", "submit", "b.jsonl", "--model", "m"], replies: [.stream(["x"])],
            files: ["b.jsonl": line + "\n", "p.lua": noBad], variables: ["AGENT_GUARDRAILS": "p.lua"])
        #expect(outcome.status == 7 && outcome.err.contains("cannot be held to the guardrails"), "\(outcome.err)")
        #expect(requests.isEmpty)
    }

    @Test func moderateJudgesFilesByAPolicy() async throws {
        let policy = #"{"input": ["pii", {"type": "regex", "pattern": "bad"}]}"#
        let files = ["p.json": policy, "a.txt": "write to bob@example.org", "b.txt": "a bad one", "c.txt": "fine"]
        let (outcome, requests) = try await run(
            ["moderate", "--guardrails", "p.json", "a.txt", "b.txt", "c.txt"], replies: [.stream(["x"])], files: files)
        #expect(outcome.status == 7)
        #expect(
            outcome.out == "replaced\tpii: email\ta.txt\nblocked\tregex: regex\tb.txt\nok\t\tc.txt\n", "\(outcome.out)")
        #expect(requests.isEmpty)
        let lines = try await run(
            ["moderate", "--guardrails", "p.json", "--jsonl", "a.txt"], replies: [.stream(["x"])], files: files
        ).outcome
        let value = try JSONValue(parsing: lines.out)
        #expect(value["text"] == "write to [email]" && value["outcome"] == "replaced")
    }

    @Test func moderateSaysWhatItCouldNotJudge() async throws {
        let policy = #"return require("agent").guardrails { input = { function() error("oops") end } }"#
        let (outcome, _) = try await run(
            ["moderate", "--guardrails", "p.lua", "some words"], replies: [.stream(["x"])], files: ["p.lua": policy])
        #expect(outcome.status == 8)
        #expect(outcome.out.hasPrefix("unjudged\tfunction: it could not judge"), "\(outcome.out)")
    }

    @Test func moderateByAPolicyPassesNothingUnasked() async throws {
        let files = ["p.json": #"{"input": "pii"}"#, "empty.jsonl": "\n"]
        let empty = try await run(
            ["moderate", "--guardrails", "p.json", "--lines", "empty.jsonl"], replies: [.stream(["x"])], files: files
        ).outcome
        #expect(empty.status == 2 && empty.err.contains("there are no texts"), "\(empty.err)")
        let dry = try await run(
            ["moderate", "--guardrails", "p.json", "--dry-run", "some words"], replies: [.stream(["x"])], files: files
        ).outcome
        #expect(dry.status == 2 && dry.err.contains("--dry-run"), "\(dry.err)")
    }

    /// A service that is down, says nothing or says what is no verdict: nothing is asked of the model, and the command says why.
    @Test(arguments: [
        (FakeReply.json(["message": "down"], status: 500), "it took longer than 0.4 seconds"),
        (FakeReply.silence, "it took longer than 0.4 seconds"),
        (
            FakeReply.json(["id": "1", "model": "m", "results": [[:]]]),
            "a verdict has neither categories nor category_scores"
        ),
        (FakeReply.json(["id": "1", "model": "m", "results": []]), "verdicts"),
        (
            FakeReply.json(["id": "1", "model": "m", "results": [["categories": [:], "category_scores": ["law": 7]]]]),
            "score"
        ),
        (FakeReply.json(["detail": "Unauthorized"], status: 401), "refuses the API key"),
    ])
    func aServiceThatCannotJudgeFailsClosedWithinItsTime(reply: FakeReply, says: String) async throws {
        // On a busy machine also an answer that comes at once may take its time.
        let time = says.contains("0.4 seconds") ? "0.4" : "500"
        let policy = #"{"input": [{"type": "moderation", "threshold": 0.5, "timeout": \#(time)}]}"#
        try await FakeModelServer.with { request in
            request.path.contains("moderations") ? reply : .stream(["answered"])
        } _: { server in
            let command = try Command(server: server)
            try command.folder.write(policy, to: "p.json")
            let outcome = try await command.run(["ask", "--model", "mistral:m", "--guardrails", "p.json", "hi"])
            #expect(outcome.status == 7, "\(outcome.err)")
            #expect(outcome.out.isEmpty)
            #expect(
                outcome.err.contains("was blocked by the guardrail \"moderation\"") && outcome.err.contains(says),
                "\(outcome.err)")
            #expect(server.requests.allSatisfy { $0.path.contains("moderations") })

            try command.folder.write(policy.replacing("0.5,", with: #"0.5, "on_error": "pass","#), to: "p.json")
            let open = try await command.run(["ask", "--model", "mistral:m", "--guardrails", "p.json", "hi"])
            #expect(open.status == 0 && open.out == "answered\n", "\(open.err)")
            #expect(open.err.contains("let pass unchecked") && open.err.contains(says), "\(open.err)")
        }
    }
}
