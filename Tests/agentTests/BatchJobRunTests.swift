// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import FakeModelServer
import JSONCore
import Subprocess
import SystemPackage
import Testing

/// `agent batch --batch`: models are asked by batch jobs of the provider.
@Suite struct BatchJobRunTests {
    private static let plain =
        #"return require("agent").new { model = "mistral-small-latest", instructions = "Be brief." }"#
    private static let saving = """
        local agent = require "agent"
        local save = agent.tool {
          name = "save", parameters = { n = agent.schema.integer {} },
          run = function(args) assert(agent.fs.append("saved.txt", args.n .. "\\n")) return { saved = args.n } end,
        }
        return agent.new { model = "mistral-small-latest", tools = { save } }
        """
    private let words = ["batch", "in.jsonl", "task.lua", "--batch", "--interval", "0"]

    private static func messages(_ body: JSONValue) -> [JSONValue] { body["messages"]?.arrayValue ?? [] }

    private static func prompt(_ body: JSONValue) -> String {
        messages(body).first { $0["role"] == "user" }?["content"]?.stringValue ?? ""
    }

    /// `N` is answered with a call of `save` with N, and its result with an answer; `text` with itself.
    @Sendable private static func answer(_ body: JSONValue) -> (status: Int, body: JSONValue)? {
        let text = prompt(body)
        guard let number = Int(text), body["tools"] != nil else { return FakeJobProvider.completion("said \(text)") }
        if messages(body).contains(where: { $0["role"] == "tool" }) {
            return FakeJobProvider.completion("saved \(number)")
        }
        let call: JSONValue = [
            "id": "call00000", "type": "function",
            "function": ["name": "save", "arguments": .string("{\"n\":\(number)}")],
        ]
        return FakeJobProvider.completion("", calls: [call])
    }

    private func with<Value>(
        _ provider: FakeJobProvider, _ task: String, items: [String],
        _ body: (Command, FakeModelServer) async throws -> Value
    ) async throws -> Value {
        try await FakeModelServer.with(reply: provider.reply) { server in
            let command = try Command(server: server)
            try command.folder.write(task, to: "task.lua")
            try command.folder.write(items.map { "\"\($0)\"\n" }.joined(), to: "in.jsonl")
            return try await body(command, server)
        }
    }

    private func items(_ output: String) throws -> [JSONValue] {
        try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    // MARK: - Rounds

    @Test func allItemsAreOneJobAtHalfThePrice() async throws {
        let provider = FakeJobProvider(answer: Self.answer)
        try await with(provider, Self.plain, items: ["a", "b", "c"]) { command, server in
            let outcome = try await command.run(words + ["--temperature", "0.5", "--usage"])
            #expect(outcome.status == 0, "\(outcome.err)\(outcome.out)")
            let lines = try items(outcome.out)
            #expect(lines.map { $0["text"] } == ["said a", "said b", "said c"])
            #expect(provider.jobs.count == 1)
            let line = try #require(provider.jobs.first?.first { Self.prompt($0["body"] ?? .null) == "b" })
            #expect(
                line["body"] == [
                    "messages": [["role": "system", "content": "Be brief."], ["role": "user", "content": "b"]],
                    "temperature": 0.5,
                ], "\(line)")
            #expect(provider.created[0]["model"] == "mistral-small-latest")
            #expect(provider.created[0]["endpoint"] == "/v1/chat/completions")
            let live = PriceTable.builtIn["mistral-small-latest"]?.cost(
                of: Usage(promptTokens: 1000, completionTokens: 1000))
            #expect(lines[0]["usage"]?["cost"]?.doubleValue == live.map { $0.doubleValue / 2 })
            #expect(outcome.err.contains("batch:mistral-small-latest"), "\(outcome.err)")
            #expect(outcome.err.contains("batch job job-1: SUCCESS"), "\(outcome.err)")
            #expect(!command.folder.names.contains { $0.hasSuffix(".jsonl") && $0 != "in.jsonl" })
            #expect(!server.requests.contains { $0.path.hasPrefix("/v1/chat") })
        }
    }

    @Test func toolsRunHereBetweenTheRounds() async throws {
        let provider = FakeJobProvider(answer: Self.answer)
        try await with(provider, Self.saving, items: ["1", "2", "plain"]) { command, _ in
            let outcome = try await command.run(words + ["--allow-write=saved.txt"])
            #expect(outcome.status == 0, "\(outcome.err)\(outcome.out)")
            #expect(try items(outcome.out).map { $0["text"] } == ["saved 1", "saved 2", "said plain"])
            #expect(provider.jobs.map(\.count) == [3, 2])
            #expect(try command.folder.read("saved.txt").split(separator: "\n").sorted() == ["1", "2"])
        }
    }

    @Test func aTaskThatAsksByItselfAndInvalidOutputGoThroughRoundsToo() async throws {
        let task = """
            local agent = require "agent"
            local reply = assert(agent.ask(arg[1], {
              model = "mistral-small-latest", output = agent.schema.object { n = agent.schema.integer {} } }))
            return reply.output
            """
        let provider = FakeJobProvider { body in
            // What was wrong is shown to the model.
            let isRepaired = (try? body.serialized())?.contains("seven") == true
            return FakeJobProvider.completion(isRepaired ? "{\"n\":7}" : "{\"n\":\"seven\"}")
        }
        try await with(provider, task, items: ["x", "y"]) { command, _ in
            let outcome = try await command.run(words)
            #expect(outcome.status == 0, "\(outcome.err)\(outcome.out)")
            #expect(try items(outcome.out).map { $0["output"] } == [["n": 7], ["n": 7]])
            #expect(provider.jobs.map(\.count) == [2, 2])
        }
    }

    // MARK: - Errors

    @Test func linesOfTheErrorFileAreErrorsOfTheirItemsAndAreAskedAgainOnDemand() async throws {
        let isDown = Stops.Switch(true)
        let provider = FakeJobProvider { body in
            if Self.prompt(body) == "b", isDown.isOn { return (400, "{\"message\":\"bad luck\"}") }
            if Self.prompt(body) == "c", isDown.isOn { return nil }
            return Self.answer(body)
        }
        try await with(provider, Self.plain, items: ["a", "b", "c"]) { command, _ in
            let outcome = try await command.run(words)
            #expect(outcome.status == 1)
            let lines = try items(outcome.out)
            #expect(lines[0]["text"] == "said a")
            #expect(lines[1]["error"]?["code"] == "model")
            #expect(lines[1]["error"]?["message"]?.stringValue?.contains("bad luck") == true, "\(lines[1])")
            #expect(
                lines[2]["error"]?["message"]?.stringValue?.contains("job-1: SUCCESS: no result for this request")
                    == true,
                "\(lines[2])")
            isDown.isOn = false
            let again = try await command.run(words + ["--retry-errors"])
            #expect(again.status == 0, "\(again.err)")
            #expect(provider.jobs.map(\.count) == [3, 2])
        }
    }

    @Test func whatAnExpiredJobHasDoneCountsAndTheRestCanBeAskedAgain() async throws {
        let provider = FakeJobProvider(status: { $0 == 1 ? "TIMEOUT_EXCEEDED" : "SUCCESS" }) {
            [first = Stops.Switch(true)] body in
            if Self.prompt(body) == "a" { return Self.answer(body) }
            // The job of the first start came no further.
            defer { first.isOn = false }
            return first.isOn ? nil : Self.answer(body)
        }
        try await with(provider, Self.plain, items: ["a", "b"]) { command, _ in
            let outcome = try await command.run(words)
            #expect(outcome.status == 1, "\(outcome.err)")
            let lines = try items(outcome.out)
            #expect(lines[0]["text"] == "said a")
            #expect(lines[1]["error"]?["message"]?.stringValue?.contains("TIMEOUT_EXCEEDED") == true, "\(lines[1])")
            #expect(lines[1]["error"]?["code"] == "model")
            let again = try await command.run(words + ["--retry-errors"])
            #expect(again.status == 0, "\(again.err)")
            #expect(provider.jobs.map(\.count) == [2, 1])
        }
    }

    @Test(arguments: [
        (
            #"return require("agent").new { model = "openai:x" }"#, [], Int32(3),
            "--batch needs a chat model of the Mistral API"
        ),
        (#"return require("agent").new { model = "local" }"#, [], 3, "--batch needs a chat model of the Mistral API"),
        ("", ["--no-journal"], 2, "--batch needs the journal"),
        ("", ["--timeout", "5"], 2, "--timeout would count"),
    ]) func whatCannotBeAskedByJobsIsRefused(task: String, flags: [String], status: Int32, words said: String)
        async throws
    {
        let provider = FakeJobProvider(answer: Self.answer)
        try await with(provider, task, items: ["a"]) { command, server in
            let outcome = try await command.run(words + flags)
            #expect(outcome.status == status, "\(outcome.err)")
            #expect(outcome.err.contains(said), "\(outcome.err)")
            #expect(server.requests.isEmpty)
        }
    }

    // MARK: - Ends

    @Test(arguments: [(Signal.kill, Int32(-1)), (.interrupt, 130)])
    func aJobThatWasWaitedForIsWaitedForAgain(signal: Signal, status: Int32) async throws {
        let stops = Stops(at: [1, 2])
        let provider = FakeJobProvider(polled: { await stops.pass() }, answer: Self.answer)
        try await with(provider, Self.saving, items: ["1", "2"]) { command, _ in
            let arguments = words + ["--allow-write=saved.txt"]
            // Once while the first round is waited for, and once in the second.
            for _ in 0..<2 {
                #expect(try await command.run(arguments, ending: signal) { await stops.reached() } == status)
                await stops.goOn()
            }
            let outcome = try await command.run(arguments)
            #expect(outcome.status == 0, "\(outcome.err)\(outcome.out)")
            #expect(outcome.err.contains("going on with batch job job-"), "\(outcome.err)")
            #expect(try items(outcome.out).map { $0["text"] } == ["saved 1", "saved 2"])
            #expect(provider.jobs.map(\.count) == [2, 2])
            #expect(try command.folder.read("saved.txt").split(separator: "\n").sorted() == ["1", "2"])
        }
    }

    /// The upload or the job was done, and nobody heard of it.
    @Test(arguments: ["/v1/files", "/v1/batch/jobs"])
    func aLostAnswerIsLookedUpAndNothingIsSentTwice(path: String) async throws {
        let provider = FakeJobProvider(losing: [path], answer: Self.answer)
        try await with(provider, Self.plain, items: ["a", "b"]) { command, _ in
            let first = try await command.run(words)
            #expect(first.status == 8, "\(first.err)")
            #expect(first.err.contains("0 of 2 items are finished and kept"), "\(first.err)")
            let second = try await command.run(words)
            #expect(second.status == 0, "\(second.err)")
            #expect((provider.uploadCount, provider.jobs.count) == (1, 1))
        }
    }

    @Test func anInterruptSaysHowToGoOn() async throws {
        let stops = Stops(at: [1])
        let provider = FakeJobProvider(polled: { await stops.pass() }, answer: Self.answer)
        try await with(provider, Self.plain, items: ["a"]) { command, _ in
            let result = try await Subprocess.run(
                .path(FilePath(Command.path)), arguments: .init(words), environment: command.environment,
                workingDirectory: FilePath(command.folder.path), input: .none, output: .discarded,
                error: .fileDescriptor(
                    try .open(
                        FilePath(command.folder.path + "/err"), .writeOnly, options: .create,
                        permissions: .ownerReadWrite), closeAfterSpawningProcess: true)
            ) { execution in
                await stops.reached()
                try execution.send(signal: .interrupt)
            }
            #expect(Command.code(result.terminationStatus) == 130)
            let said = try command.folder.read("err")
            #expect(said.contains("batch job job-1 goes on without us"), "\(said)")
            #expect(said.contains("0 of 1 items are finished and kept"), "\(said)")
            await stops.goOn()
        }
    }
}
