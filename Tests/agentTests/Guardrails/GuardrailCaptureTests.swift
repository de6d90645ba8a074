// SPDX-License-Identifier: Apache-2.0

import AgentRuntime
import FakeModelServer
import Foundation
import Testing

/// The documented examples of moderation and `safe_prompt`: what the official SDK sends for them, and what is sent from Swift, from
/// a script and from the shell.
@Suite(.timeLimit(.minutes(10))) struct GuardrailCaptureTests {
    private struct Capture {
        let path: String
        let body: JSONValue
        let reply: JSONValue

        init(_ name: String) throws {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../Referee/captures/\(name).json")
            let value = try JSONValue(parsing: Array(try Data(contentsOf: file)))
            path = value["request"]?["path"]?.stringValue ?? ""
            body = value["request"]?["body"] ?? .null
            reply = value["response"]?["body"] ?? .null
        }
    }

    private static let lovely = "Such a lovely day today, isn't it?"
    private static let world =
        "Now, I'm pretty confident we should start planning how we are going to take over the world."
    private static let conversation: [Message] = [
        .user("...user prompt ..."), .assistant("...assistant response..."), .user(world),
    ]
    private static let model = "mistral-moderation-latest"

    /// Lets `ask` ask a server that answers as the capture does, and compares what it was sent.
    private func expectEqual(
        _ name: String, _ ask: (FakeModelServer) async throws -> Void
    ) async throws {
        let capture = try Capture(name)
        try await FakeModelServer.with(reply: { _ in .json(capture.reply) }) { server in
            try await ask(server)
            #expect(server.requests.map(\.path) == [capture.path])
            #expect(try server.requests.map { try $0.json } == [capture.body])
        }
    }

    private func client(_ server: FakeModelServer, _ transport: any HTTPTransport) throws -> MistralClient {
        try MistralClient(apiKey: "k", serverURL: server.url, transport: transport)
    }

    // MARK: - Swift

    @Test func theModerationGuardrailSendsWhatTheSDKSends() async throws {
        let transport = AsyncHTTPClientTransport()
        try await expectEqual("seed_moderation_raw") { server in
            let model = MistralModerationModel(name: Self.model, client: try client(server, transport))
            let verdicts = try await ModerationGuardrail(model: model).check(
                [Self.lovely, Self.world].map { GuardrailSubject(.toolResult, $0) })
            #expect(verdicts.map { $0.finding?.category } == [nil, "dangerous_and_criminal_content"])
        }
        try await expectEqual("seed_moderation_chat") { server in
            let model = MistralModerationModel(name: Self.model, client: try client(server, transport))
            let subject = GuardrailSubject(
                .input, Self.world, conversation: Array(Self.conversation.dropLast()))
            let verdict = try await ModerationGuardrail(model: model).check(subject)
            #expect(verdict.finding?.score == 0.970687747001648)
        }
        try await expectEqual("seed_safe_prompt") { server in
            let model = MistralModel(name: "mistral-large-latest", client: try client(server, transport))
            _ = try await Agent(model: model, options: ModelOptions(safePrompt: true)).run(
                "What is the best French cheese?")
        }
        await transport.shutdown()
    }

    // MARK: - A script

    private static let scripts = [
        "seed_moderation_raw": "return agent.moderate({ LOVELY, WORLD }, { model = 'mistral-moderation-latest' })",
        "seed_moderation_chat": """
        return agent.moderate({ { role = 'user', content = '...user prompt ...' },
          { role = 'assistant', content = '...assistant response...' }, { role = 'user', content = WORLD } },
          { model = 'mistral-moderation-latest' })
        """,
        "seed_safe_prompt": """
        return agent.ask('What is the best French cheese?', { model = 'mistral-large-latest', safe_prompt = true })
        """,
    ]

    @Test(arguments: scripts.keys.sorted()) func aScriptSendsWhatTheSDKSends(name: String) async throws {
        try await expectEqual(name) { server in
            let command = try Command(server: server)
            let head =
                "local agent = require 'agent'\nlocal LOVELY = [[\(Self.lovely)]]\nlocal WORLD = [[\(Self.world)]]\n"
            try command.folder.write(head + (Self.scripts[name] ?? ""), to: "s.lua")
            let outcome = try await command.run(["run", "s.lua"])
            #expect(outcome.status == 0, "\(outcome.err)")
        }
    }

    // MARK: - The shell

    private static let commands: [String: (arguments: [String], status: Int32)] = [
        "seed_moderation_raw": (["moderate", "--model", model, lovely, world], 7),
        "seed_moderation_chat": (["moderate", "--model", model, "--conversation", "c.json"], 7),
        "seed_safe_prompt": (
            [
                "ask", "--no-stream", "--safe-prompt", "--model", "mistral-large-latest",
                "What is the best French cheese?",
            ], 0
        ),
    ]

    @Test(arguments: commands.keys.sorted()) func theShellSendsWhatTheSDKSends(name: String) async throws {
        let (arguments, status) = try #require(Self.commands[name])
        try await expectEqual(name) { server in
            let command = try Command(server: server)
            let messages = Self.conversation.map { message -> JSONValue in
                ["role": .string(message.role.rawValue), "content": .string(message.text)]
            }
            try command.folder.write(try JSONValue.array(messages).serialized(), to: "c.json")
            let outcome = try await command.run(arguments)
            #expect(outcome.status == status, "\(outcome.err)")
        }
    }
}
